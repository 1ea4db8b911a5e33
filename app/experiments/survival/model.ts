/**
 * The network of the paper (section 2): one embedding for both tokens, concatenated, then a multilayer perceptron.
 * Full batch, mean cross-entropy, AdamW.
 */
import {
  accuracy,
  adamw,
  addBias,
  compile,
  concat,
  gather,
  gelu,
  Graph,
  matmul,
  norm,
  relu,
  silu,
  softmaxCrossEntropy,
  tanh,
} from '#app/engine/index.ts';
import type { Program, Tensor } from '#app/engine/index.ts';
import { stream } from '#app/numerics/random.ts';
import { linearInitials } from '../initial.ts';
import { initialEmbedding } from './circles.ts';
import { interventionOf, trainingPairs } from './parameters.ts';
import type { SurvivalParameters } from './parameters.ts';

const activations = { silu, relu, tanh, gelu };

/** Pairs (a, b) with the label (a + b) mod p, in the order a p + b. */
export interface Pairs {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly label: Int32Array;
}

/** The pairs with the given numbers a p + b. */
export function pairsOf(modulus: number, numbers: ArrayLike<number>): Pairs {
  const first = Int32Array.from(numbers, (number) => Math.floor(number / modulus));
  const second = Int32Array.from(numbers, (number) => number % modulus);
  return { first, second, label: first.map((a, i) => (a + second[i]) % modulus) };
}

/** All p² pairs, and the random split of them into training and test pairs, each in increasing order. */
export function splitPairs(parameters: SurvivalParameters): { readonly train: Pairs; readonly test: Pairs; readonly all: Pairs } {
  const { modulus, splitSeed } = parameters;
  const everything = Array.from({ length: modulus ** 2 }, (_, number) => number);
  const chosen = stream(splitSeed, 'split').subset(modulus ** 2, trainingPairs(parameters));
  const isTraining = new Set(chosen);
  return {
    train: pairsOf(modulus, chosen),
    test: pairsOf(
      modulus,
      everything.filter((number) => !isTraining.has(number)),
    ),
    all: pairsOf(modulus, everything),
  };
}

/** Layer i: `mlp.i.weight` (inputs x outputs, the transpose of PyTorch's) and `mlp.i.bias` (outputs). */
export interface Layer {
  readonly weight: string;
  readonly bias: string;
  readonly inputs: number;
  readonly outputs: number;
}

/** Layers from the concatenated embeddings (2 d) to the logits (p). */
export function layersOf({ modulus, embeddingWidth, hiddenWidths }: SurvivalParameters): Layer[] {
  const widths = [2 * embeddingWidth, ...hiddenWidths, modulus];
  return widths.slice(1).map((outputs, i) => ({ weight: `mlp.${i}.weight`, bias: `mlp.${i}.bias`, inputs: widths[i], outputs }));
}

/**
 * The training program. Parameters: `embedding` (p x d) and those of `layersOf`.
 * Training gives `loss`, `accuracy`, `norm` (of all parameters); evaluations `train` (the same), `test` and `all` (loss, accuracy).
 */
export function survivalProgram(parameters: SurvivalParameters): Program {
  const { modulus, embeddingWidth, activation, learningRate, weightDecay, precision, freezeEmbedding } = parameters;
  const graph = new Graph();
  const embedding = graph.parameter('embedding', [modulus, embeddingWidth], { trainable: !freezeEmbedding });
  const layers = layersOf(parameters).map(({ weight, bias, inputs, outputs }) => ({
    weight: graph.parameter(weight, [inputs, outputs]),
    bias: graph.parameter(bias, [outputs]),
  }));

  const outcome = ({ first, second, label }: Pairs): { loss: Tensor; accuracy: Tensor } => {
    let signal = concat([gather(embedding, graph.indices(first, modulus)), gather(embedding, graph.indices(second, modulus))]);
    layers.forEach(({ weight, bias }, i) => {
      signal = addBias(matmul(i > 0 ? activations[activation](signal) : signal, weight), bias);
    });
    const labels = graph.indices(label, modulus);
    return { loss: softmaxCrossEntropy(signal, labels), accuracy: accuracy(signal, labels) };
  };

  const pairs = splitPairs(parameters);
  const train = { ...outcome(pairs.train), norm: norm(graph.parameters) };
  return compile({
    graph,
    precision,
    loss: train.loss,
    trainOutputs: train,
    evaluations: { train, test: outcome(pairs.test), all: outcome(pairs.all) },
    optimizer: adamw({ learningRate, weightDecay }),
  });
}

/**
 * Initial values: embedding N(0, 1) after the intervention; weights and biases U(-1/sqrt(inputs), 1/sqrt(inputs)), PyTorch's default.
 * Each from the stream of its own seed, so that one can be kept while another changes.
 */
export function initialValues(parameters: SurvivalParameters): Record<string, Float64Array> {
  const { modulus, embeddingWidth, embeddingSeed, mlpSeed } = parameters;
  const random = stream(mlpSeed, 'mlp');
  const values: Record<string, Float64Array> = {
    embedding: initialEmbedding(modulus, embeddingWidth, stream(embeddingSeed, 'embedding'), interventionOf(parameters)),
  };
  for (const { weight, bias, inputs, outputs } of layersOf(parameters)) {
    const initial = linearInitials(random, inputs, outputs);
    values[weight] = initial.weight;
    values[bias] = initial.bias;
  }
  return values;
}
