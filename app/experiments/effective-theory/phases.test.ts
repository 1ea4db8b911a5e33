import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordedRun } from '../experiment.ts';
import { milestonesOf } from './milestones.ts';
import { outcomesOf, trapped } from './outcomes.ts';
import { effectiveTheoryParameters, type EffectiveTheoryParameters } from './parameters.ts';
import { delayOf, passedBy, phaseFrom, phaseOf } from './phases.ts';

/** A run whose curves are the given ones; what is not given stays 0. */
function runOf(
  series: Partial<Record<string, readonly number[]>>,
  changes: Partial<EffectiveTheoryParameters> = {},
): RecordedRun<EffectiveTheoryParameters> {
  const rows = Math.max(0, ...Object.values(series).map((values) => values?.length ?? 0));
  return {
    id: 'effective-theory-test',
    experiment: 'effective-theory',
    parameters: effectiveTheoryParameters.parse({ phaseGap: 5, ...changes }),
    steps: Math.max(0, rows - 1),
    seriesInfo: [],
    series: (name) => ({ width: 1, rows, values: Float64Array.from(series[name] ?? new Array<number>(rows).fill(0)) }),
    frame: () => {
      throw new RangeError('no frames');
    },
    frameSteps: () => [],
  };
}

/** 0 until a step, then 1. */
const risesAt = (step: number | null, rows = 40): number[] => Array.from({ length: rows }, (_, t) => (step !== null && t >= step ? 1 : 0));
const run = (fits: number | null, generalises: number | null, changes = {}) =>
  runOf({ trainAccuracy: risesAt(fits), testAccuracy: risesAt(generalises) }, changes);

describe('phases', () => {
  it.each([
    [3, 7, 'comprehension'],
    [3, 3, 'comprehension'],
    [9, 2, 'comprehension'],
    [3, 8, 'grokking'],
    [0, 39, 'grokking'],
    [3, null, 'memorization'],
    [null, null, 'confusion'],
    [null, 4, 'confusion'],
  ])('fits at %s, generalises at %s, with a gap of 5: %s', (fits, generalises, phase) => {
    expect(phaseOf(run(fits, generalises))).toBe(phase);
    expect(outcomesOf(run(fits, generalises))).toMatchObject({ phase, stepsToFit: fits, stepsToGeneralise: generalises });
  });

  it('follow table 1 for every pair of steps and gap', () => {
    const step = fc.option(fc.nat(50));
    fc.assert(
      fc.property(step, step, fc.integer({ min: 1, max: 60 }), (fits, generalises, gap) => {
        const phase = phaseFrom({ fits, generalises }, gap);
        const delay = delayOf({ fits, generalises });
        expect(phase === 'confusion').toBe(fits === null);
        expect(phase === 'memorization').toBe(fits !== null && generalises === null);
        expect(phase === 'grokking').toBe(delay !== null && delay >= gap);
        expect(phase === 'comprehension').toBe(delay !== null && delay < gap);
      }),
    );
  });

  it('take 9 of 10 for 0.9, and a linear threshold as one to be passed', () => {
    const passed = passedBy(runOf({ trainAccuracy: [0.8, 9 / 10, 1], testAccuracy: [8 / 9, 1, 1], rqi: [0, 0.95, 0.96] }));
    expect(passed).toEqual({ fits: 1, generalises: 1, linear: 2 });
  });

  it('of a run that has not begun are confusion, and nothing has passed', () => {
    const begun = runOf({});
    expect(phaseOf(begun)).toBe('confusion');
    expect(outcomesOf(begun)).toEqual({
      phase: 'confusion',
      rqi: null,
      trainAccuracy: null,
      testAccuracy: null,
      accuracy: null,
      predictedAccuracy: null,
      stepsToFit: null,
      stepsToGeneralise: null,
      stepsToLinear: null,
      delay: null,
    });
    expect(milestonesOf(begun as never)).toEqual([]);
  });
});

describe('what is told of a run', () => {
  it('has milestones in order of steps with the thresholds in words', () => {
    const found = milestonesOf(
      runOf({ trainAccuracy: risesAt(9), testAccuracy: risesAt(4), rqi: risesAt(20) }, { accuracyThreshold: 0.85 }) as never,
    );
    expect(found.map(({ label, step }) => [label, step])).toEqual([
      ['generalises', 4],
      ['fits', 9],
      ['linear', 20],
    ]);
    expect(found[1].rule).toBe('First step at which training accuracy is at least 85 %.');
  });

  it('is trapped strictly between 0.3 and 0.8, and has no value where the quality is undefined', () => {
    const ends = (rqi: number) => outcomesOf(runOf({ rqi: [0, rqi] }));
    expect([0.3, 0.31, 0.79, 0.8, 1].map((rqi) => trapped.applies(ends(rqi)))).toEqual([false, true, true, false, false]);
    expect(ends(NaN).rqi).toBeNull();
    expect(trapped.applies(ends(NaN))).toBe(false);
  });
});
