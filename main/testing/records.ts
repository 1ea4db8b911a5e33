import type { RunRecord } from '#app/protocol/contract.ts';
import type { Batch } from '#app/runs/trainer.ts';
import type { Recording } from '#main/store/run-folder.ts';

export const recording: Recording = {
  series: [
    { name: 'loss', label: 'Loss', width: 1, unit: '' },
    { name: 'signals', label: 'Signals', width: 3, unit: '' },
  ],
  frames: [{ name: 'embedding', label: 'Embedding', shape: [2, 2] }],
};

/** A record as a run has it that just began. */
export const recordOf = (id: string, changes: Partial<RunRecord> = {}): RunRecord => ({
  format: 1,
  id,
  name: id,
  experiment: 'survival',
  preset: 'fast',
  parameters: { weightDecay: 0.5, hiddenWidths: [8] },
  status: 'finished',
  message: null,
  step: 10,
  steps: 10,
  seconds: 1.5,
  headline: { testAccuracy: 1, survivors: [1, 2] },
  forkedFrom: null,
  provenance: { lotka: '0.1.0', engine: 'e', backend: 'wasm', precision: 'f64', machine: 'm', created: '2026-11-22T15:00:00.000Z' },
  ...changes,
});

/** Rows and frames whose numbers tell where they belong. */
export const rowsOf = (from: number, count: number): Pick<Batch, 'rows' | 'frames'> => ({
  rows: {
    loss: Float64Array.from({ length: count }, (_, i) => from + i),
    signals: Float64Array.from({ length: 3 * count }, (_, i) => 10 * (from + Math.floor(i / 3)) + (i % 3)),
  },
  frames: Array.from({ length: count }, (_, i) => ({
    name: 'embedding',
    step: from + i,
    shape: [2, 2],
    values: Float32Array.of(from + i, 1, 2, 3),
  })),
});
