/** A small experiment and definitions for tests of sweeps. */
import { z } from 'zod';
import type { Experiment, Outcomes } from '#app/experiments/experiment.ts';
import { choice, realNumber, seed, wholeNumber } from '#app/experiments/fields.ts';
import { field } from '#app/experiments/parameters.ts';
import type { SweepDefinition, TrialResult } from '#app/protocol/sweep.ts';

const about = (label: string, maximum?: number) => ({
  label,
  help: label,
  group: 'All',
  minimum: 0,
  ...(maximum === undefined ? {} : { maximum }),
});

/** What sweeps need of an experiment: parameters, outcomes, phases. It trains nothing. */
export const mapped = {
  id: 'mapped',
  parameters: z.object({
    rate: field(realNumber(0, 10, 'the rate').default(0.1), about('Rate', 10)),
    decay: field(realNumber(0, 100, 'the decay').default(0), about('Decay', 100)),
    width: field(wholeNumber(1, 1000, 'the width').default(10), about('Width', 1000)),
    kind: field(choice(['one', 'two', 'three'], 'the kind').default('one'), about('Kind')),
    seed: field(seed('split').default(0), about('Seed', 2 ** 32 - 1)),
  }),
  presets: [],
  outcomes: [
    { id: 'phase', label: 'Phase', unit: '', help: 'Phase', kind: 'phase' },
    { id: 'loss', label: 'Loss', unit: 'nats', help: 'Loss', kind: 'number', scale: 'log' },
  ],
  phases: [
    { id: 'grokking', label: 'Grokking', colour: 'grokking', rule: 'r' },
    { id: 'comprehension', label: 'Comprehension', colour: 'comprehension', rule: 'r' },
    { id: 'memorization', label: 'Memorization', colour: 'memorization', rule: 'r' },
    { id: 'confusion', label: 'Confusion', colour: 'confusion', rule: 'r' },
  ],
  hatches: [
    {
      id: 'trapped',
      label: 'trapped',
      rule: 'loss between 0.3 and 0.8',
      applies: ({ loss }: Outcomes) => Number(loss) > 0.3 && Number(loss) < 0.8,
    },
  ],
  publishedMaps: [],
  sweeps: [],
  tour: null,
} as unknown as Experiment;

/** A grid of `columns` rates by `rows` decays, one seed, unless told otherwise. */
export function definitionOf(columns: number, rows: number, more: Partial<SweepDefinition> = {}): SweepDefinition {
  return {
    name: 'test',
    experiment: 'mapped',
    preset: null,
    parameters: {},
    backend: 'wasm',
    axes: [
      { kind: 'range', parameter: 'rate', scale: 'log', from: 1e-4, to: 1e-2, count: columns },
      { kind: 'range', parameter: 'decay', scale: 'linear', from: 0, to: rows - 1, count: rows },
    ],
    sampling: { kind: 'grid' },
    seeds: { parameters: ['seed'], first: 0, count: 1 },
    keep: 'outcomes',
    ...more,
  };
}

/** A finished trial with some outcomes. */
export const resultOf = (
  point: number,
  seed: number,
  outcomes: TrialResult['outcomes'],
  state: TrialResult['state'] = 'finished',
): TrialResult => ({
  point,
  seed,
  state,
  outcomes,
  step: 10,
  message: state === 'failed' ? 'It broke.' : null,
  seconds: 0.1,
  worker: 'here',
  attempt: 1,
  run: null,
});
