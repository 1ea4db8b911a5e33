import { z } from 'zod';
import { choice, greatestSeed, layerWidths, positiveNumber, realNumber, seed, wholeNumber } from '../fields.ts';
import { field } from '../parameters.ts';
import type { CircleIntervention } from './circles.ts';
import { circleCount } from '#app/circles/signals.ts';

const listsCircles = { field: 'circles', is: ['keep', 'remove', 'scale', 'construct'] } as const;

/** Everything that can be chosen in a run of modular addition; every default is the paper's value except the number of steps. */
export const survivalParameters = z
  .object({
    modulus: field(wholeNumber(5, 199, 'the modulus').default(59), {
      label: 'Modulus',
      symbol: 'p',
      help: 'The network learns c = (a + b) mod p from all p² ordered pairs. Circles have frequencies 1 to (p − 1)/2.',
      group: 'Task',
      minimum: 5,
      maximum: 199,
      step: 1,
      paper: 59,
    }),
    trainingFraction: field(realNumber(0.01, 0.99, 'the training fraction').default(0.8), {
      label: 'Training fraction',
      help: 'Share of the pairs that are trained on, rounded down to whole pairs; the others test generalisation.',
      group: 'Task',
      scale: 'linear',
      minimum: 0.01,
      maximum: 0.99,
      step: 0.01,
      paper: 0.8,
    }),
    embeddingWidth: field(wholeNumber(2, 512, 'the embedding width').default(128), {
      label: 'Embedding width',
      symbol: 'd',
      help: 'Length of the vector that stands for one token.',
      group: 'Network',
      scale: 'log',
      minimum: 2,
      maximum: 512,
      step: 1,
      paper: 128,
    }),
    hiddenWidths: field(layerWidths().default([100, 100]), {
      label: 'Hidden widths',
      symbol: 'h',
      help: 'Neurons of every hidden layer, from input to output.',
      group: 'Network',
      minimum: 1,
      maximum: 1024,
      step: 1,
      paper: [100, 100],
    }),
    activation: field(choice(['silu', 'relu', 'tanh', 'gelu'], 'the activation').default('silu'), {
      label: 'Activation',
      help: 'Nonlinearity behind every hidden layer.',
      group: 'Network',
      choices: { silu: 'SiLU', relu: 'ReLU', tanh: 'tanh', gelu: 'GELU' },
      paper: 'silu',
    }),
    precision: field(choice(['f32', 'f64'], 'the precision').default('f32'), {
      label: 'Precision',
      help: 'Width of the floating-point numbers that train. The signals are always computed in 64 bits.',
      group: 'Network',
      choices: { f32: '32 bit', f64: '64 bit' },
      paper: 'f64',
    }),
    learningRate: field(positiveNumber(10, 'the learning rate').default(0.01), {
      label: 'Learning rate',
      symbol: '\\eta',
      help: 'Step size of AdamW (β = 0.9, 0.999; ε = 1e-8), full batch.',
      group: 'Training',
      scale: 'log',
      minimum: 0.0001,
      maximum: 10,
      paper: 0.01,
    }),
    weightDecay: field(realNumber(0, 10, 'the weight decay').default(0.5), {
      label: 'Weight decay',
      symbol: '\\lambda',
      help: 'Decoupled: every parameter, the embedding included, shrinks by the factor 1 − ηλ in each step.',
      group: 'Training',
      minimum: 0,
      maximum: 10,
      step: 0.05,
      paper: 0.5,
    }),
    steps: field(wholeNumber(1, 100_000, 'the number of steps').default(1500), {
      label: 'Steps',
      symbol: 'T',
      help: 'Optimiser steps. The winners are usually fixed by step 700; a clean separation takes about 4,000.',
      group: 'Training',
      scale: 'log',
      minimum: 1,
      maximum: 100_000,
      step: 1,
      paper: 30_001,
    }),
    freezeEmbedding: field(z.boolean({ error: 'freezing the embedding is true or false' }).default(false), {
      label: 'Freeze embedding',
      help: 'The embedding keeps its initial value and only the network behind it learns: no circle can win.',
      group: 'Embedding',
      paper: false,
    }),
    circles: field(choice(['all', 'keep', 'remove', 'scale', 'construct'], 'the treatment of circles').default('all'), {
      label: 'Initial circles',
      help: 'What is done to the circles of the random initial embedding before training starts.',
      group: 'Embedding',
      choices: {
        all: 'All, untouched',
        keep: 'Only these',
        remove: 'Remove these',
        scale: 'Scale these',
        construct: 'Built from these',
      },
      paper: 'all',
    }),
    circleFrequencies: field(
      z
        .array(wholeNumber(1, 99, 'each frequency'), { error: 'frequencies are a list of whole numbers, e.g. [3, 8]' })
        .max(99, 'at most 99 frequencies can be listed')
        .default([]),
      {
        label: 'Frequencies',
        symbol: 'k',
        help: 'Circles that are kept, removed, scaled or constructed.',
        group: 'Embedding',
        minimum: 1,
        maximum: 99,
        step: 1,
        appliesWhen: listsCircles,
      },
    ),
    circleScale: field(realNumber(0, 100, 'the scale').default(1), {
      label: 'Scale',
      symbol: 'r',
      help: 'Factor of the listed circles; when constructing, the signal of every listed circle after the first, relative to the first.',
      group: 'Embedding',
      minimum: 0,
      maximum: 100,
      step: 0.01,
      appliesWhen: { field: 'circles', is: ['scale', 'construct'] },
    }),
    embeddingSeed: field(seed('embedding').default(0), {
      label: 'Embedding seed',
      help: 'Draws the initial embedding. Keep it and change the others to let the same circles compete again.',
      group: 'Seeds',
      minimum: 0,
      maximum: greatestSeed,
      step: 1,
    }),
    mlpSeed: field(seed('network').default(0), {
      label: 'Network seed',
      help: 'Draws the initial weights and biases behind the embedding.',
      group: 'Seeds',
      minimum: 0,
      maximum: greatestSeed,
      step: 1,
    }),
    splitSeed: field(seed('split').default(0), {
      label: 'Split seed',
      help: 'Draws which pairs are trained on.',
      group: 'Seeds',
      minimum: 0,
      maximum: greatestSeed,
      step: 1,
    }),
  })
  .superRefine((parameters, context) => {
    const report = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message });
    const { modulus, circles, circleFrequencies } = parameters;
    const greatest = circleCount(modulus);
    const tooHigh = circleFrequencies.find((k) => k > greatest);
    if (tooHigh !== undefined)
      report('circleFrequencies', `with modulus ${modulus} a frequency is a whole number from 1 to ${greatest}, not ${tooHigh}`);
    const repeated = circleFrequencies.find((k, place) => circleFrequencies.indexOf(k) !== place);
    if (repeated !== undefined) report('circleFrequencies', `frequency ${repeated} is listed twice`);
    if (circles !== 'all' && circleFrequencies.length === 0)
      report('circleFrequencies', `circles = "${circles}" needs at least one frequency`);
    const training = trainingPairs(parameters);
    if (training < 1 || training >= modulus ** 2)
      report('trainingFraction', `of ${modulus ** 2} pairs it would leave none to ${training < 1 ? 'train on' : 'test'}`);
  });

/** Parameters of a run of modular addition. */
export type SurvivalParameters = z.output<typeof survivalParameters>;

/** Number of pairs trained on: floor(fraction p²). */
export const trainingPairs = ({ modulus, trainingFraction }: Pick<SurvivalParameters, 'modulus' | 'trainingFraction'>): number =>
  Math.floor(modulus ** 2 * trainingFraction);

/** The intervention that the parameters ask for. */
export function interventionOf({ circles, circleFrequencies, circleScale }: SurvivalParameters): CircleIntervention {
  switch (circles) {
    case 'all':
      return { kind: 'all' };
    case 'keep':
    case 'remove':
      return { kind: circles, frequencies: circleFrequencies };
    default:
      return { kind: circles, frequencies: circleFrequencies, scale: circleScale };
  }
}
