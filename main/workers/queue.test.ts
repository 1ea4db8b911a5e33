import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareTurns, giverOfWay, type Priority, type Turn } from './queue.ts';

const priorities: readonly Priority[] = ['watched', 'started', 'background'];
const turns = fc
  .array(fc.record({ priority: fc.constantFrom(...priorities), begun: fc.boolean() }), { maxLength: 12 })
  .map((given) => given.map((turn, sequence): Turn => ({ ...turn, sequence })));

const turn = (priority: Priority, sequence: number, begun = false): Turn => ({ priority, sequence, begun });

it('serves what is watched, then what was started, then the rest, each in the order of arrival', () => {
  const waiting = [turn('background', 0), turn('started', 1), turn('watched', 2), turn('started', 3), turn('watched', 4)];
  expect(waiting.sort(compareTurns).map(({ sequence }) => sequence)).toEqual([2, 4, 1, 3, 0]);
});

it('lets what has begun go on before what merely waits, unless that is watched', () => {
  const waiting = [turn('started', 1), turn('background', 0, true), turn('watched', 2)];
  expect(waiting.sort(compareTurns).map(({ sequence }) => sequence)).toEqual([2, 0, 1]);
});

it('is a total order that never turns around two of one kind', () => {
  fc.assert(
    fc.property(turns, (given) => {
      const sorted = [...given].sort(compareTurns);
      for (const [i, a] of sorted.entries())
        for (const b of sorted.slice(i + 1)) {
          expect(compareTurns(a, b)).toBeLessThan(0);
          if (a.priority === b.priority && a.begun === b.begun) expect(a.sequence).toBeLessThan(b.sequence);
          if (b.priority === 'watched') expect(a.priority).toBe('watched');
        }
    }),
  );
});

it('asks the latest background work to give way, and nobody else', () => {
  fc.assert(
    fc.property(turns, (active) => {
      const background = active.filter(({ priority }) => priority === 'background');
      expect(giverOfWay(active)).toBe(background.at(-1) ?? null);
    }),
  );
});
