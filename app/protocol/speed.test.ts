import { expect, it } from 'vitest';
import { speedAdvice, type BackendSpeed, type SpeedResult } from './speed.ts';

const backend = (name: BackendSpeed['name'], stepsPerSecond: number | null, difference: number | null = 1e-7): BackendSpeed => ({
  name,
  label: name,
  build: stepsPerSecond === null ? null : 'build',
  leftOut: stepsPerSecond === null ? 'It is not installed.' : null,
  stepsPerSecond,
  range: stepsPerSecond === null ? null : [stepsPerSecond, stepsPerSecond],
  bursts: 9,
  difference,
});
const advice = (backends: BackendSpeed[], rest: Partial<SpeedResult> = {}) =>
  speedAdvice({ experiment: 'survival', precision: 'f32', share: 1, backends, ...rest });

it('keeps the first backend unless another is clearly faster', () => {
  expect(advice([backend('wasm', 100, 0), backend('wasm-relaxed', 105), backend('tensorflow', 8)])).toEqual({
    recommended: 'wasm',
    words:
      '“wasm” trains this model 1.0 times as fast as “wasm-relaxed” and 13 times as fast as “tensorflow”; what “wasm-relaxed” gains is not worth its other bits: choose it.',
  });
  expect(advice([backend('wasm', 100, 0), backend('tensorflow', 250)])).toEqual({
    recommended: 'tensorflow',
    words:
      '“tensorflow” trains this model 2.5 times as fast as “wasm”: choose it. Its last digits differ from those of “wasm”, whose runs have the same bits on every machine.',
  });
});

it('never recommends what computed something else, or was not measured', () => {
  for (const wrong of [2e-4, null]) {
    const { recommended, words } = advice([backend('wasm', 100, 0), backend('tensorflow', 900, wrong)]);
    expect(recommended).toBe('wasm');
    expect(words).toContain('“tensorflow” computed something else in the first steps');
  }
  expect(advice([backend('wasm', 100, 0), backend('tensorflow', 900, 1e-7)], { precision: 'f64' }).recommended).toBe('wasm');
  expect(advice([backend('wasm', 100, 0), backend('tensorflow', null, null)])).toEqual({
    recommended: 'wasm',
    words: 'Only “wasm” could be measured.',
  });
  expect(advice([backend('wasm', null, null)]).words).toContain('Nothing could be measured');
});

it('says when the machine was busy', () => {
  expect(advice([backend('wasm', 100, 0)], { share: 0.5 }).words).toContain('busy with other work');
});
