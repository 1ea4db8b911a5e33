/**
 * The models of the paper: a trainable embedding of symbols, and a decoder that learns from it what an operation makes of two symbols.
 * Embedding and decoder have an AdamW of their own (section 3; appendix H for permutations).
 */
import {
  accuracy,
  adamw,
  add,
  compile,
  gather,
  Graph,
  meanAbsolute,
  nearestAccuracy,
  scale,
  softmaxCrossEntropy,
  squaredError,
} from '#app/engine/index.ts';
import type { Indices, Program, Tensor } from '#app/engine/index.ts';
import { stream } from '#app/numerics/random.ts';
import { decoderInitials, decoderOf, targetWidth } from './decoders.ts';
import type { EffectiveTheoryParameters } from './parameters.ts';
import { structureOf } from './samples.ts';
import { batchesOf, splitOf, widthOf, type Samples } from './tasks.ts';

/** Weight of the mean magnitude of the matrices in the loss of permutations. */
const matrixPenalty = 1e-3;

/** Losses and accuracies over all training and all test pairs, of the training step and of the evaluation `now`. */
export const outputNames = ['trainLoss', 'trainAccuracy', 'testLoss', 'testAccuracy'] as const;

/** The network as a program: one training step measures losses and accuracies before its update. */
export function effectiveTheoryProgram(parameters: EffectiveTheoryParameters): Program {
  const { task, precision, embeddingRate, embeddingDecay, decoderRate, decoderDecay } = parameters;
  const structure = structureOf(parameters);
  const graph = new Graph();
  const embedding = graph.parameter('embedding', [structure.symbols, widthOf(parameters)], { group: 'embedding' });
  const decoder = decoderOf(graph, parameters);
  const { lossOf, accuracyOf } = objectiveOf(graph, parameters);

  const side = (samples: Samples, list: (values: Int32Array, limit: number) => Indices): { loss: Tensor; accuracy: () => Tensor } => {
    const labels = list(samples.label, structure.classes);
    const signal = decoder(embedding, list(samples.first, structure.symbols), list(samples.second, structure.symbols));
    return { loss: lossOf(signal, labels), accuracy: () => accuracyOf(signal, labels) };
  };
  const { train, test } = splitOf(parameters);
  const whole = (values: Int32Array, limit: number): Indices => graph.indices(values, limit);
  const [onTrain, onTest] = [side(train, whole), side(test, whole)];
  const batches = batchesOf(parameters);
  const fitted = batches
    ? side(train, (values, limit) =>
        graph.batches(
          batches.lists.map((sample) => values[sample]),
          batches.size,
          limit,
        ),
      ).loss
    : onTrain.loss;
  const outputs: Record<(typeof outputNames)[number], Tensor> = {
    trainLoss: onTrain.loss,
    trainAccuracy: onTrain.accuracy(),
    testLoss: onTest.loss,
    testAccuracy: onTest.accuracy(),
  };
  return compile({
    graph,
    precision,
    loss: task === 'permutations' ? add(fitted, scale(meanAbsolute(embedding), matrixPenalty)) : fitted,
    trainOutputs: outputs,
    evaluations: { now: outputs },
    optimizer: adamw({
      learningRate: decoderRate,
      weightDecay: decoderDecay,
      groups: { embedding: { learningRate: embeddingRate, weightDecay: embeddingDecay } },
    }),
  });
}

function objectiveOf(graph: Graph, parameters: EffectiveTheoryParameters) {
  if (parameters.objective === 'classification') return { lossOf: softmaxCrossEntropy, accuracyOf: accuracy };
  const targets = graph.constant(targetsOf(parameters), [structureOf(parameters).classes, targetWidth]);
  return {
    lossOf: (signal: Tensor, labels: Indices) => squaredError(signal, gather(targets, labels)),
    accuracyOf: (signal: Tensor, labels: Indices) => nearestAccuracy(signal, targets, labels),
  };
}

/** A random vector N(0, I) for each result, results x 30. */
export function targetsOf(parameters: EffectiveTheoryParameters): Float64Array {
  const random = stream(parameters.targetSeed, 'targets');
  return Float64Array.from({ length: structureOf(parameters).classes * targetWidth }, () => random.normal());
}

/**
 * Initial values, embedding and decoder each from the stream of its own seed: the embedding U(-1/2, 1/2), before a transformer N(0, 1),
 * times its scale.
 */
export function initialValues(parameters: EffectiveTheoryParameters): Record<string, Float64Array> {
  const { embeddingSeed, embeddingScale, decoder } = parameters;
  const random = stream(embeddingSeed, 'embedding');
  const length = structureOf(parameters).symbols * widthOf(parameters);
  const draw = decoder === 'transformer' ? () => random.normal() : () => random.uniform() - 0.5;
  return { embedding: Float64Array.from({ length }, () => embeddingScale * draw()), ...decoderInitials(parameters) };
}
