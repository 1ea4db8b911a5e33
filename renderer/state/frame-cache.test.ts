import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FrameCache, indexAtOrBefore } from './frame-cache.ts';

const frame = (step: number) => ({ step, shape: [2], values: new Float32Array([step, step]) });
const frameBytes = 8;

it('keeps the frames that were used last, within its budget', () => {
  const cache = new FrameCache(3 * frameBytes);
  for (const step of [0, 10, 20]) cache.put(frame(step));
  cache.get(0);
  cache.put(frame(30));
  expect([0, 10, 20, 30].filter((step) => cache.has(step))).toEqual([0, 20, 30]);
  expect(cache.bytes).toBe(3 * frameBytes);
});

it('finds the nearest frame before, then after', () => {
  const cache = new FrameCache(1000);
  cache.put(frame(10));
  cache.put(frame(30));
  expect([5, 10, 29, 30, 99].map((step) => cache.nearest(step)?.step)).toEqual([10, 10, 10, 30, 30]);
  cache.dropAfter(10);
  expect(cache.nearest(99)?.step).toBe(10);
  expect(cache.bytes).toBe(frameBytes);
});

it('counts the same bytes as it holds after any sequence of puts', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 60 }), (steps) => {
      const cache = new FrameCache(5 * frameBytes);
      for (const step of steps) cache.put(frame(step));
      const held = Array.from({ length: 21 }, (_, step) => step).filter((step) => cache.has(step));
      expect(cache.bytes).toBe(held.length * frameBytes);
      expect(held.length).toBe(Math.min(5, new Set(steps).size));
    }),
  );
});

it('finds the last entry at or before a step', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 100 })), fc.integer({ min: -5, max: 105 }), (unsorted, step) => {
      const steps = [...unsorted].sort((a, b) => a - b);
      expect(indexAtOrBefore(steps, step)).toBe(steps.filter((entry) => entry <= step).length - 1);
    }),
  );
});
