import { expect, it } from 'vitest';
import { publishedMaps } from './published.ts';

it('holds a phase for every cell, with all four phases on each map', () => {
  const counts = publishedMaps.map(({ x, y, cells }) => {
    expect(cells).toHaveLength(x.values.length * y.values.length);
    const count: Record<string, number> = {};
    for (const cell of cells) count[String(cell)] = (count[String(cell)] ?? 0) + 1;
    return count;
  });
  expect(counts[1]).toEqual({ comprehension: 16, grokking: 16, memorization: 50, confusion: 39 });
  expect(Object.keys(counts[0]).sort()).toEqual(['comprehension', 'confusion', 'grokking', 'memorization']);
});

it('spaces its logarithmic axes evenly', () => {
  for (const { x } of publishedMaps) {
    const ratios = x.values.slice(1).map((value, i) => value / x.values[i]);
    for (const ratio of ratios) expect(ratio).toBeCloseTo(ratios[0], 7);
  }
});
