/** What the texts of the presets promise, trained. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { wasmBackend } from '#app/engine/index.ts';
import { compileKernels } from '#app/engine/kernels/compile.mjs';
import { partOf } from '../parts.ts';
import { trainInMemory } from '../testing.ts';
import experimentObject from './experiment.ts';
import type { Experiment } from '../experiment.ts';

const backend = wasmBackend(await readFile((await compileKernels()).wasm));

/** Outcomes of a preset trained to its end. */
function outcomesOfPreset(id: string) {
  const { parameters } = partOf(experimentObject as unknown as Experiment, 'presets', id) as (typeof experimentObject.presets)[number];
  return experimentObject.outcomesOf(trainInMemory(experimentObject, parameters, backend).run) as Record<string, number | null> & {
    readonly phase: string;
  };
}

test('paper and classification: the symbols line up and the network comprehends', () => {
  for (const [id, latest] of [
    ['paper', 1500],
    ['classification', 1000],
  ] as const) {
    const { phase, rqi, testAccuracy, stepsToLinear, stepsToFit } = outcomesOfPreset(id);
    expect({ id, phase, rqi, testAccuracy }).toEqual({ id, phase: 'comprehension', rqi: 1, testAccuracy: 1 });
    expect(stepsToLinear).toBeGreaterThan(400);
    expect(stepsToLinear).toBeLessThan(latest);
    expect(stepsToFit).toBeLessThan(3000);
  }
});

test('memorization and confusion', () => {
  const memorized = outcomesOfPreset('memorization');
  expect(memorized.phase).toBe('memorization');
  expect(memorized.stepsToFit).toBeLessThan(400);
  expect(memorized.rqi).toBeLessThan(0.8);
  expect(outcomesOfPreset('confusion').phase).toBe('confusion');
});

test('two dimensions: training pairs right, parallelograms open', () => {
  const { phase, trainAccuracy, rqi, stepsToLinear } = outcomesOfPreset('two-dimensions');
  expect({ phase, trainAccuracy, stepsToLinear }).toEqual({ phase: 'memorization', trainAccuracy: 1, stepsToLinear: null });
  expect(rqi).toBeLessThan(0.8);
});

test('grokking: more than a thousand steps between fitting and generalising', () => {
  const { phase, delay } = outcomesOfPreset('grokking');
  expect(phase).toBe('grokking');
  expect(delay).toBeGreaterThan(5000);
});

test('permutations: all parallelograms of the group', () => {
  const { phase, rqi, testAccuracy } = outcomesOfPreset('permutations');
  expect({ phase, rqi, testAccuracy }).toEqual({ phase: 'comprehension', rqi: 1, testAccuracy: 1 });
});

test('modular addition: grokking without parallelograms', () => {
  const { phase, rqi, testAccuracy } = outcomesOfPreset('modular');
  expect(phase).toBe('grokking');
  expect(rqi).toBeLessThan(0.1);
  expect(testAccuracy).toBeGreaterThan(0.9);
});

test('transformer: more than a thousand steps between fitting and generalising', () => {
  const { phase, testAccuracy } = outcomesOfPreset('transformer');
  expect(phase).toBe('grokking');
  expect(testAccuracy).toBeGreaterThan(0.9);
});
