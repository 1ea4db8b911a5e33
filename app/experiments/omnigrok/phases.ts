/** Phases of learning, from the steps at which a run first fits and first generalises. */
import type { PhaseInfo, RecordedRun } from '../experiment.ts';
import type { OmnigrokParameters } from './parameters.ts';

export type Phase = 'comprehension' | 'grokking' | 'memorization' | 'confusion';

export const phases: readonly (PhaseInfo & { readonly id: Phase })[] = [
  {
    id: 'comprehension',
    label: 'Comprehension',
    colour: 'comprehension',
    rule: 'It fits the training samples and generalises less than the gap of grokking later, or earlier.',
  },
  {
    id: 'grokking',
    label: 'Grokking',
    colour: 'grokking',
    rule: 'It fits the training samples and generalises, at least the gap of grokking later.',
  },
  {
    id: 'memorization',
    label: 'Memorization',
    colour: 'memorization',
    rule: 'It fits the training samples but does not generalise within the run.',
  },
  { id: 'confusion', label: 'Confusion', colour: 'confusion', rule: 'It does not fit the training samples within the run.' },
];

/** Steps at which a run first passed its threshold of accuracy; null where it has not within what is recorded. */
export interface Passed {
  readonly fits: number | null;
  readonly generalises: number | null;
}

type Recorded = Pick<RecordedRun<OmnigrokParameters>, 'series' | 'parameters'>;

/** Where samples are looked at every so many steps, the first such look. */
export function passedBy(run: Recorded): Passed {
  const first = (name: string): number | null => {
    const { values } = run.series(name);
    for (let step = 0; step < values.length; step += 1) if (values[step] >= run.parameters.accuracyThreshold) return step;
    return null;
  };
  return { fits: first('trainAccuracy'), generalises: first('testAccuracy') };
}

/** Steps from fitting to generalising, negative if it generalises first; null unless it does both. */
export const delayOf = ({ fits, generalises }: Passed): number | null =>
  fits === null || generalises === null ? null : generalises - fits;

/** @param gap steps from which a delay is grokking */
export function phaseFrom(passed: Passed, gap: number): Phase {
  if (passed.fits === null) return 'confusion';
  const delay = delayOf(passed);
  if (delay === null) return 'memorization';
  return delay < gap ? 'comprehension' : 'grokking';
}

/** The phase that a run ended in; of one that still trains, the phase so far. */
export const phaseOf = (run: Recorded): Phase => phaseFrom(passedBy(run), run.parameters.phaseGap);
