/**
 * W2: the toy model of "Towards Understanding Grokking" (Liu et al., NeurIPS 2022), regression: symbols on a line, a decoder of two
 * tanh layers, one random target vector a sum, two AdamW groups, full batch. Once lean, once with all that the authors' script measures
 * at every step.
 */
import {
  adamw,
  add,
  compile,
  fractionBelow,
  gather,
  Graph,
  matmul,
  multiply,
  nearestAccuracy,
  scale,
  squaredError,
  standardizeColumns,
  subtract,
  tanh,
} from '#app/engine/index.ts';
import type { Program, RealArray, Session, Tensor } from '#app/engine/index.ts';
import { stream } from '#app/numerics/random.ts';
import { initialPrefix, real, whole, wholeNumbers, type Shared } from '../shared.ts';
import { layerInitials, layerStack } from './layers.ts';
import type { Workload } from './workload.ts';

const symbols = 10;
const dimensions = 1;
const hidden = 200;
const outputs = 30;
const trainingPairs = 45;
const sums = 2 * symbols - 1;
const widths = [dimensions, hidden, hidden, outputs];
const settings = { symbols, dimensions, layers: 3, embeddingRate: 1e-3, decoderRate: 1e-4, closeness: 0.01 };

/** All pairs i <= j, by sum; and all parallelograms: two different pairs of one sum, as rows i, j, m, n. */
function structure(): { pairs: number[][]; parallelograms: number[][] } {
  const pairs = Array.from({ length: symbols }, (_, i) => Array.from({ length: symbols - i }, (_, k) => [i, i + k])).flat();
  const parallelograms = pairs.flatMap((pair, at) =>
    pairs.slice(at + 1).flatMap((other) => (pair[0] + pair[1] === other[0] + other[1] ? [[...pair, ...other]] : [])),
  );
  return { pairs, parallelograms };
}

function shared(): Shared {
  const { pairs, parallelograms } = structure();
  const chosen = new Set(stream(0, 'split').subset(pairs.length, trainingPairs));
  const sides = { train: pairs.filter((_, index) => chosen.has(index)), test: pairs.filter((_, index) => !chosen.has(index)) };
  const column = (rows: number[][], index: number) => whole(rows.map((row) => row[index]));
  const random = stream(0, 'network');
  const arrays: Record<string, Shared['arrays'][string]> = {
    targets: real('f32', normals(sums * outputs), [sums, outputs]),
    parallelograms: whole(parallelograms.flat(), [parallelograms.length, 4]),
    [`${initialPrefix}embedding`]: real(
      'f32',
      Float64Array.from({ length: symbols * dimensions }, () => random.uniform() - 0.5),
      [symbols, dimensions],
    ),
  };
  for (const [name, rows] of Object.entries(sides)) {
    arrays[`${name}/first`] = column(rows, 0);
    arrays[`${name}/second`] = column(rows, 1);
  }
  Object.assign(arrays, layerInitials('f32', random, widths));
  return { workload: 'w2-f32', precision: 'f32', settings, arrays };
}

function normals(length: number): Float64Array {
  const random = stream(0, 'targets');
  return Float64Array.from({ length }, () => random.normal());
}

