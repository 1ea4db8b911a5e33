import type { Hatch, OutcomeInfo, Outcomes, RecordedRun } from '../experiment.ts';
import type { EffectiveTheoryParameters } from './parameters.ts';
import { delayOf, passedBy, phaseFrom } from './phases.ts';

const share = { unit: '', kind: 'number', domain: [0, 1] } as const;
const steps = { unit: 'steps', kind: 'number', scale: 'log' } as const;

/** What sweeps map. */
export const effectiveTheoryOutcomes: readonly OutcomeInfo[] = [
  { id: 'phase', label: 'Phase', unit: '', help: 'Phase of learning that the run ends in.', kind: 'phase' },
  {
    id: 'rqi',
    label: 'Representation quality',
    symbol: '\\mathrm{RQI}',
    help: 'Share of all parallelograms that are closed at the end.',
    ...share,
  },
  { id: 'trainAccuracy', label: 'Training accuracy', help: 'Share of the training pairs that are right at the end.', ...share },
  { id: 'testAccuracy', label: 'Test accuracy', help: 'Share of the test pairs that are right at the end.', ...share },
  { id: 'accuracy', label: 'Accuracy', symbol: '\\mathrm{Acc}', help: 'Share of all pairs that are right at the end.', ...share },
  {
    id: 'predictedAccuracy',
    label: 'Predicted accuracy',
    symbol: '\\widehat{\\mathrm{Acc}}',
    help: 'Share of all pairs, whatever their order, that are trained on, or close a parallelogram with one that is, at the end.',
    ...share,
  },
  { id: 'stepsToFit', label: 'Steps to fit', help: 'First step at which the training accuracy reaches its threshold.', ...steps },
  { id: 'stepsToGeneralise', label: 'Steps to generalise', help: 'First step at which the test accuracy reaches its threshold.', ...steps },
  {
    id: 'stepsToLinear',
    label: 'Steps to linearity',
    help: 'First step at which the representation quality is above its threshold.',
    ...steps,
  },
  {
    id: 'delay',
    label: 'Delay',
    unit: 'steps',
    kind: 'number',
    help: 'Steps from fitting to generalising, negative if it generalises first.',
  },
];

/** A representation that neither stayed random nor became linear: symbols on a line cannot pass each other. */
export const trapped: Hatch = {
  id: 'trapped',
  label: 'trapped',
  rule: 'The representation quality ends between 0.3 and 0.8: some symbols stand in a wrong order.',
  applies: ({ rqi }) => typeof rqi === 'number' && rqi > 0.3 && rqi < 0.8,
};

/** Values of `effectiveTheoryOutcomes` for what is recorded. */
export function outcomesOf(run: RecordedRun<EffectiveTheoryParameters>): Outcomes {
  const passed = passedBy(run);
  return {
    phase: phaseFrom(passed, run.parameters.phaseGap),
    ...finalValues(run),
    stepsToFit: passed.fits,
    stepsToGeneralise: passed.generalises,
    stepsToLinear: passed.linear,
    delay: delayOf(passed),
  };
}

/** What matters most of the last recorded step; null where there is none, or no value. */
export function finalValues(run: Pick<RecordedRun<EffectiveTheoryParameters>, 'series'>) {
  const last = (name: string): number | null => {
    const value = run.series(name).values.at(-1);
    return value === undefined || Number.isNaN(value) ? null : value;
  };
  return {
    rqi: last('rqi'),
    trainAccuracy: last('trainAccuracy'),
    testAccuracy: last('testAccuracy'),
    accuracy: last('accuracy'),
    predictedAccuracy: last('predictedAccuracy'),
  };
}
