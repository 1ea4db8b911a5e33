/** What reads a representation: layers of tanh, or transformer blocks. */
import { add, addBias, batchedMatmul, concat, gather, matmul, reshape, tanh, TransformerBlock } from '#app/engine/index.ts';
import type { Graph, Indices, Tensor } from '#app/engine/index.ts';
import { stream, type RandomStream } from '#app/numerics/random.ts';
import { linearInitials } from '../initial.ts';
import type { EffectiveTheoryParameters } from './parameters.ts';
import { structureOf } from './samples.ts';
import { matrixSide, widthOf } from './tasks.ts';

/** Numbers of a target vector in regression. */
export const targetWidth = 30;

/** Columns of the decoder's output: those of a target, or one for each result. */
export const outputWidthOf = (parameters: EffectiveTheoryParameters): number =>
  parameters.objective === 'regression' ? targetWidth : structureOf(parameters).classes;

/** From the embedding and the rows of two symbols of each sample to the decoder's output, samples x outputs. */
export type Decoder = (embedding: Tensor, first: Indices, second: Indices) => Tensor;

/** Layer i of tanh: `decoder.i.weight` (inputs x outputs, the transpose of PyTorch's) and `decoder.i.bias`. */
function layersOf(parameters: EffectiveTheoryParameters) {
  const widths = [widthOf(parameters), ...parameters.hiddenWidths, outputWidthOf(parameters)];
  return widths.slice(1).map((outputs, i) => ({ name: `decoder.${i}`, inputs: widths[i], outputs }));
}

const blockNames = ({ hiddenWidths }: EffectiveTheoryParameters): string[] => hiddenWidths.map((_, i) => `decoder.${i}`);

/** The last layer of a transformer, which reads both positions side by side. */
const readout = 'decoder.readout';

/** Declares the decoder's parameters in the graph. */
export function decoderOf(graph: Graph, parameters: EffectiveTheoryParameters): Decoder {
  return parameters.decoder === 'transformer' ? transformer(graph, parameters) : perceptron(graph, parameters);
}

function linear(graph: Graph, name: string, inputs: number, outputs: number): (x: Tensor) => Tensor {
  const weight = graph.parameter(`${name}.weight`, [inputs, outputs]);
  const bias = graph.parameter(`${name}.bias`, [outputs]);
  return (x) => addBias(matmul(x, weight), bias);
}

/** Dec(E_i + E_j), or Dec(A_i A_j) of matrices. */
function perceptron(graph: Graph, parameters: EffectiveTheoryParameters): Decoder {
  const layers = layersOf(parameters).map(({ name, inputs, outputs }) => linear(graph, name, inputs, outputs));
  const join = parameters.task === 'permutations' ? matrixProducts : add;
  return (embedding, first, second) =>
    layers.reduce((signal, layer, i) => layer(i > 0 ? tanh(signal) : signal), join(gather(embedding, first), gather(embedding, second)));
}

/** Products of square matrices, each a row. */
function matrixProducts(a: Tensor, b: Tensor): Tensor {
  const matrices = (rows: Tensor): Tensor => reshape(rows, [rows.shape[0], matrixSide, matrixSide]);
  return reshape(batchedMatmul(matrices(a), matrices(b)), a.shape);
}

/** Pre-norm blocks with one head over the two embeddings, then one linear layer from both positions, which also tells them apart. */
function transformer(graph: Graph, parameters: EffectiveTheoryParameters): Decoder {
  const { embeddingWidth: width, hiddenWidths } = parameters;
  const blocks = blockNames(parameters).map(
    (name, i) => new TransformerBlock(graph, name, { width, hidden: hiddenWidths[i], heads: 1, length: 2 }),
  );
  const last = linear(graph, readout, 2 * width, outputWidthOf(parameters));
  return (embedding, first, second) => {
    const both = reshape(concat([gather(embedding, first), gather(embedding, second)]), [2 * first.count, width]);
    return last(
      reshape(
        blocks.reduce((signal, block) => block.apply(signal), both),
        [first.count, 2 * width],
      ),
    );
  };
}

/** Initial values of the decoder as PyTorch draws them, times `decoderScale`; gains of norms stay 1. */
export function decoderInitials(parameters: EffectiveTheoryParameters): Record<string, Float64Array> {
  const random = stream(parameters.decoderSeed, 'decoder');
  return parameters.decoder === 'transformer' ? transformerInitials(parameters, random) : perceptronInitials(parameters, random);
}

function perceptronInitials(parameters: EffectiveTheoryParameters, random: RandomStream): Record<string, Float64Array> {
  return Object.assign(
    {},
    ...layersOf(parameters).map(({ name, inputs, outputs }) => {
      const { weight, bias } = linearInitials(random, inputs, outputs, parameters.decoderScale);
      return { [`${name}.weight`]: weight, [`${name}.bias`]: bias };
    }),
  ) as Record<string, Float64Array>;
}

/** torch.nn.TransformerEncoderLayer: attention's three inputs Xavier-uniform as one matrix and without bias, all else as linear layers. */
function transformerInitials(parameters: EffectiveTheoryParameters, random: RandomStream): Record<string, Float64Array> {
  const { embeddingWidth: width, hiddenWidths, decoderScale: scale } = parameters;
  const values: Record<string, Float64Array> = {};
  const bound = scale * Math.sqrt(6 / (4 * width));
  blockNames(parameters).forEach((block, i) => {
    for (const part of ['query', 'key', 'value']) {
      values[`${block}.${part}`] = Float64Array.from({ length: width * width }, () => bound * (2 * random.uniform() - 1));
      values[`${block}.${part}.bias`] = new Float64Array(width);
    }
    values[`${block}.output`] = linearInitials(random, width, width, scale).weight;
    values[`${block}.output.bias`] = new Float64Array(width);
    for (const [part, inputs, outputs] of [
      ['up', width, hiddenWidths[i]],
      ['down', hiddenWidths[i], width],
    ] as const) {
      const { weight, bias } = linearInitials(random, inputs, outputs, scale);
      values[`${block}.${part}`] = weight;
      values[`${block}.${part}.bias`] = bias;
    }
    for (const norm of ['norm1', 'norm2']) {
      values[`${block}.${norm}.gain`] = new Float64Array(width).fill(1);
      values[`${block}.${norm}.shift`] = new Float64Array(width);
    }
  });
  const { weight, bias } = linearInitials(random, 2 * width, outputWidthOf(parameters), scale);
  return { ...values, [`${readout}.weight`]: weight, [`${readout}.bias`]: bias };
}
