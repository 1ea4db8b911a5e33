import { totalmem } from 'node:os';
import { expect, it } from 'vitest';
import { bytesPerRun } from './run-memory.ts';

it('shares half of the machine among the workers, and never gives less than 256 MB', () => {
  const one = bytesPerRun(1, {}, {});
  expect(one).toBeLessThanOrEqual(totalmem() / 2);
  expect(bytesPerRun(2, {}, {})).toBe(Math.max(2 ** 28, Math.floor(one / 2)));
  expect(bytesPerRun(256, {}, {})).toBe(Math.max(2 ** 28, Math.floor(one / 256)));
});

it('takes the environment before Settings, and Settings before the default', () => {
  expect(bytesPerRun(2, { runMemory: 512 }, {})).toBe(2 ** 29);
  expect(bytesPerRun(2, { runMemory: 512 }, { LOTKA_RUN_MEMORY: '64' })).toBe(2 ** 26);
  expect(bytesPerRun(2, { runMemory: 'much' }, {})).toBe(bytesPerRun(2, {}, {}));
  expect(bytesPerRun(2, { runMemory: 1 }, { LOTKA_RUN_MEMORY: '' })).toBe(bytesPerRun(2, {}, {}));
});

it.each(['much', '0', '-3', 'Infinity'])('refuses LOTKA_RUN_MEMORY = %s with a sentence', (given) => {
  expect(() => bytesPerRun(2, {}, { LOTKA_RUN_MEMORY: given })).toThrow(
    `LOTKA_RUN_MEMORY = ${given} cannot be used: it is a number of megabytes from 16.`,
  );
});