function program(from: Shared, measured: boolean): Program {
  const graph = new Graph();
  const embedding = graph.parameter('embedding', [symbols, dimensions], { group: 'embedding' });
  const network = layerStack(graph, widths, tanh);
  const targets = graph.constant(Float64Array.from(from.arrays.targets.values), [sums, outputs]);
  const side = (name: string): { loss: Tensor; accuracy: () => Tensor } => {
    const [first, second] = ['first', 'second'].map((part) => wholeNumbers(from, `${name}/${part}`));
    const signal = network(add(gather(embedding, graph.indices(first, symbols)), gather(embedding, graph.indices(second, symbols))));
    const labels = graph.indices(
      first.map((symbol, row) => symbol + second[row]),
      sums,
    );
    return { loss: squaredError(signal, gather(targets, labels)), accuracy: () => nearestAccuracy(signal, targets, labels) };
  };
  const train = side('train');
  const measures = (): Record<string, Tensor> => {
    const test = side('test');
    return {
      trainAccuracy: train.accuracy(),
      testLoss: test.loss,
      testAccuracy: test.accuracy(),
      quality: quality(graph, embedding, from),
    };
  };
  return compile({
    graph,
    precision: 'f32',
    loss: train.loss,
    trainOutputs: { loss: train.loss, ...(measured ? measures() : {}) },
    optimizer: adamw({
      learningRate: settings.decoderRate,
      weightDecay: 0,
      groups: { embedding: { learningRate: settings.embeddingRate, weightDecay: 0 } },
    }),
  });
}

/** Representation quality index: share of parallelograms that close, mean over dimensions of (E_i + E_j - E_m - E_n)^2 < 0.01 on standardised E. */
function quality(graph: Graph, embedding: Tensor, from: Shared): Tensor {
  const rows = wholeNumbers(from, 'parallelograms');
  const standardized = standardizeColumns(embedding);
  const corner = (index: number) =>
    gather(
      standardized,
      graph.indices(
        rows.filter((_, at) => at % 4 === index),
        symbols,
      ),
    );
  const gap = subtract(add(corner(0), corner(1)), add(corner(2), corner(3)));
  const squares = multiply(gap, gap);
  const mean =
    dimensions === 1
      ? squares
      : scale(matmul(squares, graph.constant(new Float64Array(dimensions).fill(1), [dimensions, 1])), 1 / dimensions);
  return fractionBelow(mean, settings.closeness);
}

/** The authors' script keeps a copy of the embedding of every step. */
const history: RealArray[] = [];

function measuredStep(session: Session): Record<string, number> {
  session.run(1);
  history.push(session.read('embedding'));
  if (history.length >= 5000) history.length = 0;
  return session.trainOutputs();
}

export const additionWorkload: Workload = {
  id: 'w2-f32',
  group: 'w2',
  title: 'Effective-theory toy, f32',
  precision: 'f32',
  shared,
  ours: [
    { id: 'lean', label: 'training only', program: (from) => program(from, false) },
    { id: 'measured', label: 'all measures at every step', program: (from) => program(from, true), step: measuredStep },
  ],
  peers: [
    { library: 'torch', form: 'authors', label: "the authors' loop" },
    { library: 'torch', form: 'plain', label: "the authors' modules, training only" },
    { library: 'torch', form: 'lean', label: 'lean: no modules, a fused optimiser where there is one' },
    { library: 'torch', form: 'compiled', label: 'lean, torch.compile' },
    { library: 'torch', form: 'replicas16', label: '16 runs in one baddbmm' },
    { library: 'torch', form: 'replicas64', label: '64 runs in one baddbmm' },
    { library: 'numpy', form: 'lean', label: 'lean' },
  ],
  noise: 'lean',
  comparisons: [
    {
      id: 'authors',
      label: "the authors' loop, all measures at every step",
      ours: 'measured',
      library: 'torch',
      forms: ['authors'],
      target: { least: 5.5, aim: 7 },
    },
    {
      id: 'lean',
      label: 'training only, its fastest form',
      ours: 'lean',
      library: 'torch',
      forms: ['plain', 'lean', 'compiled'],
      target: { least: 2.5, aim: 3.3 },
    },
    { id: 'plain', label: "training only, the authors' modules", ours: 'lean', library: 'torch', forms: ['plain'] },
    { id: 'replicas', label: 'many runs in one call', ours: 'lean', library: 'torch', forms: ['replicas16', 'replicas64'] },
    { id: 'numpy', label: 'NumPy', ours: 'lean', library: 'numpy', forms: ['lean'] },
  ],
};
