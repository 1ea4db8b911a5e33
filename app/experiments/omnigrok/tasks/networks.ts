/** The networks of the tasks, with the initial values that their authors draw. */
import {
  add,
  addBias,
  addPositions,
  attention,
  concat,
  gather,
  matmul,
  relu,
  reshape,
  scale,
  silu,
  sliceColumns,
  tanh,
} from '#app/engine/index.ts';
import type { Tensor } from '#app/engine/index.ts';
import type { RandomStream } from '#app/numerics/random.ts';
import { linearInitials } from '../../initial.ts';
import type { OmnigrokParameters } from '../parameters.ts';
import type { Network, NetworkTensor } from './task.ts';

/** Slope of leaky ReLU below 0. */
export const leakySlope = 0.2;

export const activations: Readonly<Record<OmnigrokParameters['activation'], (x: Tensor) => Tensor>> = {
  tanh,
  relu,
  silu,
  'leaky-relu': (x) => add(scale(x, leakySlope), scale(relu(x), 1 - leakySlope)),
};

/** `count` numbers N(0, deviation²). */
export const normals = (random: RandomStream, count: number, deviation: number): Float64Array =>
  Float64Array.from({ length: count }, () => deviation * random.normal());

interface Layer {
  readonly weight: string;
  readonly bias: string;
  readonly inputs: number;
  readonly outputs: number;
}

/** Layers between widths: `<prefix>.i.weight` (inputs x outputs, the transpose of PyTorch's) and `<prefix>.i.bias`. */
export const layersOf = (prefix: string, widths: readonly number[]): Layer[] =>
  widths.slice(1).map((outputs, i) => ({ weight: `${prefix}.${i}.weight`, bias: `${prefix}.${i}.bias`, inputs: widths[i], outputs }));

/** Weights and bias of a linear layer as PyTorch draws them: one after the other from the same stream. */
function linearTensors({ weight, bias, inputs, outputs }: Layer): NetworkTensor[] {
  let drawn: ReturnType<typeof linearInitials>;
  return [
    { name: weight, shape: [inputs, outputs], draw: (random) => (drawn = linearInitials(random, inputs, outputs)).weight },
    { name: bias, shape: [outputs], draw: () => drawn.bias },
  ];
}

/** Linear layers with an activation between them. */
export function perceptron(widths: readonly number[], activation: OmnigrokParameters['activation'], prefix = 'mlp') {
  const layers = layersOf(prefix, widths);
  return {
    tensors: layers.flatMap(linearTensors),
    apply: (tensor: (name: string) => Tensor, input: Tensor): Tensor =>
      layers.reduce(
        (signal, { weight, bias }, i) => addBias(matmul(i > 0 ? activations[activation](signal) : signal, tensor(weight)), tensor(bias)),
        input,
      ),
  };
}

type Sizes = Pick<OmnigrokParameters, 'hiddenWidths' | 'activation'>;

/** Reads numbers. */
export function perceptronOfNumbers(inputs: number, outputs: number, { hiddenWidths, activation }: Sizes): Network {
  const { tensors, apply } = perceptron([inputs, ...hiddenWidths, outputs], activation);
  return { tensors, apply: (tensor, { numbers }) => apply(tensor, numbers) };
}

/** Two tokens side by side, each with an embedding N(0, 1), before layers. */
export function perceptronOfPairs(
  symbols: number,
  outputs: number,
  { hiddenWidths, activation, embeddingWidth }: Sizes & Pick<OmnigrokParameters, 'embeddingWidth'>,
): Network {
  const { tensors, apply } = perceptron([2 * embeddingWidth, ...hiddenWidths, outputs], activation);
  const shape = [symbols, embeddingWidth];
  return {
    tensors: [{ name: 'embedding', shape, draw: (random) => normals(random, symbols * embeddingWidth, 1) }, ...tensors],
    apply: (tensor, { tokens }) => apply(tensor, concat([0, 1].map((position) => gather(tensor('embedding'), tokens(position))))),
  };
}

/**
 * One block of a transformer as Nanda and Lieberum train it: causal attention over a, b and "=", no layer norms, no biases but those of the
 * feed-forward part, which begin at 0; embeddings of tokens and positions and all matrices N(0, 1/d), the last one N(0, 1/symbols).
 * The answer is read at the last position.
 */
export function transformer(
  symbols: number,
  length: number,
  outputs: number,
  { hiddenWidths: [hidden], embeddingWidth: width, heads, activation }: Sizes & Pick<OmnigrokParameters, 'embeddingWidth' | 'heads'>,
): Network {
  const matrix = (name: string, rows: number, columns: number, deviation = 1 / Math.sqrt(width)): NetworkTensor => ({
    name,
    shape: [rows, columns],
    draw: (random) => normals(random, rows * columns, deviation),
  });
  const zeros = (name: string, size: number): NetworkTensor => ({ name, shape: [size], draw: () => new Float64Array(size) });
  return {
    tensors: [
      matrix('embedding', symbols, width),
      matrix('positions', length, width),
      ...['query', 'key', 'value', 'output'].map((part) => matrix(`attention.${part}`, width, width)),
      matrix('mlp.up', width, hidden),
      zeros('mlp.up.bias', hidden),
      matrix('mlp.down', hidden, width),
      zeros('mlp.down.bias', width),
      matrix('unembedding', width, outputs, 1 / Math.sqrt(outputs)),
    ],
    apply(tensor, { rows, tokens }) {
      const embedded = addPositions(gather(tensor('embedding'), tokens()), tensor('positions'));
      const [query, key, value] = ['query', 'key', 'value'].map((part) => matmul(embedded, tensor(`attention.${part}`)));
      const mixed = matmul(attention(query, key, value, { length, heads, causal: true }), tensor('attention.output'));
      const last = sliceColumns(reshape(add(embedded, mixed), [rows, length * width]), (length - 1) * width, width);
      const inner = activations[activation](addBias(matmul(last, tensor('mlp.up')), tensor('mlp.up.bias')));
      return matmul(add(last, addBias(matmul(inner, tensor('mlp.down')), tensor('mlp.down.bias'))), tensor('unembedding'));
    },
  };
}
