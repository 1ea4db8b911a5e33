import type { Parameters, RecordedRun, SeriesInfo, Training } from '#app/experiments/experiment.ts';
import { GrowingRows } from './growing.ts';
import { lastStep } from './record.ts';
import type { Batch, RecordedFrame } from './trainer.ts';

/** A recorded run held in memory: what a trainer yields, readable as any other run. */
export class MemoryRun<P = Parameters> implements RecordedRun<P> {
  readonly id: string;
  readonly experiment: string;
  readonly parameters: P;
  readonly seriesInfo: readonly SeriesInfo[];
  readonly #columns: ReadonlyMap<string, GrowingRows>;
  readonly #frames: ReadonlyMap<string, RecordedFrame[]>;

  constructor(
    identity: { readonly id: string; readonly experiment: string; readonly parameters: P },
    training: Pick<Training, 'series' | 'frames'>,
  ) {
    this.id = identity.id;
    this.experiment = identity.experiment;
    this.parameters = identity.parameters;
    this.seriesInfo = training.series;
    this.#columns = new Map(training.series.map(({ name, width }) => [name, new GrowingRows(width)]));
    this.#frames = new Map(training.frames.map(({ name }) => [name, []]));
  }

  get steps(): number {
    const [column] = this.#columns.values();
    return lastStep(column?.rows ?? 0);
  }

  /** Adds what a trainer recorded; batches come in order. */
  append(batch: Batch): void {
    for (const [name, values] of Object.entries(batch.rows)) this.#column(name).append(values);
    for (const frame of batch.frames) this.#framesOf(frame.name).push(frame);
  }

  series(name: string): { readonly width: number; readonly rows: number; readonly values: Float64Array } {
    const { width, rows, values } = this.#column(name);
    return { width, rows, values };
  }

  /** @throws RangeError for an unknown name or if nothing is recorded at or before `step` */
  frame(name: string, step: number): RecordedFrame {
    const found = this.#framesOf(name).findLast((frame) => frame.step <= step);
    if (!found) throw new RangeError(`frame ${name} is not recorded at or before step ${step}`);
    return found;
  }

  frameSteps(name: string): readonly number[] {
    return this.#framesOf(name).map((frame) => frame.step);
  }

  #column(name: string): GrowingRows {
    const column = this.#columns.get(name);
    if (!column) throw new RangeError(`there is no series ${name}; there are ${[...this.#columns.keys()].join(', ')}`);
    return column;
  }

  #framesOf(name: string): RecordedFrame[] {
    const frames = this.#frames.get(name);
    if (!frames) throw new RangeError(`there is no frame ${name}; there are ${[...this.#frames.keys()].join(', ')}`);
    return frames;
  }
}
