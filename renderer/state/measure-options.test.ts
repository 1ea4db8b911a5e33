import { expect, it } from 'vitest';
import { z } from 'zod';
import { optionFields, readOptions } from './measure-options.ts';

const measure = {
  options: z
    .object({
      clock: z.enum(['rate', 'fitted']).default('rate'),
      from: z.number().int().min(0).default(0),
      to: z.number({ error: 'the fit ends at a step' }).int().min(1).default(700),
      step: z.number().int().optional(),
    })
    .refine(({ from, to }) => to > from, 'a fit ends after it starts'),
};

it('has a field for every option with a value of its own', () => {
  expect(optionFields(measure).map(({ name, kind, initial, choices }) => [name, kind, initial, choices])).toEqual([
    ['clock', 'choice', 'rate', ['rate', 'fitted']],
    ['from', 'number', 0, []],
    ['to', 'number', 700, []],
  ]);
  expect(optionFields({ options: z.unknown() })).toEqual([]);
});

it('reads only what differs, and says what is wrong', () => {
  expect(readOptions(measure, { clock: 'fitted', from: '0', to: '1e2' })).toEqual({ options: { clock: 'fitted', to: 100 } });
  expect(readOptions(measure, { from: '800' })).toEqual({ problem: 'a fit ends after it starts.' });
  expect(readOptions(measure, { to: 'soon' })).toEqual({ problem: '"soon" is not a number.' });
});
