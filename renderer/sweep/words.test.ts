import { describe, expect, it } from 'vitest';
import { experimentById } from '#app/experiments/registry.ts';
import { SweepMap, type MapAxis } from '#app/sweeps/map.ts';
import { resultOf, sweepOf } from '#renderer/testing/sweeps.ts';
import { regionOf } from './region.ts';
import { cellText, failuresAlike, mapTicks, placeText } from './words.ts';

const experiment = experimentById('effective-theory');

describe('a cell in words', () => {
  const map = new SweepMap(experiment, sweepOf(), { outcome: 'testAccuracy' });
  map.put(resultOf(1, 0, 'grokking', { outcomes: { testAccuracy: 0.25 } }));
  map.put(resultOf(1, 1, 'grokking', { outcomes: { testAccuracy: 0.75 } }));
  map.put(resultOf(2, 0, '', { state: 'diverged', outcomes: {} }));
  map.put(resultOf(3, 0, '', { state: 'failed', outcomes: {} }));

  it('says where it is, what it came to, and how sure that is', () => {
    expect(placeText(map, 1)).toBe('Embedding rate 0.01, Decoder rate 0.001');
    expect(cellText(experiment, map, 1)).toBe('0.5, from 0.25 to 0.75');
    expect(cellText(experiment, map, 2)).toBe('diverged, 1 of 2 trials');
    expect(cellText(experiment, map, 3)).toBe('no value, 1 of 2 trials, 1 failed');
    expect(cellText(experiment, map, 0)).toBe('not trained yet');
  });

  it('tells alike failures once', () => {
    const failed = (point: number, message: string | null) => resultOf(point, 0, '', { state: 'failed', message });
    expect(failuresAlike([failed(0, 'A.'), failed(1, null), failed(4, 'A.')])).toEqual([
      ['A.', [0, 4]],
      ['It failed and did not say why.', [1]],
    ]);
  });
});

describe('the names along an axis', () => {
  const axisOf = (values: readonly number[], scale: MapAxis['scale']): MapAxis => ({
    parameter: 'p',
    label: 'p',
    unit: '',
    scale,
    values,
    planned: values,
    names: values.map(String),
    placeOf: () => 0,
  });
  const place = (index: number) => 20 * index;

  it('are all there where they have room', () => {
    expect(mapTicks(axisOf([1, 2, 3], 'linear'), place, () => 20).map(({ label }) => label)).toEqual(['1', '2', '3']);
  });

  it('are the powers of ten of a logarithm, else every so-and-so-many-th', () => {
    const decades = Array.from({ length: 13 }, (_, i) => 10 ** (-4 + i / 4));
    expect(mapTicks(axisOf(decades, 'log'), place, () => 60).map(({ label }) => label)).toEqual(['10⁻⁴', '10⁻³', '10⁻²', '10⁻¹']);
    const counts = Array.from({ length: 9 }, (_, i) => i);
    expect(mapTicks(axisOf(counts, 'linear'), place, () => 50).map(({ label }) => label)).toEqual(['0', '3', '6']);
  });
});

describe('a region to refine', () => {
  it('has the values of its corners, in whichever order they were chosen', () => {
    const { definition } = sweepOf();
    const map = new SweepMap(experiment, sweepOf());
    const expected = { columns: 2, rows: 2, values: { embeddingRate: [0.001, 0.01], decoderRate: [0.001, 0.01] } };
    expect(regionOf(map, definition, [0, 4])).toEqual(expected);
    expect(regionOf(map, definition, [4, 0])).toEqual(expected);
    expect(regionOf(map, definition, [1, 3])).toEqual(expected);
  });

  it('is none, with a sentence, where nothing can lie between', () => {
    const { definition } = sweepOf();
    const drawn = { ...definition, sampling: { kind: 'random', samples: 9, seed: 0 } as const };
    expect(regionOf(new SweepMap(experiment, { definition: drawn, added: [] }), drawn, [0, 1])).toMatch(/no grid to refine/);
    const third = { kind: 'list', parameter: 'objective', values: ['regression', 'classification'] } as const;
    const three = { ...definition, axes: [...definition.axes, { ...third, values: [...third.values] }] };
    const map = new SweepMap(experiment, { definition: three, added: [] }, { x: 'objective', y: 'decoderRate' });
    expect(regionOf(map, three, [0, 1])).toMatch(/Only the first two axes/);
  });
});
