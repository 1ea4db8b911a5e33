import { expect, it } from 'vitest';
import type { Session } from '#app/engine/types.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { runTo, sliceMilliseconds } from './slices.ts';

/** A session that only counts and takes its time. */
function session(milliseconds: number): Session & { readonly calls: number[] } {
  const calls: number[] = [];
  let step = 0;
  const run = (steps: number): void => {
    calls.push(steps);
    const end = performance.now() + steps * milliseconds;
    while (performance.now() < end);
    step += steps;
  };
  return {
    calls,
    run,
    get step() {
      return step;
    },
  } as Session & { readonly calls: number[] };
}

it('looks up at least once a slice, however long a step takes', async () => {
  for (const milliseconds of [0.05, 5, 20]) {
    const steps = Math.ceil(300 / milliseconds);
    const slow = session(milliseconds);
    const looks: number[] = [];
    await runTo(slow, steps, () => looks.push(performance.now()));
    expect(slow.step).toBe(steps);
    expect(slow.calls.reduce((sum, taken) => sum + taken, 0)).toBe(steps);
    // Fewer slices than steps where steps are short, and no slice much longer than it may be.
    expect(looks.length).toBeGreaterThan((0.5 * 300) / (sliceMilliseconds + milliseconds));
    if (milliseconds < 1) expect(looks.length).toBeLessThan(steps / 20);
    if (milliseconds === 20) expect(slow.calls.every((taken) => taken === 1)).toBe(true);
  }
});

it('ends with what the look throws, within a slice of it, and lets messages in meanwhile', async () => {
  const slow = session(20);
  let cancelled = false;
  let asked = 0;
  setTimeout(() => {
    cancelled = true;
    asked = performance.now();
  }, 60);
  const cancelledError = new LotkaError('cancelled', 'It was cancelled.');
  await expect(
    runTo(slow, 1000, () => {
      if (cancelled) throw cancelledError;
    }),
  ).rejects.toBe(cancelledError);
  expect(performance.now() - asked).toBeLessThan(process.env.LOTKA_STRICT_TIMES ? 100 : 1000);
  expect(slow.step).toBeLessThan(1000);
});
