import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sharedEvents, shiftsTo } from './events.ts';

const event = (id: string, step: number) => ({ id, label: id, step, rule: '' });

it('knows the events that all runs have', () => {
  const [one, other] = [
    [event('fits', 10), event('groks', 50)],
    [event('groks', 90), event('diverges', 95)],
  ];
  expect(sharedEvents([one!, other!]).map(({ id }) => id)).toEqual(['groks']);
  expect(sharedEvents([])).toEqual([]);
  expect(shiftsTo('fits', [one!, other!])).toBeNull();
  expect(shiftsTo('groks', [])).toBeNull();
});

it('moves runs, never to the left, so that the event comes at once', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(100_000), { minLength: 1, maxLength: 6 }), (steps) => {
      const found = shiftsTo(
        'e',
        steps.map((step) => [event('e', step)]),
      )!;
      expect(Math.min(...found.shifts)).toBe(0);
      found.shifts.forEach((shift, index) => expect(steps[index]! + shift).toBe(found.at));
    }),
  );
});
