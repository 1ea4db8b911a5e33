import { expect, it } from 'vitest';
import { z } from 'zod';
import type { Experiment } from '#app/experiments/experiment.ts';
import { field } from '#app/experiments/parameters.ts';
import { parameterRows } from './parameters.ts';

const words = (label: string) => ({ label, help: '', group: 'All' });
const one = { parameters: z.object({ rate: field(z.number(), words('Rate')), widths: field(z.array(z.number()), words('Widths')) }) };
const other = { parameters: z.object({ rate: field(z.number(), words('Rate')), noise: field(z.number(), words('Noise')) }) };
const of = (experiment: unknown, parameters: Record<string, unknown>) => ({ experiment: experiment as Experiment, parameters });

it('tells which parameters of one experiment differ', () => {
  const rows = parameterRows([of(one, { rate: 0.1, widths: [4, 5] }), of(one, { rate: 0.2, widths: [4, 5] })]);
  expect(rows.map(({ label, values, differs }) => [label, values, differs])).toEqual([
    ['Rate', [0.1, 0.2], true],
    [
      'Widths',
      [
        [4, 5],
        [4, 5],
      ],
      false,
    ],
  ]);
});

it('leaves a place for parameters that an experiment does not have', () => {
  const rows = parameterRows([of(one, { rate: 0.1, widths: [4] }), of(other, { rate: 0.1, noise: 1, widths: 'stale' })]);
  expect(rows.map(({ name, values, differs }) => [name, values, differs])).toEqual([
    ['rate', [0.1, 0.1], false],
    ['widths', [[4], undefined], true],
    ['noise', [undefined, 1], true],
  ]);
});
