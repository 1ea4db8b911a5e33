import type { Parameters, RecordedRun, SeriesInfo, FrameInfo, Milestone } from '#app/experiments/experiment.ts';
import type { Contract, RunRecord, RunUpdate } from '#app/protocol/contract.ts';
import type { OutputOf } from '#app/protocol/define.ts';
import { follow, nextFrame } from '#renderer/connect/follow.ts';
import type { Service } from '#renderer/connect/service.ts';
import { Column } from './columns.ts';
import { FrameCache, indexAtOrBefore, type Frame } from './frame-cache.ts';
import { TimeCursor } from './time-cursor.svelte.ts';

const frameBudgetBytes = 96 * 2 ** 20;
/** Requests under way at once: enough to hide the wire, few enough that a scrub is answered at once. */
const maximumFetches = 3;
const maximumQueue = 24;

export type RunStatus = RunRecord['status'];
const terminal: ReadonlySet<RunStatus> = new Set(['finished', 'stopped', 'diverged', 'failed', 'interrupted']);

/** True once nothing more will be recorded unless somebody resumes it. */
export const isOver = (status: RunStatus): boolean => terminal.has(status);

interface FrameSeries {
  readonly info: FrameInfo;
  steps: number[];
  readonly cache: FrameCache;
}

/**
 * One run as the screen sees it while it trains and afterwards: rows in typed arrays outside every proxy, frames fetched as
 * they are looked at, and a `version` that counts what arrived. Pictures and figures read it as a `RecordedRun`.
 */
export class LiveRun implements RecordedRun {
  readonly id: string;
  readonly experiment: string;
  readonly parameters: Parameters;
  readonly seriesInfo: readonly SeriesInfo[];
  readonly frameInfo: readonly FrameInfo[];
  readonly cursor: TimeCursor;

  record = $state.raw<RunRecord>() as RunRecord;
  milestones = $state.raw<readonly Milestone[]>([]);
  stepsPerSecond = $state(0);
  secondsLeft = $state<number | null>(null);
  /** Counts arrivals of rows; figures redraw when it changes. */
  version = $state(0);
  /** Counts arrivals of frames. */
  frameVersion = $state(0);
  /** Sentence if the run could not be read. */
  trouble = $state<string | null>(null);
  /** True once the first update was taken. */
  loaded = $state(false);

  readonly #service: Service;
  readonly #columns = new Map<string, Column>();
  readonly #frames = new Map<string, FrameSeries>();
  readonly #leaving = new AbortController();
  #watching = false;
  /** The run moved on while the stream of its previous stretch was still closing. */
  #again = false;
  #rows = $state(0);
  /** Step that is looked at as soon as it is recorded. */
  #awaited: number | null = null;
  #fetching = new Set<string>();
  #queue: { name: string; step: number }[] = [];

  constructor(service: Service, opened: OutputOf<Contract['runs.get']>) {
    const { record, recording } = opened;
    this.#service = service;
    this.id = record.id;
    this.experiment = record.experiment;
    this.parameters = record.parameters;
    this.record = record;
    this.seriesInfo = recording.series;
    this.frameInfo = recording.frames;
    for (const info of recording.series) this.#columns.set(info.name, new Column(info.width, Math.min(record.steps + 1, 4096)));
    const budget = frameBudgetBytes / Math.max(1, recording.frames.length);
    for (const info of recording.frames) this.#frames.set(info.name, { info, steps: [], cache: new FrameCache(budget) });
    this.cursor = new TimeCursor(
      () => this.latest,
      () => Math.max(this.record.steps, this.latest),
    );
  }

