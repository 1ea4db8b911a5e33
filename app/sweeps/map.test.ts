import { describe, expect, it } from 'vitest';
import type { PublishedMap } from '#app/experiments/experiment.ts';
import { isoLine } from './iso.ts';
import { agreementWith, SweepMap } from './map.ts';
import { marginal } from './marginals.ts';
import { definitionOf, mapped, resultOf } from './testing.ts';

const threeSeeds = { seeds: { parameters: ['seed'], first: 0, count: 3 } };
const record = (columns: number, rows: number, more = {}) => ({ definition: definitionOf(columns, rows, more), added: [] });

describe('a map', () => {
  it('has the majority of a phase, and hatches where seeds disagree or most are trapped', () => {
    const map = new SweepMap(mapped, record(3, 2, threeSeeds));
    expect(map.cell(4)).toMatchObject({ state: 'empty', value: null });
    expect(map.put(resultOf(4, 0, { phase: 'grokking', loss: 0.5 }))).toBe(4);
    expect(map.cell(4)).toMatchObject({ state: 'partial', value: 'grokking', agreement: 1, hatches: ['trapped'] });
    map.put(resultOf(4, 1, { phase: 'confusion', loss: 2 }));
    expect(map.cell(4)).toMatchObject({ value: 'grokking', tied: true, hatches: ['seeds-disagree'] });
    map.put(resultOf(4, 2, { phase: 'confusion', loss: 3 }, 'diverged'));
    expect(map.cell(4)).toMatchObject({ state: 'complete', value: 'confusion', tied: false, finished: 2, diverged: 1 });
    expect(map.cell(4).agreement).toBeCloseTo(2 / 3);
    map.put(resultOf(4, 2, {}, 'failed'));
    expect(map.cell(4)).toMatchObject({ failed: 1, value: 'grokking' });
  });

  it('has the median of a number with its ends, of one seed when asked', () => {
    const choice = { outcome: 'loss' };
    const maps = [
      new SweepMap(mapped, record(3, 2, threeSeeds), choice),
      new SweepMap(mapped, record(3, 2, threeSeeds), { ...choice, seed: 1 }),
    ];
    for (const map of maps) [4, 1, 9].forEach((loss, seed) => map.put(resultOf(0, seed, { loss })));
    expect(maps[0].cell(0)).toMatchObject({ value: 4, low: 1, high: 9 });
    expect(maps[1].cell(0)).toMatchObject({ value: 1, state: 'complete' });
    expect(maps[0].range()).toEqual([4, 4]);
    expect(maps[0].cell(0).hatches).toEqual([]);
    // Where a seed never came to a number the others' median is not that of all.
    maps[0].put(resultOf(0, 2, { loss: null }));
    expect(maps[0].cell(0)).toMatchObject({ value: 2.5, hatches: ['seeds-disagree'] });
  });

  it('shows a slice of further axes', () => {
    const more = { axes: [...definitionOf(2, 2).axes, { kind: 'list', parameter: 'kind', values: ['one', 'two'] }] };
    const map = new SweepMap(mapped, record(2, 2, more), { at: { kind: 'two' }, x: 'decay', y: 'rate' });
    expect(map.placeOf(1)).toBeNull();
    // Point 5 is the second rate and the first decay of the second kind: column 0, row 1 of this map.
    expect(map.put(resultOf(5, 0, { phase: 'grokking' }))).toBe(2);
    expect(map.x.parameter).toBe('decay');
  });

  it('gathers sampled points in bins', () => {
    const map = new SweepMap(mapped, record(2, 2, { sampling: { kind: 'latin', samples: 100, seed: 0 } }));
    const places = Array.from({ length: 100 }, (_, point) => map.placeOf(point));
    expect(map.size).toBe(100);
    expect(places.every((place) => place !== null)).toBe(true);
    expect(new Set(places).size).toBeGreaterThan(40);
  });

  it('shows what is inferred until something is trained there', () => {
    const map = new SweepMap(mapped, record(3, 3));
    expect(map.infer(new Map([[4, 'grokking']]), 'phase')).toEqual([4]);
    expect(map.cell(4)).toMatchObject({ state: 'inferred', value: 'grokking' });
    map.put(resultOf(4, 0, { phase: 'confusion' }));
    expect(map.cell(4)).toMatchObject({ state: 'complete', value: 'confusion' });
  });

  it('tells how much of a published map it repeats', () => {
    const map = new SweepMap(mapped, record(3, 1));
    ['grokking', 'confusion', 'grokking'].forEach((phase, point) => map.put(resultOf(point, 0, { phase })));
    const published = {
      x: { parameter: 'rate', values: [1e-4, 1.001e-3, 1e-2] },
      y: { parameter: 'decay', values: [0] },
      outcome: 'phase',
      cells: ['grokking', 'grokking', null],
    } as unknown as PublishedMap;
    expect(agreementWith(map, published)).toEqual({ compared: 2, equal: 1, share: 0.5 });
  });

  it('is averaged along an axis', () => {
    const map = new SweepMap(mapped, record(2, 3), { outcome: 'loss' });
    [1, 2, 3, 4, 5, 6].forEach((loss, point) => map.put(resultOf(point, 0, { loss })));
    expect(marginal(map, 'x').map(({ median, count }) => [median, count])).toEqual([
      [3, 3],
      [4, 3],
    ]);
  });
});

describe('a line of equal value', () => {
  it('is straight over a slope', () => {
    const values = Float64Array.from({ length: 20 }, (_, index) => index % 5);
    const pieces = isoLine(values, 5, 2.5);
    expect(pieces.filter((_, index) => index % 2 === 0)).toEqual(Array.from({ length: 6 }, () => 2.5));
  });

  it('goes round a peak and ends where there is nothing', () => {
    const peak = Float64Array.from({ length: 9 }, (_, index) => (index === 4 ? 1 : 0));
    expect(isoLine(peak, 3, 0.5).length).toBe(16);
    expect(
      isoLine(
        peak.map((value, index) => (index === 0 ? NaN : value)),
        3,
        0.5,
      ).length,
    ).toBe(12);
  });
});
