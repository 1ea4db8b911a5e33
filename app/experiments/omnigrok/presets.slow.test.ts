import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { wasmBackend } from '#app/engine/index.ts';
import { compileKernels } from '#app/engine/kernels/compile.mjs';
import { readDigits } from '#main/datasets/digits.ts';
import { trainInMemory } from '../testing.ts';
import experiment from './experiment.ts';
import type { Phase } from './phases.ts';
import { omnigrokPresets } from './presets.ts';

const backend = wasmBackend(await readFile((await compileKernels()).wasm));

interface Promised {
  readonly phase: Phase;
  /** Steps from which and up to which it generalises. */
  readonly generalises?: readonly [from: number, to: number];
  /** Norm where it generalises, in initial norms. */
  readonly norm?: readonly [from: number, to: number];
}

/** What the presets' texts say; those of minutes and hours are left out. */
const promises: Readonly<Record<string, Promised>> = {
  'teacher-student': { phase: 'grokking', generalises: [2500, 4500], norm: [0.5, 0.7] },
  'teacher-student-small': { phase: 'comprehension', generalises: [0, 2000] },
  digits: { phase: 'grokking', generalises: [4000, 6500], norm: [0.2, 0.6] },
  'digits-usual': { phase: 'comprehension', generalises: [0, 200] },
  'modular-addition': { phase: 'grokking', generalises: [2500, 4000], norm: [0.7, 0.85] },
  'modular-addition-pinned': { phase: 'grokking', generalises: [800, 1800], norm: [0.999, 1.001] },
  stablemax: { phase: 'comprehension', generalises: [0, 2000], norm: [0.95, 1.05] },
  perpendicular: { phase: 'comprehension', generalises: [0, 500] },
  grokfast: { phase: 'grokking', generalises: [1000, 3300] },
  'lazy-to-rich': { phase: 'grokking', generalises: [2000, 6000], norm: [0.98, 1.02] },
  'transformer-small': { phase: 'grokking', generalises: [1500, 4000] },
  latents: { phase: 'memorization' },
  sentiment: { phase: 'grokking', generalises: [1000, 4000] },
  molecules: { phase: 'grokking', generalises: [2000, 4500] },
};

describe('presets', () => {
  const long = ['digits-paper', 'transformer'];
  it('are all on trial', () => {
    expect(Object.keys(promises).sort()).toEqual(
      omnigrokPresets
        .map(({ id }) => id)
        .filter((id) => !long.includes(id))
        .sort(),
    );
  });

  it.each(Object.entries(promises))('%s does what its text says', (id, promised) => {
    const { parameters } = omnigrokPresets.find((preset) => preset.id === id)!;
    const outcomes = experiment.outcomesOf(trainInMemory(experiment, parameters, backend, readDigits).run);
    expect(outcomes.phase).toBe(promised.phase);
    const within = (value: number, [from, to]: readonly [number, number]) => {
      expect(value).toBeGreaterThanOrEqual(from);
      expect(value).toBeLessThanOrEqual(to);
    };
    if (promised.generalises) within(outcomes.stepsToGeneralise as number, promised.generalises);
    if (promised.norm) within((outcomes.normAtGeneralising as number) / (outcomes.initialNorm as number), promised.norm);
  });
});
