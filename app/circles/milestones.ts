import type { Milestone, RecordedRun } from '#app/experiments/experiment.ts';
import { signalHistory, winnersFixedAt } from './survivors.ts';

const goal = 0.95;

function firstAtLeast(values: ArrayLike<number>, threshold: number): number | null {
  for (let step = 0; step < values.length; step += 1) if (values[step] >= threshold) return step;
  return null;
}

/** Milestones found in what is recorded so far, in order of steps. */
export function milestonesOf(run: RecordedRun): Milestone[] {
  const reaches = (id: string, label: string, series: string, what: string): (Milestone | null)[] => {
    if (!run.seriesInfo.some(({ name }) => name === series)) return [];
    const step = firstAtLeast(run.series(series).values, goal);
    return [step === null ? null : { id, label, step, rule: `First step at which ${what} accuracy is at least 95 %.` }];
  };
  const fixed = winnersFixedAt(signalHistory(run as RecordedRun<{ readonly modulus: number }>));
  const found = [
    ...reaches('train-accuracy', 'fits', 'trainAccuracy', 'training'),
    ...reaches('test-accuracy', 'generalises', 'testAccuracy', 'test'),
    fixed === null
      ? null
      : { id: 'winners-fixed', label: 'winners fixed', step: fixed, rule: 'Since this step the set of surviving circles has not changed.' },
  ];
  return found.filter((milestone): milestone is Milestone => milestone !== null).sort((a, b) => a.step - b.step);
}
