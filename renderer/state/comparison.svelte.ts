import { rowAt, stepOf } from '#app/circles/steps.ts';
import { sharedEvents, shiftsTo } from '#app/compare/events.ts';
import type { Milestone } from '#app/experiments/experiment.ts';
import { experimentById } from '#app/experiments/registry.ts';
import { slotColour } from '#app/figures/colours.ts';
import type { ColourToken } from '#app/figures/spec.ts';
import type { RunRecord } from '#app/protocol/contract.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { Service } from '#renderer/connect/service.ts';
import { LiveRun } from './live-run.svelte.ts';
import { Measures } from './measures.svelte.ts';
import { TimeCursor } from './time-cursor.svelte.ts';

/** One of the runs that are compared; its place may come before the run itself, and outlive it. */
export class ComparedColumn {
  readonly id: string;
  /** Colour slot, kept wherever the column is moved. */
  readonly slot: number;
  run = $state.raw<LiveRun | null>(null);
  measures = $state.raw<Measures | null>(null);
  /** Why the run cannot be shown. */
  trouble = $state<string | null>(null);

  constructor(id: string, slot: number) {
    this.id = id;
    this.slot = slot;
  }

  get colour(): ColourToken {
    return slotColour(this.slot);
  }

  leave(): void {
    this.run?.leave();
    this.measures?.leave();
    this.run = null;
    this.measures = null;
  }
}

/** Several runs under one time cursor: each is followed as on its own screen, all are seen at the same step. */
export class Comparison {
  columns = $state.raw<readonly ComparedColumn[]>([]);
  readonly cursor: TimeCursor;
  /** Id of the milestone that all runs are seen to reach at once; null to see all at the same step. */
  wantedEvent = $state<string | null>(null);
  readonly #service: Service;

  constructor(service: Service) {
    this.#service = service;
    this.cursor = new TimeCursor(
      () => Math.max(0, ...this.recorded.map((run) => stepOf(run, run.latest) + this.shiftOf(run))),
      () =>
        Math.max(0, ...this.recorded.map((run) => Math.max(stepOf(run, run.record.steps), stepOf(run, run.latest)) + this.shiftOf(run))),
    );
  }

  /** Milestones of every recorded run, at steps of training: an imported run tells them in rows. */
  readonly #milestones: readonly (readonly Milestone[])[] = $derived.by(() =>
    this.recorded.map((run) => run.milestones.map((milestone) => ({ ...milestone, step: stepOf(run, milestone.step) }))),
  );

  /** Milestones that all runs have reached: those they can be aligned at. */
  readonly events: readonly Milestone[] = $derived.by(() => sharedEvents(this.#milestones));

  /** The milestone that runs are aligned at, with the step of the timeline; null while they are not. */
  readonly alignment = $derived.by(() => {
    const event = this.events.find(({ id }) => id === this.wantedEvent);
    const found = event && shiftsTo(event.id, this.#milestones);
    if (!event || !found || this.recorded.length < 2) return null;
    const shifts = new Map(this.recorded.map(({ id }, index) => [id, found.shifts[index]!]));
    return { event: { ...event, step: found.at }, shifts };
  });

  /** Runs that have something to show, in the order of their columns. */
  get recorded(): readonly LiveRun[] {
    return this.columns.flatMap(({ run }) => (run && run.rows > 0 ? [run] : []));
  }

  /** How many steps of the timeline go before the run's own begin. */
  shiftOf(run: LiveRun): number {
    return this.alignment?.shifts.get(run.id) ?? 0;
  }

  /** The timeline's step in the run's own count, which may lie before its first and after its last. */
  ownStep(run: LiveRun, step = this.cursor.step): number {
    return step - this.shiftOf(run);
  }

  /** Row at which a run is seen: that of the timeline's step, or the nearest that it has. */
  rowOf(run: LiveRun, step = this.cursor.step): number {
    return Math.min(rowAt(run, this.ownStep(run, step)), run.latest);
  }

  /** Whether the timeline is before a run's first step or after its last, so that it is seen at another. */
  outside(run: LiveRun): 'first' | 'last' | null {
    const step = this.ownStep(run);
    return step < stepOf(run, 0) ? 'first' : step > stepOf(run, run.latest) ? 'last' : null;
  }

  /** Step of training at which a run is seen. */
  stepOf(run: LiveRun): number {
    return stepOf(run, this.rowOf(run));
  }

  /** Steps at which the picture of any run changes, increasing. */
  get frameSteps(): readonly number[] {
    const steps = new Set<number>();
    for (const run of this.recorded) {
      const frame = experimentById(run.experiment).pictures[0]?.frame;
      if (frame !== undefined) for (const row of run.frameSteps(frame)) steps.add(stepOf(run, row) + this.shiftOf(run));
    }
    return [...steps].sort((a, b) => a - b);
  }

  /** Puts runs side by side in this order; those that are there already stay open. */
  show(runs: readonly string[]): void {
    const known = new Map(this.columns.map((column) => [column.id, column]));
    for (const [id, column] of known) if (!runs.includes(id)) column.leave();
    const taken = new Set(this.columns.filter(({ id }) => runs.includes(id)).map(({ slot }) => slot));
    const freeSlot = () => {
      let slot = 0;
      while (taken.has(slot)) slot += 1;
      taken.add(slot);
      return slot;
    };
    const opening: ComparedColumn[] = [];
    this.columns = runs.map((id) => {
      const held = known.get(id);
      if (held) return held;
      const column = new ComparedColumn(id, freeSlot());
      opening.push(column);
      return column;
    });
    for (const column of opening) void this.#open(column);
  }

  /** A record from the list's stream. A run that could not be shown is tried again: it may have been restored. */
  notice(record: RunRecord): void {
    const column = this.columns.find(({ id }) => id === record.id);
    if (column?.run) column.run.notice(record);
    else if (column?.trouble) void this.#open(column);
  }

  /** The run was deleted. */
  forget(run: string): void {
    const column = this.columns.find(({ id }) => id === run);
    if (!column) return;
    column.leave();
    column.trouble = 'This run was deleted.';
  }

  leave(): void {
    this.cursor.playing = false;
    for (const column of this.columns) column.leave();
    this.columns = [];
  }

  async #open(column: ComparedColumn): Promise<void> {
    column.trouble = null;
    try {
      const opened = await this.#service.call('runs.get', { run: column.id });
      // The column may have been closed, or be opened twice, while the answer was on its way.
      if (!this.columns.includes(column) || column.run) return;
      experimentById(opened.record.experiment);
      column.run = new LiveRun(this.#service, opened);
      column.measures = new Measures(this.#service, column.id);
      column.run.watch();
    } catch (error) {
      column.trouble = sentenceOf(error);
    }
  }
}

/** A run may be deleted while nobody looks, or the address name one of another store: which of them cannot be told. */
function sentenceOf(error: unknown): string {
  if (error instanceof LotkaError && error.code === 'not-found') return 'This run is not in the store; it may have been deleted.';
  return error instanceof Error ? error.message : String(error);
}
