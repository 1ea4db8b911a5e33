/** Phases of learning (Liu et al. 2022, table 1), from the steps at which a run first fits and first generalises. */
import type { PhaseInfo, RecordedRun } from '../experiment.ts';
import type { EffectiveTheoryParameters } from './parameters.ts';

export type Phase = 'comprehension' | 'grokking' | 'memorization' | 'confusion';

export const phases: readonly (PhaseInfo & { readonly id: Phase })[] = [
  {
    id: 'comprehension',
    label: 'Comprehension',
    colour: 'comprehension',
    rule: 'It fits the training pairs and generalises less than the gap of grokking later, or earlier.',
  },
  {
    id: 'grokking',
    label: 'Grokking',
    colour: 'grokking',
    rule: 'It fits the training pairs and generalises, at least the gap of grokking later.',
  },
  {
    id: 'memorization',
    label: 'Memorization',
    colour: 'memorization',
    rule: 'It fits the training pairs but does not generalise within the run.',
  },
  { id: 'confusion', label: 'Confusion', colour: 'confusion', rule: 'It does not fit the training pairs within the run.' },
];

/** Steps at which a run first passed its thresholds; null where it has not within what is recorded. */
export interface Passed {
  /** Training accuracy at least `accuracyThreshold`. */
  readonly fits: number | null;
  /** Test accuracy at least `accuracyThreshold`. */
  readonly generalises: number | null;
  /** RQI above `linearThreshold`. */
  readonly linear: number | null;
}

type Recorded = Pick<RecordedRun<EffectiveTheoryParameters>, 'series' | 'parameters'>;

export function passedBy(run: Recorded): Passed {
  const { accuracyThreshold, linearThreshold } = run.parameters;
  return {
    fits: firstOf(run.series('trainAccuracy').values, (accuracy) => accuracy >= accuracyThreshold),
    generalises: firstOf(run.series('testAccuracy').values, (accuracy) => accuracy >= accuracyThreshold),
    linear: firstOf(run.series('rqi').values, (rqi) => rqi > linearThreshold),
  };
}

/** Steps from fitting to generalising, negative if it generalises first; null unless it does both. */
export const delayOf = ({ fits, generalises }: Pick<Passed, 'fits' | 'generalises'>): number | null =>
  fits === null || generalises === null ? null : generalises - fits;

/** The phase by table 1. @param gap steps from which a delay is grokking */
export function phaseFrom(passed: Pick<Passed, 'fits' | 'generalises'>, gap: number): Phase {
  if (passed.fits === null) return 'confusion';
  const delay = delayOf(passed);
  if (delay === null) return 'memorization';
  return delay < gap ? 'comprehension' : 'grokking';
}

/** The phase that a run ended in; of one that still trains, the phase so far. */
export const phaseOf = (run: Recorded): Phase => phaseFrom(passedBy(run), run.parameters.phaseGap);

function firstOf(values: ArrayLike<number>, applies: (value: number) => boolean): number | null {
  for (let step = 0; step < values.length; step += 1) if (applies(values[step])) return step;
  return null;
}
