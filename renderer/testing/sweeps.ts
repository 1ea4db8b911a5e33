/** Records and results of a small sweep for component tests: 3 x 2 points, two seeds. */
import type { SweepRecord, SweepUpdate, TrialResult } from '#app/protocol/sweep.ts';

export function sweepOf(part: Partial<SweepRecord> = {}): SweepRecord {
  return {
    format: 1,
    id: 'sweep-000001',
    definition: {
      name: 'a sweep',
      experiment: 'effective-theory',
      preset: 'paper',
      parameters: { steps: 100 },
      backend: 'wasm',
      axes: [
        { kind: 'range', parameter: 'embeddingRate', scale: 'log', from: 0.001, to: 0.1, count: 3 },
        { kind: 'range', parameter: 'decoderRate', scale: 'log', from: 0.001, to: 0.01, count: 2 },
      ],
      sampling: { kind: 'grid' },
      seeds: { parameters: ['embeddingSeed'], first: 0, count: 2 },
      keep: 'outcomes',
    },
    added: [],
    place: { kind: 'local' },
    status: 'running',
    message: null,
    planned: 12,
    done: 0,
    diverged: 0,
    failed: 0,
    trainingSeconds: 0,
    created: '2026-01-01T00:00:00.000Z',
    lotka: '0.1.0',
    engine: 'e',
    ...part,
  };
}

export const resultOf = (point: number, seed: number, phase: string, part: Partial<TrialResult> = {}): TrialResult => ({
  point,
  seed,
  state: 'finished',
  outcomes: { phase, rqi: 0.9, testAccuracy: 0.5 + point / 100 },
  step: 100,
  message: null,
  seconds: 1,
  worker: 'core 1',
  attempt: 1,
  run: null,
  ...part,
});

export const sweepUpdateOf = (results: readonly TrialResult[], part: Partial<SweepUpdate> = {}): SweepUpdate => ({
  record: sweepOf({ done: results.length }),
  results: [...results],
  training: [],
  workers: [],
  secondsLeft: 30,
  ...part,
});
