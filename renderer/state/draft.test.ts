import { expect, it } from 'vitest';
import { experimentById } from '#app/experiments/registry.ts';
import { Draft } from './draft.svelte.ts';

const survival = experimentById('survival');

it('starts from a preset without problems', () => {
  for (const preset of survival.presets) {
    const draft = new Draft(survival, preset.id);
    expect(draft.problems).toEqual({});
    expect(draft.parameters).toEqual(preset.parameters);
    expect(draft.matchingPreset?.id).toBe(preset.id);
  }
});

it('says what is wrong with a value, and has no parameters until it is right', () => {
  const draft = new Draft(survival, 'fast');
  draft.texts.learningRate = '40';
  expect(draft.problems.learningRate).toBe('The learning rate is a number above 0 and at most 10.');
  expect(draft.parameters).toBeNull();
  draft.texts.learningRate = 'fast';
  expect(draft.problems.learningRate).toBe('"fast" is not a number.');
  draft.revert('learningRate');
  expect(draft.parameters).toEqual(survival.presets[0]!.parameters);
});

it('checks parameters that belong together', () => {
  const draft = new Draft(survival, 'fast');
  draft.texts.circles = 'keep';
  draft.texts.circleFrequencies = '3, 40';
  expect(draft.problems.circleFrequencies).toContain('40');
  draft.texts.circleFrequencies = '3, 8';
  expect(draft.problems).toEqual({});
  expect(draft.changes).toEqual({ circles: 'keep', circleFrequencies: [3, 8] });
  expect(draft.matchingPreset).toBeNull();
});

it('says why a parameter has no effect', () => {
  const draft = new Draft(survival, 'fast');
  expect(draft.idleReason('circleFrequencies')).toMatch(/^Applies when Initial circles is Only these or /);
  draft.texts.circles = 'keep';
  expect(draft.idleReason('circleFrequencies')).toBeNull();
  expect(draft.idleReason('modulus')).toBeNull();
});

it('recognises a preset whose values were typed', () => {
  const draft = new Draft(survival, 'paper');
  draft.texts.steps = '1400';
  expect(draft.matchingPreset).toBeNull();
  draft.texts.steps = '1500';
  expect(draft.matchingPreset?.id).toBe('paper');
});