  /** Newest step that has a row. */
  get latest(): number {
    return Math.max(0, this.#rows - 1);
  }

  get rows(): number {
    return this.#rows;
  }

  get steps(): number {
    return this.latest;
  }

  get over(): boolean {
    return isOver(this.record.status);
  }

  /** Follows the run until it is over or the screen is left; called again by itself when the run starts moving again. */
  watch(): void {
    if (this.#watching || this.#leaving.signal.aborted) return;
    this.#watching = true;
    this.#again = false;
    follow(
      this.#service,
      'runs.watch',
      () => ({ run: this.id, fromRow: this.#rows }),
      async (update) => {
        this.take(update);
        // The screen itself is the brake: what comes faster than it draws is merged by the service.
        await nextFrame();
      },
      this.#leaving.signal,
    )
      .catch((error: unknown) => {
        this.trouble = error instanceof Error ? error.message : String(error);
      })
      .finally(() => {
        this.#watching = false;
        this.loaded = true;
        if (this.#again) this.watch();
      });
  }

  /** A record from the list's stream: newer than ours when the run is not being watched. */
  notice(record: RunRecord): void {
    if (record.id !== this.id) return;
    const moves = isOver(this.record.status) && !isOver(record.status);
    if (!this.#watching || record.name !== this.record.name) this.record = record;
    if (!moves) return;
    this.#again = this.#watching;
    this.watch();
  }

  /** Looks at a step, now or when it is recorded. */
  lookAt(step: number): void {
    this.#awaited = step < this.#rows ? null : step;
    if (this.#awaited === null) this.cursor.scrub(step);
  }

  leave(): void {
    this.#leaving.abort();
    this.cursor.playing = false;
  }

  /** Takes one update of the stream. Rows before what is held replace it (a resume from an earlier checkpoint). */
  take(update: RunUpdate): void {
    this.record = update.record;
    const names = Object.keys(update.rows.values);
    for (const name of names)
      this.#columns.get(name)?.put(Math.min(update.rows.from, this.#columns.get(name)!.rows), update.rows.values[name]!);
    if (names.length > 0) {
      const held = [...this.#columns.values()].reduce((least, column) => Math.min(least, column.rows), Infinity);
      if (held < this.#rows) this.#forgetAfter(held - 1);
      this.#rows = Number.isFinite(held) ? held : 0;
    }
    for (const [name, steps] of Object.entries(update.frameSteps)) this.#noteFrameSteps(name, steps);
    for (const [name, frame] of Object.entries(update.frames)) {
      this.#noteFrameSteps(name, [frame.step]);
      this.#keepFrame(name, frame);
    }
    if (this.#awaited !== null && this.#awaited < this.#rows) this.lookAt(this.#awaited);
    this.milestones = update.milestones;
    this.stepsPerSecond = update.stepsPerSecond;
    this.secondsLeft = update.secondsLeft;
    this.loaded = true;
    this.version++;
  }

  #forgetAfter(step: number): void {
    for (const frames of this.#frames.values()) {
      frames.steps = frames.steps.filter((recorded) => recorded <= step);
      frames.cache.dropAfter(step);
    }
  }

  #noteFrameSteps(name: string, steps: readonly number[]): void {
    const frames = this.#frames.get(name);
    if (!frames) return;
    for (const step of steps) {
      const at = indexAtOrBefore(frames.steps, step);
      if (at >= 0 && frames.steps[at] === step) continue;
      frames.steps.splice(at + 1, 0, step);
    }
  }

  #keepFrame(name: string, frame: { step: number; shape: readonly number[]; values: unknown }): void {
    const { values } = frame;
    if (!(values instanceof Float32Array) && !(values instanceof Float64Array)) return;
    this.#frames.get(name)?.cache.put({ step: frame.step, shape: frame.shape, values });
    this.frameVersion++;
  }

  series(name: string): { readonly width: number; readonly rows: number; readonly values: Float64Array } {
    const column = this.#columns.get(name);
    if (!column) throw new RangeError(`the run records no series "${name}"`);
    return { width: column.width, rows: column.rows, values: column.view() };
  }

  frameSteps(name: string): readonly number[] {
    return this.#framesNamed(name).steps;
  }

  /**
   * The recorded frame nearest at or before `step` if it is here, otherwise the nearest one that is, while the right one is fetched.
   * @throws RangeError for an unknown name or before the first frame arrived.
   */
  frame(name: string, step: number): Frame {
    const frames = this.#framesNamed(name);
    const wanted = frames.steps[Math.max(0, indexAtOrBefore(frames.steps, step))];
    if (wanted !== undefined) this.#want(name, wanted, true);
    const found = (wanted === undefined ? undefined : frames.cache.get(wanted)) ?? frames.cache.nearest(step);
    if (!found) throw new RangeError(`no frame "${name}" has arrived yet`);
    return found;
  }

  /**
   * Step of the frame that `frame(name, step)` can give now, and asks for the right one if it is elsewhere;
   * null before the first frame. Changes (reactively) when a better one arrives.
   */
  shownStep(name: string, step: number): number | null {
    void this.frameVersion;
    void this.version;
    const frames = this.#frames.get(name);
    if (!frames) return null;
    const index = indexAtOrBefore(frames.steps, step);
    const wanted = frames.steps[Math.max(0, index)];
    if (wanted === undefined) return null;
    if (frames.cache.has(wanted)) return wanted;
    this.#want(name, wanted, true);
    return frames.cache.nearest(step)?.step ?? null;
  }

  /** Fetches what a film shows next. */
  prefetch(name: string, step: number, count: number): void {
    const frames = this.#frames.get(name);
    if (!frames) return;
    const index = indexAtOrBefore(frames.steps, step);
    for (const next of frames.steps.slice(index + 1, index + 1 + count)) this.#want(name, next, false);
  }

  #framesNamed(name: string): FrameSeries {
    const frames = this.#frames.get(name);
    if (!frames) throw new RangeError(`the run records no frames "${name}"`);
    return frames;
  }

  #want(name: string, step: number, first: boolean): void {
    const key = `${name}/${step}`;
    if (this.#frames.get(name)!.cache.has(step) || this.#fetching.has(key) || this.#leaving.signal.aborted) return;
    const queued = this.#queue.findIndex((wanted) => wanted.name === name && wanted.step === step);
    if (queued >= 0 && !first) return;
    if (queued >= 0) this.#queue.splice(queued, 1);
    if (first) this.#queue.unshift({ name, step });
    else this.#queue.push({ name, step });
    this.#queue.length = Math.min(this.#queue.length, maximumQueue);
    this.#pump();
  }

  #pump(): void {
    while (this.#fetching.size < maximumFetches && this.#queue.length > 0) {
      const { name, step } = this.#queue.shift()!;
      const key = `${name}/${step}`;
      this.#fetching.add(key);
      this.#service
        .call('runs.frame', { run: this.id, name, step })
        .then(
          (frame) => {
            if (!this.#leaving.signal.aborted) this.#keepFrame(name, frame);
          },
          (error: unknown) => {
            this.trouble = error instanceof Error ? error.message : String(error);
          },
        )
        .finally(() => {
          this.#fetching.delete(key);
          this.#pump();
        });
    }
  }
}
