import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryRun } from './memory-run.ts';
import type { Batch } from './trainer.ts';

const make = () =>
  new MemoryRun(
    { id: 'test-run', experiment: 'test', parameters: { width: 2 } },
    { series: [{ name: 'pair', label: 'pair', width: 2, unit: '' }], frames: [{ name: 'table', label: 'table', shape: [1] }] },
  );

const batch = (from: number, rows: readonly number[], frames: readonly number[] = []): Batch => ({
  state: 'training',
  step: from + rows.length / 2,
  from,
  count: rows.length / 2,
  rows: { pair: Float64Array.from(rows) },
  frames: frames.map((step) => ({ name: 'table', step, shape: [1], values: Float32Array.of(step) })),
  message: null,
});

describe('MemoryRun', () => {
  it('holds the rows of all batches in order, however they are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 12 }), (sizes) => {
        const run = make();
        let rows = 0;
        for (const size of sizes) {
          run.append(
            batch(
              rows,
              Array.from({ length: 2 * size }, (_, i) => 2 * rows + i),
            ),
          );
          rows += size;
        }
        const series = run.series('pair');
        expect([series.width, series.rows]).toEqual([2, rows]);
        expect(series.values).toEqual(Float64Array.from({ length: 2 * rows }, (_, i) => i));
      }),
    );
  });
  it('finds the frame at or before a step', () => {
    const run = make();
    run.append(batch(0, [1, 2], [0, 10]));
    run.append(batch(1, [3, 4], [25]));
    expect(run.frameSteps('table')).toEqual([0, 10, 25]);
    expect([0, 9, 10, 24, 99].map((step) => run.frame('table', step).step)).toEqual([0, 0, 10, 10, 25]);
  });
  it('names what there is when asked for what there is not', () => {
    const run = make();
    expect(() => run.series('loss')).toThrow(/no series loss; there are pair/);
    expect(() => run.frame('image', 0)).toThrow(/no frame image; there are table/);
    expect(() => run.frame('table', 0)).toThrow(RangeError);
  });
});
