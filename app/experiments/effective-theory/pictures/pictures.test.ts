import { describe, expect, it } from 'vitest';
import type { SceneSpec } from '#app/figures/scene.ts';
import type { RecordedRun } from '../../experiment.ts';
import { effectiveTheoryParameters, type EffectiveTheoryParameters } from '../parameters.ts';
import { structureOf } from '../samples.ts';
import { symbolKey, widthOf } from '../tasks.ts';
import { parallelograms } from './parallelograms.ts';

/** A run whose only frames are these embeddings. */
function runOf(
  frames: readonly (readonly number[])[],
  changes: Partial<EffectiveTheoryParameters> = {},
): RecordedRun<EffectiveTheoryParameters> {
  const parameters = effectiveTheoryParameters.parse(changes);
  return {
    id: 'effective-theory-test',
    experiment: 'effective-theory',
    parameters,
    steps: frames.length - 1,
    seriesInfo: [],
    series: () => ({ width: 1, rows: 0, values: new Float64Array(0) }),
    frame: (_, step) => ({
      step,
      shape: [structureOf(parameters).symbols, widthOf(parameters)],
      values: Float64Array.from(frames[Math.min(step, frames.length - 1)]),
    }),
    frameSteps: () => frames.map((_, step) => step),
  };
}

const drawn = (scene: SceneSpec | string): SceneSpec => {
  if (typeof scene === 'string') throw new Error(scene);
  return scene;
};
const symbolsOf = (scene: SceneSpec) => scene.groups.filter(({ label }) => label !== '');
const outlinesOf = (scene: SceneSpec) => scene.groups.filter(({ label }) => label === '');

const line = Array.from({ length: 10 }, (_, k) => 3 - 0.2 * k);
const bent = line.map((value, k) => (k === 4 ? value + 1 : value));

describe('parallelograms', () => {
  it('all close on a line, which is straight to the eye', () => {
    const scene = drawn(parallelograms.scene({ run: runOf([line]), step: 0 }));
    expect(scene.title).toBe('70 of 70 parallelograms closed');
    const symbols = symbolsOf(scene);
    expect(symbols.map(({ key, label }) => [key, label])).toEqual(line.map((_, k) => [symbolKey(k), String(k)]));
    for (const { centre } of symbols) {
      expect(centre[1]).toBeCloseTo(-centre[0], 5);
      expect(Math.hypot(...centre)).toBeLessThan(scene.radius);
    }
  });

  it('close on the screen where the network closes them, and only there', () => {
    const scene = drawn(parallelograms.scene({ run: runOf([bent]), step: 0 }));
    const [trained, unseen] = outlinesOf(scene);
    expect([trained.colour, unseen.colour]).toEqual(['ink-3', 'accent']);
    const sides = outlinesOf(scene).flatMap(({ links }) =>
      Array.from({ length: links.length / 2 }, (_, i) => [links[2 * i], links[2 * i + 1]]),
    );
    expect(sides.length).toBeGreaterThan(10);
    const { parallelograms: corners } = structureOf(effectiveTheoryParameters.parse({}));
    let without = 0;
    for (let each = 0; each < 70; each += 1) if (!corners.subarray(4 * each, 4 * each + 4).includes(4)) without += 1;
    expect(scene.title).toBe(`${without} of 70 parallelograms closed`);
    // Symbol 4 stands aside, so none that has it as a corner is closed.
    for (const side of sides) expect(side).not.toContain(4);
  });

  it('say what was trained on and what was not', () => {
    const scene = drawn(parallelograms.scene({ run: runOf([line], { trainingPairs: 54 }), step: 0 }));
    const [trained, unseen] = outlinesOf(scene);
    expect(trained.links.length).toBeGreaterThan(unseen.links.length);
  });

  it('are none where all symbols are alike', () => {
    const scene = drawn(parallelograms.scene({ run: runOf([line.map(() => 2)]), step: 0 }));
    expect(scene.title).toBe('0 of 70 parallelograms closed');
    for (const { centre } of scene.groups) expect(centre.every(Number.isFinite)).toBe(true);
  });

  it.each([
    [2, '', 'Ẽ₁'],
    [3, 'Ẽ₃', 'Ẽ₁'],
    [12, 'PC 3', 'PC 1'],
  ])('of an embedding of %i dimensions stand on axes %s and %s', (embeddingWidth, z, x) => {
    const wave = (turn: number) => Array.from({ length: 10 * embeddingWidth }, (_, i) => Math.sin(i * i + turn));
    const run = runOf([wave(0), wave(1), wave(2)], { embeddingWidth });
    const scene = drawn(parallelograms.scene({ run, step: 1 }));
    expect([scene.axes.x, scene.axes.z]).toEqual([x, z]);
    for (const { centre } of symbolsOf(scene)) expect(Math.hypot(...centre)).toBeLessThan(3 * scene.radius);
    if (embeddingWidth === 2) for (const { centre } of symbolsOf(scene)) expect(centre[2]).toBe(0);
  });

  it('of permutations are counted, not drawn, and elements have names', () => {
    const matrices = Array.from({ length: 54 }, (_, i) => Math.cos(3 * i * i));
    const run = runOf([matrices], { task: 'permutations', trainingPairs: 24, closeness: 0.5 });
    const scene = drawn(parallelograms.scene({ run, step: 0 }));
    expect(scene.title).toMatch(/^\d+ of 90 parallelograms closed$/);
    expect(scene.groups.map(({ label }) => label)).toEqual(['e', '(12)', '(01)', '(012)', '(021)', '(02)']);
  });
});
