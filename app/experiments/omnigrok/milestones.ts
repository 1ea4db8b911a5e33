import type { Milestone, RecordedRun } from '../experiment.ts';
import type { OmnigrokParameters } from './parameters.ts';
import { passedBy } from './phases.ts';

/** Milestones found in what is recorded so far, in order of steps. */
export function milestonesOf(recorded: RecordedRun): Milestone[] {
  const run = recorded as RecordedRun<OmnigrokParameters>;
  const { fits, generalises } = passedBy(run);
  const percent = `${Number((100 * run.parameters.accuracyThreshold).toPrecision(3))} %`;
  const found = [
    { id: 'train-accuracy', label: 'fits', step: fits, rule: `First step at which training accuracy is at least ${percent}.` },
    { id: 'test-accuracy', label: 'generalises', step: generalises, rule: `First step at which test accuracy is at least ${percent}.` },
  ];
  return found
    .flatMap((milestone) => (milestone.step === null ? [] : [{ ...milestone, step: milestone.step }]))
    .sort((a, b) => a.step - b.step);
}
