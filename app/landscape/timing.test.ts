import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decayedNorm, generalisationTime, timingLaw, type TimedRun } from './timing.ts';

const start = { initialNorm: 17.6, learningRate: 3e-4, weightDecay: 1 };

it('predicts what the paper set-up shows: from 17.6 to 10.9 in about 1600 steps', () => {
  expect(generalisationTime(start, 10.9)).toBeCloseTo(1597, 0);
  expect(generalisationTime({ ...start, weightDecay: 0.25 }, 10.9) / generalisationTime(start, 10.9)).toBeCloseTo(4, 12);
});

it('needs no time inside the zone, and for ever without decay', () => {
  expect(generalisationTime({ ...start, initialNorm: 4 }, 10.9)).toBe(0);
  expect(generalisationTime({ ...start, weightDecay: 0 }, 10.9)).toBe(Infinity);
  expect(generalisationTime({ ...start, initialNorm: 4, weightDecay: 0 }, 10.9)).toBe(0);
});

it('meets w_c at the time it predicts', () => {
  const positive = (min: number, max: number) => fc.double({ min, max, noNaN: true });
  fc.assert(
    fc.property(
      positive(1, 100),
      positive(1e-5, 0.1),
      positive(1e-3, 10),
      positive(0.01, 0.99),
      (initialNorm, learningRate, weightDecay, share) => {
        const decay = { initialNorm, learningRate, weightDecay };
        expect(decayedNorm(decay, generalisationTime(decay, share * initialNorm))).toBeCloseTo(share * initialNorm, 8);
      },
    ),
  );
});

describe('the law', () => {
  const run = (weightDecay: number, seed: number, generalised: number | null, fitted = 800): TimedRun => ({
    ...start,
    weightDecay,
    seed,
    fitted,
    generalised,
    normAtGeneralising: generalised === null ? null : 10.5,
  });

  it('of runs that keep it has a slope of -1 and no error', () => {
    const law = timingLaw([0.25, 0.5, 1].flatMap((decay) => [run(decay, 0, 1600 / decay), run(decay, 1, 1800 / decay)]));
    expect(law.slope).toBeCloseTo(-1, 12);
    expect(law.slopes).toMatchObject({ count: 2 });
    expect(law.slopes!.low).toBeCloseTo(-1, 12);
    expect(law.walk).toMatchObject({ count: 6 });
    expect(law.walk!.low).toBeCloseTo(1600 * 3e-4, 12);
    expect(law.fittingRatio).toBe(1);
    expect(law.slopeError).toBeGreaterThan(0);
  });

  it('of the measured times has the slope that they have', () => {
    // t γ of 1590, 1740 and 2200 at γ = .25, .5 and 1; fits after 840, 800 and 680 steps.
    const law = timingLaw([run(0.25, 0, 1590 / 0.25, 840), run(0.5, 0, 1740 / 0.5, 800), run(1, 0, 2200, 680)]);
    expect(law.slope).toBeCloseTo(-0.766, 3);
    expect(law.fittingRatio).toBeCloseTo(840 / 680, 12);
  });

  it('counts runs that never generalise, and has no slope without two decays', () => {
    const law = timingLaw([run(1, 0, 1600), run(1, 1, 1700), run(4, 0, null)]);
    expect(law.slope).toBeNaN();
    expect(law.never).toBe(1);
    expect(law.slopes).toBeNull();
    expect(timingLaw([])).toMatchObject({ never: 0, walk: null });
  });
});
