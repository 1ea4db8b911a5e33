import { describe, expect, it } from 'vitest';
import { parseParameters } from '#app/experiments/parameters.ts';
import { experimentById } from '#app/experiments/registry.ts';
import type { RunRecord } from '#app/protocol/contract.ts';
import { captionOf } from './caption.ts';

const experiment = experimentById('omnigrok');
const record = {
  id: 'omnigrok-a_b',
  parameters: parseParameters(experiment, 'teacher-student', { networkSeed: 7 }),
  steps: 6000,
  provenance: { lotka: '0.1.0', engine: 'abc', backend: 'wasm', precision: 'f32' },
} as unknown as RunRecord;
const figure = { id: 'norm', title: 'Weight norm', explanation: 'Dashed: decay alone, $w_0 e^{-\\eta\\gamma t}$.' };
const given = { experiment, record, figure, spec: { notes: [{ text: '50 % of it' }] }, step: 12 };

describe('captions', () => {
  it('say what is seen, what was measured, and how it came about', () => {
    const text = captionOf(given, 'plain');
    expect(text).toMatch(/^Weight norm\. Dashed: decay alone, w_0 e\^-etagamma t\. 50 % of it\. Omnigrok/);
    expect(text).toContain('(Liu, Michaud, Tegmark 2023): initial scale 2, weight decay 0.5, steps 6000.');
    expect(text).toContain('network seed 7');
    expect(text).toContain('Run omnigrok-a_b at step 12 of 6000, Lotka 0.1.0, engine abc (wasm, f32).');
    // What does not apply to the task is not told, though it has a value.
    expect(text).not.toMatch(/modulus|heads|messiness/);
  });

  it('keep formulas in LaTeX, with symbols, and escape the rest', () => {
    const text = captionOf(given, 'latex');
    expect(text).toMatch(/^\\caption\{Weight norm\. Dashed: decay alone, \$w_0 e\^\{-\\eta\\gamma t\}\$\. 50 \\% of it\./);
    expect(text).toContain('weight decay $\\gamma = 0.5$');
    expect(text).toContain('Run omnigrok-a\\_b');
    expect(text).toMatch(/\n\\label\{fig:norm-omnigrok-a_b\}$/);
  });

  it('can be made of every figure of every run', () => {
    for (const id of ['survival', 'effective-theory', 'omnigrok']) {
      const own = experimentById(id);
      const parameters = parseParameters(own, own.presets[0]!.id, {});
      for (const one of own.figures) {
        const latex = captionOf({ ...given, experiment: own, record: { ...record, parameters } as RunRecord, figure: one }, 'latex');
        // Dollars come in pairs, and braces close.
        expect(latex.replaceAll('\\$', '').split('$').length % 2, one.id).toBe(1);
        const depth = [...latex.replace(/\\[{}]/g, '')].reduce((sum, letter) => sum + (letter === '{' ? 1 : letter === '}' ? -1 : 0), 0);
        expect(depth, one.id).toBe(0);
      }
    }
  });
});
