import { z } from 'zod';
import { choice, greatestSeed, layerWidths, positiveNumber, realNumber, seed, wholeNumber } from '../fields.ts';
import { field } from '../parameters.ts';

/** Systems that can be trained. */
export const tasks = [
  'teacher-student',
  'digits',
  'modular-addition',
  'transformer',
  'latents',
  'sentiment',
  'molecules',
  'dataset',
] as const;

const only = (...is: (typeof tasks)[number][]) => ({ field: 'task', is }) as const;

/** Numbers that a teacher's input and answer have. */
export const teacherWidth = 5;
/** Real digits there are. */
export const digitCount = 10_000;

/** Norms below are not held to a millionth in 32 bits. */
const leastNorm = 1e-6;

/** Everything that can be chosen in a run; every default is that of teacher and student in the paper. */
export const omnigrokParameters = z
  .object({
    task: field(choice(tasks, 'the task').default('teacher-student'), {
      label: 'Task',
      help: 'What is learned: a network like itself, real handwritten digits, sums modulo p, generated data, or a dataset of your own.',
      group: 'Task',
      choices: {
        'teacher-student': 'Teacher and student',
        digits: 'Handwritten digits (MNIST)',
        'modular-addition': 'Modular addition, layers',
        transformer: 'Modular addition, transformer',
        latents: 'Modular addition on fixed latents',
        sentiment: 'Sentiment (synthetic)',
        molecules: 'Molecules (synthetic)',
        dataset: 'A dataset of your own',
      },
      paper: 'teacher-student',
    }),
    dataset: field(
      z.string({ error: 'the dataset is named by its id' }).max(200, 'the id of a dataset has at most 200 letters').default(''),
      {
        label: 'Dataset',
        help: 'Id of an imported dataset: classes are learned with cross-entropy, numbers with squared error, unless the objective says otherwise.',
        group: 'Task',
        appliesWhen: only('dataset'),
        dataset: { task: 'dataset' },
      },
    ),
    trainingSamples: field(wholeNumber(1, 50_000, 'the number of training samples').default(100), {
      label: 'Training samples',
      symbol: 'N',
      help: 'Samples that are trained on, drawn at random; on latents, pairs out of p(p + 1)/2.',
      group: 'Task',
      scale: 'log',
      minimum: 1,
      maximum: 50_000,
      step: 1,
      paper: 100,
      appliesWhen: only('teacher-student', 'digits', 'latents', 'sentiment', 'molecules', 'dataset'),
    }),
    testSamples: field(wholeNumber(1, 50_000, 'the number of test samples').default(100), {
      label: 'Test samples',
      help: 'Other samples, which test generalisation.',
      group: 'Task',
      scale: 'log',
      minimum: 1,
      maximum: 50_000,
      step: 1,
      paper: 100,
      appliesWhen: only('teacher-student', 'digits', 'sentiment', 'molecules', 'dataset'),
    }),
    digitSize: field(choice(['14', '28'], 'the size of digits').default('14'), {
      label: 'Digit size',
      unit: 'pixels',
      help: 'Pixels a side: 28 as in MNIST, or the mean of every 2 × 2.',
      group: 'Task',
      choices: { '14': '14 × 14', '28': '28 × 28' },
      paper: '28',
      appliesWhen: only('digits'),
    }),
    messiness: field(realNumber(0, 1, 'the messiness').default(1), {
      label: 'Messiness',
      symbol: 'm',
      help: 'Of digits: 1 is MNIST; less mixes in a grey that tells the class. Of latents: 0 puts symbols on a line in equal steps, 1 anywhere.',
      group: 'Task',
      minimum: 0,
      maximum: 1,
      step: 0.01,
      paper: 1,
      appliesWhen: only('digits', 'latents'),
    }),
    modulus: field(wholeNumber(3, 128, 'the modulus').default(31), {
      label: 'Modulus',
      symbol: 'p',
      help: 'Sums are taken modulo p; 113 for the transformer of the paper, 10 for its latents.',
      group: 'Task',
      minimum: 3,
      maximum: 128,
      step: 1,
      paper: 113,
      appliesWhen: only('modular-addition', 'transformer', 'latents'),
    }),
    trainingFraction: field(positiveNumber(1, 'the training fraction').default(0.5), {
      label: 'Training fraction',
      help: 'Share of all p² ordered pairs that is trained on; the others test.',
      group: 'Task',
      minimum: 0.01,
      maximum: 0.99,
      step: 0.01,
      paper: 0.3,
      appliesWhen: only('modular-addition', 'transformer'),
    }),
    hiddenWidths: field(layerWidths().default([100, 100]), {
      label: 'Hidden widths',
      symbol: 'h',
      help: 'Neurons of every hidden layer; of a transformer one number, the neurons of its feed-forward part.',
      group: 'Network',
      minimum: 1,
      maximum: 1024,
      step: 1,
      paper: [100, 100],
    }),
    activation: field(choice(['tanh', 'relu', 'silu', 'leaky-relu'], 'the activation').default('tanh'), {
      label: 'Activation',
      help: 'What hidden neurons make of their input: tanh for teacher and student, ReLU for digits and transformer, leaky ReLU (slope 0.2) on latents.',
      group: 'Network',
      choices: { tanh: 'tanh', relu: 'ReLU', silu: 'SiLU', 'leaky-relu': 'leaky ReLU' },
      paper: 'tanh',
    }),
    embeddingWidth: field(wholeNumber(1, 512, 'the embedding width').default(32), {
      label: 'Embedding width',
      symbol: 'd',
      help: 'Numbers that stand for one symbol or word; of a transformer the width of all its layers.',
      group: 'Network',
      scale: 'log',
      minimum: 1,
      maximum: 512,
      step: 1,
      paper: 128,
      appliesWhen: only('modular-addition', 'transformer', 'sentiment'),
    }),
    heads: field(wholeNumber(1, 64, 'the number of heads').default(4), {
      label: 'Heads',
      help: 'Heads of attention, which share the embedding width evenly.',
      group: 'Network',
      minimum: 1,
      maximum: 64,
      step: 1,
      paper: 4,
      appliesWhen: only('transformer'),
    }),
    initialScale: field(positiveNumber(1000, 'the initial scale').default(1), {
      label: 'Initial scale',
      symbol: '\\alpha',
      help: 'Factor of all initial parameters, weights and biases, and so of their norm.',
      group: 'Norm',
      scale: 'log',
      minimum: 0.01,
      maximum: 100,
      paper: 1,
    }),
    pinNorm: field(z.boolean({ error: 'the norm is pinned or not: true or false' }).default(false), {
      label: 'Pin the norm',
      help: 'After every step all parameters are multiplied by one number that restores their norm: what remains is learning on a sphere.',
      group: 'Norm',
      paper: false,
    }),
    pinnedNorm: field(realNumber(0, 1e6, 'the pinned norm').default(0), {
      label: 'Pinned norm',
      symbol: 'w',
      help: 'Norm that all parameters together are held at; 0 for the norm they begin with.',
      group: 'Norm',
      minimum: 0,
      maximum: 1e6,
      step: 0.1,
      paper: 0,
      appliesWhen: { field: 'pinNorm', is: [true] },
    }),
    objective: field(choice(['task', 'mse', 'cross-entropy', 'stablemax'], 'the objective').default('task'), {
      label: 'Objective',
      help: 'Squared error (of classes: onto one-hot vectors, on latents random ones), softmax cross-entropy, or cross-entropy with StableMax, whose gradients do not vanish by rounding.',
      group: 'Training',
      choices: { task: "The task's own", mse: 'Squared error', 'cross-entropy': 'Cross-entropy', stablemax: 'StableMax' },
      paper: 'task',
    }),
    temperature: field(positiveNumber(1e6, 'the temperature').default(1), {
      label: 'Temperature',
      symbol: 'T',
      help: 'Divides what the network says, in training and test.',
      group: 'Training',
      scale: 'log',
      minimum: 0.01,
      maximum: 100,
      paper: 1,
    }),
    laziness: field(realNumber(0, 1e4, 'the laziness').default(0), {
      label: 'Laziness',
      symbol: '\\kappa',
      help: 'κ > 0 trains κ (f − f₀) in place of the network f, f₀ being the network at its start: the larger, the less features need to move. 0 is off.',
      group: 'Training',
      minimum: 0,
      maximum: 1e4,
      step: 0.1,
      paper: 0,
    }),
    optimizer: field(choice(['adamw', 'adam', 'sgd'], 'the optimiser').default('adamw'), {
      label: 'Optimiser',
      help: 'AdamW decays weights apart from the gradient; Adam and gradient descent add the decay to it.',
      group: 'Training',
      choices: { adamw: 'AdamW', adam: 'Adam', sgd: 'Gradient descent' },
      paper: 'adamw',
    }),
    learningRate: field(positiveNumber(100, 'the learning rate').default(3e-4), {
      label: 'Learning rate',
      symbol: '\\eta',
      help: 'Step size of the optimiser.',
      group: 'Training',
      scale: 'log',
      minimum: 1e-6,
      maximum: 100,
      paper: 3e-4,
    }),
    rateDropEvery: field(wholeNumber(0, 1_000_000, 'the steps between drops of the learning rate').default(0), {
      label: 'Rate drops every',
      unit: 'steps',
      help: 'Steps after which the learning rate falls to a fifth, again and again; 0 keeps it. The paper drops it on latents, every 5,000 steps.',
      group: 'Training',
      minimum: 0,
      maximum: 1_000_000,
      step: 1,
      paper: 0,
    }),
    weightDecay: field(realNumber(0, 1000, 'the weight decay').default(0), {
      label: 'Weight decay',
      symbol: '\\gamma',
      help: 'Under AdamW every step multiplies all parameters by 1 − ηγ, so that their norm falls as exp(−ηγt) where gradients are small.',
      group: 'Training',
      minimum: 0,
      maximum: 1000,
      step: 0.01,
      paper: 0.05,
    }),
    secondMomentDecay: field(realNumber(0, 0.999999, 'the decay of second moments').default(0.999), {
      label: 'β₂',
      symbol: '\\beta_2',
      help: 'Memory of the squared gradients in Adam and AdamW (β₁ = 0.9, ε = 1e-8): 0.98 for the transformer, 0.99 on latents.',
      group: 'Training',
      minimum: 0,
      maximum: 0.999999,
      step: 0.001,
      paper: 0.999,
      appliesWhen: { field: 'optimizer', is: ['adamw', 'adam'] },
    }),
    gradientTransform: field(choice(['none', 'perpendicular', 'grokfast'], 'the change of the gradient').default('none'), {
      label: 'Change of the gradient',
      help: 'Before the optimiser: drop what points along the weights (⊥Grad), or amplify what is slow (Grokfast).',
      group: 'Training',
      choices: { none: 'None', perpendicular: 'Perpendicular (⊥Grad)', grokfast: 'Grokfast' },
      paper: 'none',
    }),
    grokfastDecay: field(realNumber(0, 0.999999, 'the memory of Grokfast').default(0.98), {
      label: 'Grokfast memory',
      help: 'Memory of the moving average of gradients.',
      group: 'Training',
      minimum: 0,
      maximum: 0.999999,
      step: 0.01,
      appliesWhen: { field: 'gradientTransform', is: ['grokfast'] },
    }),
    grokfastStrength: field(realNumber(0, 1000, 'the strength of Grokfast').default(2), {
      label: 'Grokfast strength',
      symbol: '\\lambda',
      help: 'How often the moving average is added to the gradient.',
      group: 'Training',
      minimum: 0,
      maximum: 1000,
      step: 0.1,
      appliesWhen: { field: 'gradientTransform', is: ['grokfast'] },
    }),
    batchSize: field(wholeNumber(0, 50_000, 'the batch size').default(0), {
      label: 'Batch size',
      help: 'Training samples drawn anew for each step, none twice; 0 for all of them.',
      group: 'Training',
      minimum: 0,
      maximum: 50_000,
      step: 1,
      paper: 0,
    }),
    steps: field(wholeNumber(1, 1_000_000, 'the number of steps').default(2000), {
      label: 'Steps',
      symbol: 'T',
      help: 'Optimiser steps. A threshold that is not reached within them counts as not reached.',
      group: 'Training',
      scale: 'log',
      minimum: 1,
      maximum: 1_000_000,
      step: 1,
      paper: 100_000,
    }),
    precision: field(choice(['f32', 'f64'], 'the precision').default('f32'), {
      label: 'Precision',
      help: 'Width of the floating-point numbers that train.',
      group: 'Training',
      choices: { f32: '32 bit', f64: '64 bit' },
      paper: 'f32',
    }),
    testEvery: field(wholeNumber(1, 1_000_000, 'the steps between two tests').default(10), {
      label: 'Test every',
      unit: 'steps',
      help: 'Steps between two looks at the test samples, and at all training samples where batches are trained.',
      group: 'Thresholds',
      scale: 'log',
      minimum: 1,
      maximum: 1_000_000,
      step: 1,
      paper: 1,
    }),
    correctBelow: field(positiveNumber(1e6, 'the error below which an answer is right').default(0.001), {
      label: 'Right below',
      symbol: '\\theta',
      help: 'Where numbers are learned, an answer is right if its mean squared error is below this.',
      group: 'Thresholds',
      scale: 'log',
      minimum: 1e-6,
      maximum: 1e6,
      paper: 0.001,
      appliesWhen: only('teacher-student', 'molecules', 'dataset'),
    }),
    accuracyThreshold: field(positiveNumber(1, 'the accuracy threshold').default(0.95), {
      label: 'Accuracy threshold',
      help: 'Accuracy on training samples from which a network fits them, and on test samples from which it generalises.',
      group: 'Thresholds',
      minimum: 0.01,
      maximum: 1,
      step: 0.01,
      paper: 0.95,
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
    ...seeds({
      networkSeed: ['Network seed', 'network', 'Draws the initial parameters.'],
      teacherSeed: [
        'Teacher seed',
        'teacher',
        'Draws what generated answers follow: the teacher, latents and their targets, words, contributions of atoms.',
      ],
      dataSeed: ['Data seed', 'data', 'Draws the samples, and which of them are trained on.'],
      batchSeed: ['Batch seed', 'batches', 'Draws the samples of each step where not all of them are used.'],
    }),
  })
  .superRefine((parameters, context) => {
    const report = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message });
    const { task, objective, modulus, trainingSamples, testSamples } = parameters;
    if ((task === 'teacher-student' || task === 'molecules') && (objective === 'cross-entropy' || objective === 'stablemax'))
      report('objective', 'this task learns numbers, for which there is the squared error only (objective = "task" or "mse")');
    if (parameters.pinNorm && parameters.pinnedNorm > 0 && parameters.pinnedNorm < leastNorm)
      report(
        'pinnedNorm',
        `it cannot be reached: below ${leastNorm} rounding leaves little of the parameters; 0 keeps the norm they begin with`,
      );
    if (task === 'dataset' && parameters.dataset === '') report('dataset', 'name the imported dataset that is to be learned');
    if (task === 'digits' && trainingSamples + testSamples > digitCount)
      report('trainingSamples', `there are ${digitCount} digits, fewer than ${trainingSamples} to train and ${testSamples} to test`);
    if (task === 'modular-addition' || task === 'transformer') {
      const pairs = trainingPairs(parameters);
      if (pairs < 1 || pairs >= modulus ** 2)
        report(
          'trainingFraction',
          `it makes ${pairs} training pairs of ${modulus ** 2}; at least one must be trained on and one left to test`,
        );
    }
    if (task === 'latents' && trainingSamples >= latentPairs(modulus))
      report('trainingSamples', `there are ${latentPairs(modulus)} pairs, of which at least one must be left to test`);
    if (task !== 'transformer') return;
    if (parameters.hiddenWidths.length !== 1) report('hiddenWidths', 'the transformer has one block: give one number, e.g. [512]');
    if (parameters.embeddingWidth % parameters.heads !== 0)
      report('heads', `${parameters.heads} heads cannot share ${parameters.embeddingWidth} numbers evenly`);
  });

type SeedName = `${'network' | 'teacher' | 'data' | 'batch'}Seed`;

function seeds(of: Record<SeedName, readonly [label: string, purpose: string, help: string]>) {
  const made = Object.entries(of).map(([name, [label, purpose, help]]) => [
    name,
    field(seed(purpose).default(0), { label, help, group: 'Seeds', minimum: 0, maximum: greatestSeed, step: 1 }),
  ]);
  return Object.fromEntries(made) as Record<SeedName, z.ZodDefault<ReturnType<typeof seed>>>;
}

/** Parameters of a run. */
export type OmnigrokParameters = z.output<typeof omnigrokParameters>;

/** Ordered pairs that are trained on in modular addition. */
export const trainingPairs = ({ modulus, trainingFraction }: Pick<OmnigrokParameters, 'modulus' | 'trainingFraction'>): number =>
  Math.floor(modulus ** 2 * trainingFraction);

/** Unordered pairs of symbols. */
export const latentPairs = (modulus: number): number => (modulus * (modulus + 1)) / 2;
