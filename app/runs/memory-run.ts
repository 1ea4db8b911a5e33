import type { Parameters, RecordedRun, SeriesInfo, Training } from '#app/experiments/experiment.ts';
import type { Batch, RecordedFrame } from './trainer.ts';

/** Rows of one series, growing. */
class Column {
  readonly width: number;
  rows = 0;
  #values: Float64Array;

  constructor(width: number) {
    this.width = width;
    this.#values = new Float64Array(64 * width);
  }

  append(values: Float64Array): void {
    const used = this.rows * this.width;
    if (used + values.length > this.#values.length) {
      const grown = new Float64Array(Math.max(2 * this.#values.length, used + values.length));
      grown.set(this.#values.subarray(0, used));
      this.#values = grown;
    }
    this.#values.set(values, used);
    this.rows += values.length / this.width;
  }

  get values(): Float64Array {
    return this.#values.subarray(0, this.rows * this.width);
  }
}

/** A recorded run held in memory: what a trainer yields, readable as any other run. */
export class MemoryRun<P = Parameters> implements RecordedRun<P> {
  readonly id: string;
  readonly experiment: string;
  readonly parameters: P;
  readonly seriesInfo: readonly SeriesInfo[];
  steps = 0;
  readonly #columns: ReadonlyMap<string, Column>;
  readonly #frames: ReadonlyMap<string, RecordedFrame[]>;

  constructor(
    identity: { readonly id: string; readonly experiment: string; readonly parameters: P },
    training: Pick<Training, 'series' | 'frames'>,
  ) {
    this.id = identity.id;
    this.experiment = identity.experiment;
    this.parameters = identity.parameters;
    this.seriesInfo = training.series;
    this.#columns = new Map(training.series.map(({ name, width }) => [name, new Column(width)]));
    this.#frames = new Map(training.frames.map(({ name }) => [name, []]));
  }

  /** Adds what a trainer recorded; batches come in order. */
  append(batch: Batch): void {
    this.steps = batch.step;
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

  #column(name: string): Column {
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
