import { z } from 'zod';
import { choice, greatestSeed, layerWidths, positiveNumber, realNumber, seed, wholeNumber } from '../fields.ts';
import { field } from '../parameters.ts';
import { sampleCountOf } from './samples.ts';

const rate = (what: string) => positiveNumber(10, `the learning rate of the ${what}`);
const decay = (what: string) => realNumber(0, 1000, `the weight decay of the ${what}`);

const numbersOnly = { field: 'task', is: ['addition', 'modular'] } as const;

/** Everything that can be chosen in a run; every default is that of the paper's toy model of addition, regression. */
export const effectiveTheoryParameters = z
  .object({
    task: field(choice(['addition', 'modular', 'permutations'], 'the task').default('addition'), {
      label: 'Task',
      help: 'What is done with two symbols. Pairs whose order does not matter are one sample, except before a transformer.',
      group: 'Task',
      choices: {
        addition: 'Addition, i + j',
        modular: 'Modular addition, (i + j) mod p',
        permutations: 'Composition of the six permutations of three (S₃)',
      },
      paper: 'addition',
    }),
    symbols: field(wholeNumber(3, 100, 'the number of symbols').default(10), {
      label: 'Symbols',
      symbol: 'p',
      help: 'The symbols stand for 0 to p − 1; addition has p(p + 1)/2 samples.',
      group: 'Task',
      minimum: 3,
      maximum: 100,
      step: 1,
      paper: 10,
      appliesWhen: numbersOnly,
    }),
    objective: field(choice(['regression', 'classification'], 'the objective').default('regression'), {
      label: 'Objective',
      help: 'Regression onto a random vector of 30 numbers for each result (mean squared error, the nearest vector is the answer), or softmax cross-entropy over the results.',
      group: 'Task',
      choices: { regression: 'Regression', classification: 'Classification' },
      paper: 'regression',
    }),
    trainingPairs: field(wholeNumber(1, 9_999, 'the number of training pairs').default(45), {
      label: 'Training pairs',
      symbol: 'n',
      help: 'Samples that are trained on, drawn at random; the others test generalisation.',
      group: 'Task',
      minimum: 1,
      maximum: 9_999,
      step: 1,
      paper: 45,
    }),
    embeddingWidth: field(wholeNumber(1, 512, 'the embedding width').default(1), {
      label: 'Embedding width',
      symbol: 'd',
      help: 'Numbers that stand for one symbol. Of permutations it is always a 3 × 3 matrix.',
      group: 'Network',
      scale: 'log',
      minimum: 1,
      maximum: 512,
      step: 1,
      paper: 1,
      appliesWhen: numbersOnly,
    }),
    decoder: field(choice(['mlp', 'transformer'], 'the decoder').default('mlp'), {
      label: 'Decoder',
      help: 'What reads the representation: tanh layers behind the sum of two embeddings (the matrix product, of permutations), or transformer blocks over the two embeddings in their order.',
      group: 'Network',
      choices: { mlp: 'Layers of tanh', transformer: 'Transformer' },
      paper: 'mlp',
    }),
    hiddenWidths: field(layerWidths().default([200, 200]), {
      label: 'Hidden widths',
      symbol: 'h',
      help: 'Neurons of every hidden layer; of a transformer, of the feed-forward part of every block. Much less than 200 and comprehension disappears.',
      group: 'Network',
      minimum: 1,
      maximum: 1024,
      step: 1,
      paper: [200, 200],
    }),
    embeddingScale: field(positiveNumber(100, 'the initial scale of the embedding').default(1), {
      label: 'Embedding scale',
      help: 'Factor of the initial embedding, which is uniform in (−½, ½); before a transformer it is normal.',
      group: 'Network',
      scale: 'log',
      minimum: 0.001,
      maximum: 100,
      paper: 1,
    }),
    decoderScale: field(positiveNumber(100, 'the initial scale of the decoder').default(1), {
      label: 'Decoder scale',
      help: "Factor of the decoder's initial weights and biases, which are PyTorch's.",
      group: 'Network',
      scale: 'log',
      minimum: 0.001,
      maximum: 100,
      paper: 1,
    }),
    precision: field(choice(['f32', 'f64'], 'the precision').default('f32'), {
      label: 'Precision',
      help: 'Width of the floating-point numbers that train. The quality of the representation is always computed in 64 bits.',
      group: 'Network',
      choices: { f32: '32 bit', f64: '64 bit' },
      paper: 'f32',
    }),
    embeddingRate: field(rate('embedding').default(1e-3), {
      label: 'Embedding rate',
      symbol: '\\eta_\\text{repr}',
      help: 'Learning rate of the embedding, which has an AdamW of its own (β = 0.9, 0.999; ε = 1e-8).',
      group: 'Training',
      scale: 'log',
      minimum: 1e-6,
      maximum: 10,
      paper: 1e-3,
    }),
    decoderRate: field(rate('decoder').default(1e-4), {
      label: 'Decoder rate',
      symbol: '\\eta_\\text{dec}',
      help: 'Learning rate of the decoder: the faster it is, the sooner it memorises.',
      group: 'Training',
      scale: 'log',
      minimum: 1e-6,
      maximum: 10,
      paper: 1e-4,
    }),
    embeddingDecay: field(decay('embedding').default(0), {
      label: 'Embedding decay',
      symbol: '\\lambda_\\text{repr}',
      help: 'Decoupled weight decay: in each step the embedding shrinks by the factor 1 − ηλ.',
      group: 'Training',
      minimum: 0,
      maximum: 1000,
      step: 0.1,
      paper: 0,
    }),
    decoderDecay: field(decay('decoder').default(0), {
      label: 'Decoder decay',
      symbol: '\\lambda_\\text{dec}',
      help: 'Decoupled weight decay of every weight and bias of the decoder.',
      group: 'Training',
      minimum: 0,
      maximum: 1000,
      step: 0.1,
      paper: 0,
    }),
    batchSize: field(wholeNumber(1, 9_999, 'the batch size').default(45), {
      label: 'Batch size',
      help: 'Training pairs drawn anew for each step, none twice; all of them if there are no more.',
      group: 'Training',
      minimum: 1,
      maximum: 9_999,
      step: 1,
      paper: 45,
    }),
    steps: field(wholeNumber(1, 1_000_000, 'the number of steps').default(5000), {
      label: 'Steps',
      symbol: 'T',
      help: 'Optimiser steps. A threshold that is not reached within them counts as not reached.',
      group: 'Training',
      scale: 'log',
      minimum: 1,
      maximum: 1_000_000,
      step: 1,
      paper: 5000,
    }),
    accuracyThreshold: field(positiveNumber(1, 'the accuracy threshold').default(0.9), {
      label: 'Accuracy threshold',
      help: 'Accuracy on training pairs from which a network fits them, and on test pairs from which it generalises.',
      group: 'Thresholds',
      minimum: 0.01,
      maximum: 1,
      step: 0.01,
      paper: 0.9,
    }),
    phaseGap: field(wholeNumber(1, 1_000_000, 'the gap of grokking').default(1000), {
      label: 'Gap of grokking',
      symbol: '\\Delta',
      help: 'A network that generalises at least so many steps after it fits groks; sooner, it comprehends.',
      group: 'Thresholds',
      scale: 'log',
      minimum: 1,
      maximum: 1_000_000,
      step: 1,
      paper: 1000,
    }),
    linearThreshold: field(realNumber(0, 1, 'the threshold of linearity').default(0.95), {
      label: 'Threshold of linearity',
      help: 'A representation quality above it counts as linear.',
      group: 'Thresholds',
      minimum: 0,
      maximum: 1,
      step: 0.01,
      paper: 0.95,
    }),
    closeness: field(positiveNumber(100, 'the closeness').default(0.01), {
      label: 'Closeness',
      symbol: '\\delta',
      help: 'Mean squared gap below which a parallelogram of the normalised representation is closed; 0.5 in the paper for permutations.',
      group: 'Thresholds',
      scale: 'log',
      minimum: 1e-6,
      maximum: 100,
      paper: 0.01,
    }),
    ...seeds({
      embeddingSeed: ['Embedding seed', 'embedding', 'Draws the initial embedding.'],
      decoderSeed: ['Decoder seed', 'decoder', "Draws the decoder's initial weights and biases."],
      targetSeed: ['Target seed', 'targets', 'Draws the vectors that stand for the results in regression.'],
      splitSeed: ['Split seed', 'split', 'Draws which pairs are trained on.'],
      batchSeed: ['Batch seed', 'batches', 'Draws the pairs of each step where not all of them are used.'],
    }),
  })
  .superRefine((parameters, context) => {
    const report = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message });
    const { task, decoder, trainingPairs } = parameters;
    if (decoder === 'transformer' && task === 'permutations')
      return report('decoder', 'permutations are multiplied as matrices and then read by layers of tanh (decoder = "mlp")');
    const samples = sampleCountOf(parameters);
    if (trainingPairs >= samples)
      report('trainingPairs', `the task has ${samples} pairs, of which at least one must be left to test: at most ${samples - 1}`);
  });

type SeedName = `${'embedding' | 'decoder' | 'target' | 'split' | 'batch'}Seed`;

function seeds(of: Record<SeedName, readonly [label: string, purpose: string, help: string]>) {
  const made = Object.entries(of).map(([name, [label, purpose, help]]) => [
    name,
    field(seed(purpose).default(0), { label, help, group: 'Seeds', minimum: 0, maximum: greatestSeed, step: 1 }),
  ]);
  return Object.fromEntries(made) as Record<SeedName, z.ZodDefault<ReturnType<typeof seed>>>;
}

/** Parameters of a run. */
export type EffectiveTheoryParameters = z.output<typeof effectiveTheoryParameters>;
