/** W1: the survival experiment's own network with the paper's parameters, full batch. */
import type { Precision, RealArray, Session } from '#app/engine/index.ts';
import { initialValues, layersOf, splitPairs, survivalProgram } from '#app/experiments/survival/model.ts';
import { survivalParameters } from '#app/experiments/survival/parameters.ts';
import { initialPrefix, real, whole } from '../shared.ts';
import type { Target, Workload } from './workload.ts';

/** The authors' script keeps a copy of the embedding of every step. */
const history: RealArray[] = [];

function measuredStep(session: Session): Record<string, number> {
  const test = session.evaluate('test');
  session.run(1);
  history.push(session.read('embedding'));
  if (history.length >= 1000) history.length = 0;
  const { loss, accuracy } = session.trainOutputs();
  return { loss, accuracy, testLoss: test.loss, testAccuracy: test.accuracy };
}

function survival(precision: Precision, authors: Target, strongest: Target): Workload {
  const parameters = survivalParameters.parse({ precision });
  return {
    id: `w1-${precision}`,
    group: 'w1',
    title: `Survival, paper preset, ${precision}`,
    precision,
    shared: () => {
      const { train, test } = splitPairs(parameters);
      const shapes = new Map<string, readonly number[]>([['embedding', [parameters.modulus, parameters.embeddingWidth]]]);
      for (const { weight, bias, inputs, outputs } of layersOf(parameters)) shapes.set(weight, [inputs, outputs]).set(bias, [outputs]);
      return {
        workload: `w1-${precision}`,
        precision,
        settings: {
          modulus: parameters.modulus,
          width: parameters.embeddingWidth,
          layers: layersOf(parameters).length,
          learningRate: parameters.learningRate,
          weightDecay: parameters.weightDecay,
        },
        arrays: {
          first: whole(train.first),
          second: whole(train.second),
          label: whole(train.label),
          'test/first': whole(test.first),
          'test/second': whole(test.second),
          'test/label': whole(test.label),
          ...Object.fromEntries(
            Object.entries(initialValues(parameters)).map(([name, values]) => [
              initialPrefix + name,
              real(precision, values, shapes.get(name) ?? [values.length]),
            ]),
          ),
        },
      };
    },
    ours: [
      { id: 'train', label: 'training with loss, accuracy and norm', program: () => survivalProgram(parameters) },
      { id: 'measured', label: 'all measures at every step', program: () => survivalProgram(parameters), step: measuredStep },
    ],
    peers: [
      { library: 'torch', form: 'authors', label: "the authors' loop" },
      { library: 'torch', form: 'plain', label: "the authors' modules, training only" },
      { library: 'torch', form: 'tables', label: 'per-token tables' },
      { library: 'torch', form: 'compiled', label: 'per-token tables, torch.compile' },
      { library: 'numpy', form: 'tables', label: 'per-token tables' },
    ],
    noise: 'tables',
    comparisons: [
      {
        id: 'authors',
        label: "the authors' loop, all measures at every step",
        ours: 'measured',
        library: 'torch',
        forms: ['authors'],
        target: authors,
      },
      { id: 'plain', label: "training only, the authors' modules", ours: 'train', library: 'torch', forms: ['plain'], target: authors },
      {
        id: 'strongest',
        label: 'training only, its fastest form',
        ours: 'train',
        library: 'torch',
        forms: ['plain', 'tables', 'compiled'],
        target: strongest,
      },
      { id: 'numpy', label: 'NumPy', ours: 'train', library: 'numpy', forms: ['tables'] },
    ],
  };
}

export const survivalWorkloads: readonly Workload[] = [
  survival('f32', { least: 2.2, aim: 3 }, { least: 1.1, aim: 1.5 }),
  survival('f64', { least: 2.2, aim: 3 }, { least: 1.2, aim: 1.7 }),
];
