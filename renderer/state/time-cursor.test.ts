import fc from 'fast-check';
import { expect, it } from 'vitest';
import { placeOfStep, stepOfPlace, TimeCursor } from './time-cursor.svelte.ts';

it('places and steps are inverse on both scales', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.constantFrom('log', 'linear'),
      (total, share, scale) => {
        const step = Math.round(share * total);
        expect(stepOfPlace(placeOfStep(step, total, scale as 'log'), total, scale as 'log')).toBe(step);
      },
    ),
  );
  expect(placeOfStep(0, 100, 'log')).toBe(0);
  expect(placeOfStep(100, 100, 'log')).toBe(1);
});

it('follows the newest step until it is scrubbed, and again when asked', () => {
  let latest = 5;
  const cursor = new TimeCursor(
    () => latest,
    () => 100,
  );
  expect(cursor.step).toBe(5);
  latest = 9;
  expect(cursor.step).toBe(9);
  cursor.scrub(3.4);
  latest = 20;
  expect(cursor.step).toBe(3);
  cursor.scrub(50);
  expect(cursor.step).toBe(20);
  cursor.follow();
  latest = 30;
  expect(cursor.step).toBe(30);
});

it('plays from the start to the end and then follows', () => {
  const cursor = new TimeCursor(
    () => 1000,
    () => 1000,
  );
  cursor.togglePlay();
  expect(cursor.step).toBe(0);
  const seen = [0];
  for (let i = 0; i < 2000 && cursor.playing; i++) {
    cursor.advance(1 / 60);
    seen.push(cursor.step);
  }
  expect(cursor.following).toBe(true);
  expect(seen.at(-1)).toBe(1000);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
  expect(new Set(seen).size).toBeGreaterThan(200);
});

it('pauses a film where it is', () => {
  const cursor = new TimeCursor(
    () => 1000,
    () => 1000,
  );
  cursor.togglePlay();
  cursor.advance(6);
  const { step } = cursor;
  cursor.togglePlay();
  cursor.advance(6);
  expect(cursor.step).toBe(step);
  expect(step).toBeGreaterThan(0);
});
