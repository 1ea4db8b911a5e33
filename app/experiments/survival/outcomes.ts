import type { OutcomeInfo, Outcomes, RecordedRun } from '../experiment.ts';
import { milestonesOf } from '#app/circles/milestones.ts';
import type { SurvivalParameters } from './parameters.ts';
import { survivorsOfRun } from '#app/circles/survivors.ts';

/** What sweeps of modular addition map. */
export const survivalOutcomes: readonly OutcomeInfo[] = [
  {
    id: 'survivors',
    label: 'Circles alive',
    unit: '',
    help: 'Circles whose signal is alive at the end.',
    kind: 'number',
  },
  {
    id: 'testAccuracy',
    label: 'Test accuracy',
    unit: '',
    help: 'Share of the pairs not trained on that are right at the end.',
    kind: 'number',
    domain: [0, 1],
  },
  { id: 'testLoss', label: 'Test loss', unit: 'nats', help: 'Mean cross-entropy of those pairs at the end.', kind: 'number', scale: 'log' },
  {
    id: 'generalises',
    label: 'Steps to generalise',
    unit: 'steps',
    help: 'First step at which the test accuracy is at least 95 %.',
    kind: 'number',
    scale: 'log',
  },
];

/** Values of `survivalOutcomes` for what is recorded. */
export function survivalOutcomesOf(run: RecordedRun<SurvivalParameters>): Outcomes {
  const last = (name: string): number | null => run.series(name).values.at(-1) ?? null;
  return {
    survivors: survivorsOfRun(run)?.frequencies.length ?? null,
    testAccuracy: last('testAccuracy'),
    testLoss: last('testLoss'),
    generalises: milestonesOf(run).find(({ id }) => id === 'test-accuracy')?.step ?? null,
  };
}
