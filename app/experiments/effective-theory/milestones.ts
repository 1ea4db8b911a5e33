import type { Milestone, RecordedRun } from '../experiment.ts';
import type { EffectiveTheoryParameters } from './parameters.ts';
import { passedBy } from './phases.ts';

/** Milestones found in what is recorded so far, in order of steps. */
export function milestonesOf(run: RecordedRun): Milestone[] {
  const theory = run as RecordedRun<EffectiveTheoryParameters>;
  const { accuracyThreshold, linearThreshold } = theory.parameters;
  const { fits, generalises, linear } = passedBy(theory);
  const percent = `${Number((100 * accuracyThreshold).toPrecision(3))} %`;
  const found = [
    { id: 'train-accuracy', label: 'fits', step: fits, rule: `First step at which training accuracy is at least ${percent}.` },
    { id: 'test-accuracy', label: 'generalises', step: generalises, rule: `First step at which test accuracy is at least ${percent}.` },
    { id: 'linear', label: 'linear', step: linear, rule: `First step at which the representation quality is above ${linearThreshold}.` },
  ];
  return found
    .flatMap((milestone) => (milestone.step === null ? [] : [{ ...milestone, step: milestone.step }]))
    .sort((a, b) => a.step - b.step);
}
