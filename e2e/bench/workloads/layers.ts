/** Linear layers of the workloads: `<layer>.weight` [inputs, outputs] and `<layer>.bias` [outputs], numbered from 0. */
import { addBias, matmul, type Graph, type Precision, type Tensor } from '#app/engine/index.ts';
import type { RandomStream } from '#app/numerics/random.ts';
import { initialPrefix, real, type SharedArray } from '../shared.ts';

/** PyTorch's default for a linear layer's weights and biases alike: uniform within 1 / sqrt(inputs). */
export function linearInitial(precision: Precision, random: RandomStream, inputs: number, shape: readonly number[]): SharedArray {
  const length = shape.reduce((product, size) => product * size, 1);
  const bound = 1 / Math.sqrt(inputs);
  return real(
    precision,
    Float64Array.from({ length }, () => bound * (2 * random.uniform() - 1)),
    shape,
  );
}

/** Initial values of layers from each width to the next, drawn in order, by their names in a shared file. */
export function layerInitials(precision: Precision, random: RandomStream, widths: readonly number[]): Record<string, SharedArray> {
  const arrays: Record<string, SharedArray> = {};
  widths.slice(1).forEach((width, layer) => {
    const inputs = widths[layer];
    arrays[`${initialPrefix}${layer}.weight`] = linearInitial(precision, random, inputs, [inputs, width]);
    arrays[`${initialPrefix}${layer}.bias`] = linearInitial(precision, random, inputs, [width]);
  });
  return arrays;
}

/** Declares those layers; the function applies them to [n, widths[0]], with the activation between them. */
export function layerStack(graph: Graph, widths: readonly number[], activation: (x: Tensor) => Tensor): (x: Tensor) => Tensor {
  const layers = widths.slice(1).map((width, layer) => ({
    weight: graph.parameter(`${layer}.weight`, [widths[layer], width]),
    bias: graph.parameter(`${layer}.bias`, [width]),
  }));
  return (x) =>
    layers.reduce((signal, { weight, bias }, layer) => addBias(matmul(layer > 0 ? activation(signal) : signal, weight), bias), x);
}
