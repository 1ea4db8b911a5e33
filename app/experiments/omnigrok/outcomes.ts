import type { OutcomeInfo, Outcomes, RecordedRun } from '../experiment.ts';
import type { OmnigrokParameters } from './parameters.ts';
import { delayOf, passedBy, phaseFrom } from './phases.ts';

const loss = { unit: '', kind: 'number', scale: 'log' } as const;
const share = { unit: '', kind: 'number', domain: [0, 1] } as const;
const norm = { unit: '', kind: 'number', scale: 'log' } as const;
const steps = { unit: 'steps', kind: 'number', scale: 'log' } as const;

/** What sweeps map. */
export const omnigrokOutcomes: readonly OutcomeInfo[] = [
  { id: 'phase', label: 'Phase', unit: '', help: 'Phase of learning that the run ends in.', kind: 'phase' },
  { id: 'finalTrainLoss', label: 'Training loss', symbol: 'L_\\text{train}', help: 'Loss on all training samples at the end.', ...loss },
  { id: 'finalTestLoss', label: 'Test loss', symbol: 'L_\\text{test}', help: 'Loss on the test samples at the end.', ...loss },
  { id: 'bestTrainError', label: 'Training error', help: 'Smallest share of training samples that was wrong at any look.', ...share },
  { id: 'bestTestError', label: 'Test error', help: 'Smallest share of test samples that was wrong at any look.', ...share },
  { id: 'finalTestError', label: 'Final test error', help: 'Share of test samples that is wrong at the end.', ...share },
  { id: 'initialNorm', label: 'Initial norm', symbol: 'w_\\text{init}', help: 'Norm of all parameters before the first step.', ...norm },
  { id: 'finalNorm', label: 'Final norm', symbol: 'w', help: 'Norm of all parameters at the end.', ...norm },
  {
    id: 'normAtGeneralising',
    label: 'Norm at generalising',
    symbol: 'w_c',
    help: 'Norm of all parameters at the first step at which the test accuracy reaches its threshold.',
    ...norm,
  },
  { id: 'stepsToFit', label: 'Steps to fit', help: 'First step at which the training accuracy reaches its threshold.', ...steps },
  { id: 'stepsToGeneralise', label: 'Steps to generalise', help: 'First step at which the test accuracy reaches its threshold.', ...steps },
  {
    id: 'delay',
    label: 'Delay',
    unit: 'steps',
    kind: 'number',
    help: 'Steps from fitting to generalising, negative if it generalises first.',
  },
];

/** Values of `omnigrokOutcomes` for what is recorded. */
export function outcomesOf(run: RecordedRun<OmnigrokParameters>): Outcomes {
  const passed = passedBy(run);
  const norms = run.series('norm').values;
  const last = lastLook(run);
  const error = (accuracy: number | null): number | null => (accuracy === null ? null : 1 - accuracy);
  return {
    phase: phaseFrom(passed, run.parameters.phaseGap),
    finalTrainLoss: last('trainLoss'),
    finalTestLoss: last('testLoss'),
    bestTrainError: error(largest(run.series('trainAccuracy').values)),
    bestTestError: error(largest(run.series('testAccuracy').values)),
    finalTestError: error(last('testAccuracy')),
    initialNorm: norms[0] ?? null,
    finalNorm: last('norm'),
    normAtGeneralising: passed.generalises === null ? null : norms[passed.generalises],
    stepsToFit: passed.fits,
    stepsToGeneralise: passed.generalises,
    delay: delayOf(passed),
  };
}

/** The last recorded value of a series; null where there is none. */
export function lastLook(run: Pick<RecordedRun<OmnigrokParameters>, 'series'>): (name: string) => number | null {
  return (name) => {
    const { values } = run.series(name);
    for (let row = values.length - 1; row >= 0; row -= 1) if (!Number.isNaN(values[row])) return values[row];
    return null;
  };
}

function largest(values: ArrayLike<number>): number | null {
  let best: number | null = null;
  for (let i = 0; i < values.length; i += 1) if (!Number.isNaN(values[i]) && !(values[i] <= (best ?? -Infinity))) best = values[i];
  return best;
}
