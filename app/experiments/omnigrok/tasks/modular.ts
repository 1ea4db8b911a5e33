/** Sums modulo p of two symbols: read by layers, by a transformer, or from fixed latents (figures 6 and 8). */
import { stream } from '#app/numerics/random.ts';
import { latentPairs, trainingPairs, type OmnigrokParameters } from '../parameters.ts';
import { normals, perceptronOfNumbers, perceptronOfPairs, transformer } from './networks.ts';
import type { Samples, Task } from './task.ts';

/** All numbers below `count` in two parts, each increasing: a random one of `chosen`, and the rest. */
export function splitOf(count: number, chosen: number, seed: number): { readonly train: Uint32Array; readonly test: Uint32Array } {
  const train = stream(seed, 'split').subset(count, chosen);
  const trained = new Set(train);
  return { train, test: Uint32Array.from({ length: count }, (_, i) => i).filter((i) => !trained.has(i)) };
}

/** Ordered pairs (a, b), followed by the further tokens. */
function orderedPairs(parameters: OmnigrokParameters, limit: number, further: readonly number[]): Pick<Task, 'train' | 'test'> {
  const { modulus } = parameters;
  const { train, test } = splitOf(modulus ** 2, trainingPairs(parameters), parameters.dataSeed);
  const samples = (pairs: Uint32Array): Samples => {
    const tokens = Array.from(pairs, (pair) => [Math.floor(pair / modulus), pair % modulus, ...further]);
    const values = Int32Array.from(tokens.flat());
    return {
      rows: pairs.length,
      inputs: { kind: 'tokens', length: 2 + further.length, limit, values },
      labels: Int32Array.from(tokens, ([a, b]) => (a + b) % modulus),
    };
  };
  return { train: samples(train), test: samples(test) };
}

/** Layers behind two embeddings side by side: modular addition at a size for one core. */
export function modularAddition(parameters: OmnigrokParameters): Task {
  const { modulus } = parameters;
  return {
    ...orderedPairs(parameters, modulus, []),
    target: { kind: 'class', classes: modulus },
    objective: 'cross-entropy',
    network: (outputs) => perceptronOfPairs(modulus, outputs, parameters),
  };
}

/** One block over a, b and "=", which is token p and, as in the authors' code, a class that is never right. */
export function modularTransformer(parameters: OmnigrokParameters): Task {
  const symbols = parameters.modulus + 1;
  return {
    ...orderedPairs(parameters, symbols, [parameters.modulus]),
    target: { kind: 'class', classes: symbols },
    objective: 'cross-entropy',
    network: (outputs) => transformer(symbols, 3, outputs, parameters),
  };
}

/** Numbers of a vector that stands for a result. */
const templateWidth = 30;

/**
 * Unordered pairs of symbols that are fixed points in the plane; the network reads their sum. A point is m random + (1 − m) line, with
 * random uniform in (−1, 1)² and line_k = (−1 + 2k/(p − 1), 0.3 uniform in (−1, 1)).
 */
export function latents(parameters: OmnigrokParameters): Task {
  const { modulus, messiness, trainingSamples, teacherSeed, dataSeed } = parameters;
  const random = stream(teacherSeed, 'latents');
  const uniform = (): number => 2 * random.uniform() - 1;
  const points = Array.from({ length: modulus }, (_, k) => {
    const line = [-1 + (2 * k) / (modulus - 1), 0.3 * uniform()];
    return line.map((value) => messiness * uniform() + (1 - messiness) * value);
  });
  const pairs = points.flatMap((_, i) => points.slice(i).map((_, further) => [i, i + further] as const));
  const { train, test } = splitOf(latentPairs(modulus), trainingSamples, dataSeed);
  const samples = (chosen: Uint32Array): Samples => ({
    rows: chosen.length,
    inputs: {
      kind: 'numbers',
      width: 2,
      values: Float64Array.from(
        Array.from(chosen, (pair) => pairs[pair]).flatMap(([i, j]) => [0, 1].map((axis) => points[i][axis] + points[j][axis])),
      ),
    },
    labels: Int32Array.from(chosen, (pair) => (pairs[pair][0] + pairs[pair][1]) % modulus),
  });
  const templates = normals(stream(teacherSeed, 'templates'), modulus * templateWidth, 1);
  return {
    train: samples(train),
    test: samples(test),
    target: { kind: 'class', classes: modulus, templates: { width: templateWidth, values: templates } },
    objective: 'mse',
    network: (outputs) => perceptronOfNumbers(2, outputs, parameters),
  };
}
