import { expect, it } from 'vitest';
import { z } from 'zod';
import type { Experiment, Parameters } from '#app/experiments/experiment.ts';
import { field } from '#app/experiments/parameters.ts';
import { distinctNames, type NamedRun } from './names.ts';

const words = (label: string) => ({ label, help: '', group: 'All' });
const experiment = {
  id: 'survival',
  parameters: z.object({
    steps: field(z.number(), words('Steps')),
    rate: field(z.number(), words('Learning rate')),
    norm: field(z.string(), words('L2 norm')),
  }),
} as unknown as Experiment;
const run = (id: string, name: string, parameters: Parameters | null): NamedRun => ({
  id: `survival-20260101-${id}`,
  name,
  setting: parameters && { experiment, parameters },
});

it('keeps names that differ, and calls others by the parameter that tells them apart', () => {
  const runs = [
    run('a1b2', 'own', { steps: 10, rate: 0.1, norm: 'free' }),
    run('c3d4', 'slow', { steps: 10, rate: 0.1, norm: 'free' }),
    run('e5f6', 'own', { steps: 20, rate: 0.2, norm: 'free' }),
    run('0a0b', 'own', { steps: 20, rate: 0.3, norm: 'free' }),
  ];
  expect(distinctNames(runs)).toEqual(['learning rate 0.1', 'slow', 'learning rate 0.2', 'learning rate 0.3']);
});

it('takes several parameters where none is enough, and the id where all are equal or unknown', () => {
  const equal = { steps: 10, rate: 0.1, norm: 'free' };
  const runs = [run('a1b2', 'own', { ...equal, steps: 20 }), run('c3d4', 'own', { ...equal, norm: 'held' }), run('e5f6', 'own', equal)];
  expect(distinctNames(runs)).toEqual(['steps 20, L2 norm free', 'steps 10, L2 norm held', 'steps 10, L2 norm free']);
  expect(distinctNames([run('a1b2', 'own', equal), run('c3d4', 'own', equal)])).toEqual(['own (a1b2)', 'own (c3d4)']);
  expect(distinctNames([run('a1b2', 'own', equal), run('c3d4', 'own', null)])).toEqual(['own (a1b2)', 'own (c3d4)']);
});

it('leaves out what every name begins with', () => {
  const parameters = { steps: 10, rate: 0.1, norm: 'free' };
  const named = (...names: string[]) => distinctNames(names.map((name, i) => run(`a1b${i}`, name, parameters)));
  expect(named('survival fast', 'survival paper')).toEqual(['fast', 'paper']);
  expect(named('survival fast', 'mine')).toEqual(['survival fast', 'mine']);
  expect(named('survival fast')).toEqual(['survival fast']);
  expect(named('rates, point 37, seed 0', 'rates, point 37, seed 1')).toEqual(['seed 0', 'seed 1']);
  expect(named('rates, point 3, seed 0', 'rates, point 37, seed 0')).toEqual(['point 3, seed 0', 'point 37, seed 0']);
});
