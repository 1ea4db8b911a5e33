import { describe, expect, it } from 'vitest';
import { parseParameters } from '#app/experiments/parameters.ts';
import { checkDefinition } from '#app/sweeps/definition.ts';
import { pointsOf } from '#app/sweeps/points.ts';
import { resultOf } from '#app/sweeps/testing.ts';
import { trialParameters } from '#app/sweeps/trials.ts';
import { isLandscape, landscapeDefinition, sliceOf } from './definition.ts';
import { landscapeOf } from './reduced.ts';
import { officialTable, pinned } from './testing.ts';

const run = parseParameters(pinned, null, { alpha: 2, decay: 0.5, seed: 9, steps: 100_000 });
const definition = landscapeDefinition(pinned, run);
const record = { definition, added: [] };
const initialNorm = (seed: number) => 8.8 + 0.1 * seed;

/** Trials whose values are the official ones, times a factor that differs between seeds. */
const results = pointsOf(pinned, definition, []).count * 3;
const trial = (point: number, seed: number) => {
  const { norm, train, test } = officialTable[point];
  const factor = [1, 0.5, 3][seed];
  return resultOf(point, seed, {
    norm: norm * initialNorm(seed),
    trainLoss: train * factor,
    testLoss: test * factor,
    trainError: 0,
    testError: null,
  });
};
const all = Array.from({ length: results }, (_, i) => trial(i % 11, Math.floor(i / 11)));

describe('the sweep of a run', () => {
  it('pins norms over the scale of initial parameters and keeps what decides the landscape', () => {
    checkDefinition(definition, pinned);
    expect(definition.axes).toEqual([{ kind: 'range', parameter: 'alpha', scale: 'log', from: 0.1, to: 10, count: 11 }]);
    const first = trialParameters(pinned, definition, pointsOf(pinned, definition, []).at(0), 2);
    expect(first).toMatchObject({ alpha: 0.1, pinNorm: true, pinnedNorm: 0, decay: 0, steps: 50, seed: 2, samples: 100 });
  });

  it('is found again for runs that move on it, and for no others', () => {
    expect(isLandscape(pinned, definition)).toBe(true);
    expect(sliceOf(pinned, definition, run)).toEqual({});
    expect(sliceOf(pinned, definition, { ...run, decay: 7, seed: 5, alpha: 8, pinNorm: true, pinnedNorm: 3 })).toEqual({});
    expect(sliceOf(pinned, definition, { ...run, samples: 101 })).toBeNull();
    // The depth does not apply to this kind.
    expect(sliceOf(pinned, definition, { ...run, depth: 3 })).toEqual({});
    expect(sliceOf(pinned, definition, { ...run, kind: 'two' })).toBeNull();
    expect(isLandscape(pinned, { ...definition, parameters: { ...definition.parameters, pinNorm: false } })).toBe(false);
    expect(isLandscape(pinned, { ...definition, parameters: { ...definition.parameters, decay: 0.1 } })).toBe(false);
    expect(isLandscape(pinned, { ...definition, parameters: { unknown: 1 } })).toBe(false);
  });

  it('may have a further axis, on which a run has its own slice', () => {
    const across = landscapeDefinition(pinned, run, { across: { kind: 'list', parameter: 'samples', values: [50, 100] } });
    checkDefinition(across, pinned);
    expect(sliceOf(pinned, across, run)).toEqual({ samples: 100 });
    expect(sliceOf(pinned, across, { ...run, samples: 70 })).toBeNull();
    const some = [resultOf(0, 0, trial(0, 0).outcomes), resultOf(11, 0, trial(5, 0).outcomes)];
    expect(landscapeOf(pinned, { definition: across, added: [] }, some, { at: { samples: 100 } }).points.map(({ scale }) => scale)).toEqual(
      [0.1],
    );
    expect(landscapeOf(pinned, { definition: across, added: [] }, some, { at: { samples: 100 } }).points[0].test.median).toBe(7.8e-5);
  });

  it('refuses scales that are none', () => {
    expect(() => landscapeDefinition(pinned, run, { scales: { from: 0, to: 10, count: 5 } })).toThrow(/above 0 .* e\.g\. 0\.1 to 10/);
    expect(() => landscapeDefinition({ ...pinned, landscape: null }, run)).toThrow('pinned has no landscape');
  });
});

describe('reduced curves', () => {
  const landscape = landscapeOf(pinned, record, all);

  it('have least, median and greatest over seeds, by growing norm', () => {
    expect(landscape.points).toHaveLength(11);
    expect(landscape.points[5]).toEqual({
      scale: 1,
      norm: { low: 8.8, median: 8.9, high: 9, count: 3 },
      train: { low: 5e-7, median: 1e-6, high: 3 * 1e-6, count: 3 },
      test: { low: 3.9e-5, median: 7.8e-5, high: 3 * 7.8e-5, count: 3 },
    });
    expect(landscape).toMatchObject({ results: 33, missing: 0 });
  });

  it('have a w_c with the spread of what each seed says', () => {
    expect(landscape.shape!.minimum.norm / 8.9).toBeCloseTo(0.806, 2);
    const { low, median, high, count } = landscape.criticalNorm!;
    expect([low / 8.8, median / 8.9, high / 9].map((value) => value.toFixed(3))).toEqual(['0.806', '0.806', '0.806']);
    expect(count).toBe(3);
  });

  it('are drawn from what is there while the sweep computes', () => {
    const early = landscapeOf(pinned, record, all.slice(0, 2));
    expect(early).toMatchObject({ shape: null, criticalNorm: null, results: 2, missing: 31 });
    expect(landscapeOf(pinned, record, [])).toMatchObject({ points: [], shape: null, missing: 33 });
  });

  it('leave out trials without a value', () => {
    expect(landscapeOf(pinned, record, all, { curve: 'error' })).toMatchObject({ points: [], results: 0, missing: 33 });
    const diverged = resultOf(3, 0, { norm: 3, trainLoss: null, testLoss: 1 }, 'diverged');
    expect(landscapeOf(pinned, record, [diverged]).points).toEqual([]);
  });

  it('do not depend on the order in which trials come', () => {
    expect(landscapeOf(pinned, record, [...all].reverse())).toEqual(landscape);
  });

  it('say what is missing', () => {
    expect(() => landscapeOf(pinned, record, all, { curve: 'accuracy' })).toThrow(
      'There is no landscape curve "accuracy"; there are loss, error.',
    );
    const other = { ...definition, axes: [{ kind: 'list' as const, parameter: 'samples', values: [1, 2] }] };
    expect(() => landscapeOf(pinned, { definition: other, added: [] }, [])).toThrow('an axis over alpha; this sweep has samples');
  });
});
