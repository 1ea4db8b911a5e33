import fc from 'fast-check';
import { expect, it } from 'vitest';
import { datasets } from '#main/datasets/source.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { memoryOf } from './cost.ts';
import { largestFitting, memoryOfTraining, requireMemory } from './memory.ts';
import { parseParameters } from './parameters.ts';
import { experiments } from './registry.ts';

const sizes = fc.record({
  modulus: fc.integer({ min: 5, max: 23 }),
  embeddingWidth: fc.integer({ min: 2, max: 24 }),
  hiddenWidths: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 3 }),
  steps: fc.integer({ min: 1, max: 5000 }),
  precision: fc.constantFrom('f32', 'f64'),
  freezeEmbedding: fc.boolean(),
});

it.each(experiments.filter(({ id }) => id === 'survival'))('$id: what is estimated is what the compiled program takes', (experiment) => {
  fc.assert(
    fc.property(sizes, (given) => {
      const parameters = parseParameters(experiment, null, given);
      const estimate = experiment.estimate(parameters, datasets);
      const training = experiment.build(parameters, datasets);
      expect(estimate.arenaBytes).toBe(training.program.info.arenaBytes);
      expect(memoryOf(estimate)).toBe(memoryOfTraining(training));
      expect(estimate.flopsPerStep).toBe(training.program.info.flopsPerStep);
    }),
    { numRuns: 25 },
  );
});

it.each(experiments)('$id: every preset is estimated as what it takes', (experiment) => {
  for (const { parameters } of experiment.presets)
    expect(memoryOf(experiment.estimate(parameters, datasets))).toBe(memoryOfTraining(experiment.build(parameters, datasets)));
});

const [survival] = experiments.filter(({ id }) => id === 'survival');
const parameters = parseParameters(survival!, 'fast', {});

it('refuses a run that needs more than it may take, with what would fit and fits', () => {
  const training = survival!.build(parameters, datasets);
  const needed = memoryOfTraining(training);
  expect(() => requireMemory(survival!, parameters, training, needed, datasets)).not.toThrow();
  for (const share of [0.99, 0.6, 0.3]) {
    const limit = Math.floor(share * needed);
    const fitting = largestFitting(survival!, parameters, limit, datasets);
    expect(() => requireMemory(survival!, parameters, training, limit, datasets)).toThrow(
      expect.objectContaining({
        code: 'bad-input',
        message: expect.stringContaining(`; ${fitting!.name} = ${String(fitting!.value)} would fit, or`) as string,
      }) as LotkaError,
    );
    const smaller = { ...parameters, [fitting!.name]: fitting!.value };
    expect(memoryOf(survival!.estimate(smaller, datasets))).toBeLessThanOrEqual(limit);
  }
});

it('scales widths of layers together, as little as it takes', () => {
  const wide = parseParameters(survival!, 'fast', { hiddenWidths: [600, 300], steps: 10 });
  const needed = memoryOf(survival!.estimate(wide, datasets));
  const fitting = largestFitting(survival!, wide, needed / 2, datasets);
  expect(fitting?.name).toBe('hiddenWidths');
  const [first, second] = fitting!.value as number[];
  expect(Math.abs(first! - 2 * second!)).toBeLessThanOrEqual(1);
  expect(memoryOf(survival!.estimate({ ...wide, hiddenWidths: [first! + 2, second! + 1] }, datasets))).toBeGreaterThan(needed / 2);
});

it('says so when no single parameter helps', () => {
  expect(() => requireMemory(survival!, parameters, survival!.build(parameters, datasets), 1000, datasets)).toThrow(
    /may take 1 kB; a smaller network or fewer steps would fit, or allow a run more memory in Settings\.$/,
  );
});
