import { SweepMap, type MapChoice } from '#app/sweeps/map.ts';
import { nextTrials, trialName } from '#app/sweeps/trials.ts';
import type { Experiment } from '#app/experiments/experiment.ts';
import { experimentById } from '#app/experiments/registry.ts';
import type { SweepRecord, SweepUpdate, SweepWorker, TrialKey, TrialResult } from '#app/protocol/sweep.ts';
import { follow, nextFrame } from '#renderer/connect/follow.ts';
import type { Service } from '#renderer/connect/service.ts';

/** The sweep that is open: its record, every result, and what is being trained now, as the service tells them. */
export class LiveSweep {
  readonly id: string;
  readonly experiment: Experiment;
  record = $state.raw<SweepRecord>() as SweepRecord;
  training = $state.raw<readonly TrialKey[]>([]);
  workers = $state.raw<readonly SweepWorker[]>([]);
  secondsLeft = $state<number | null>(null);
  /** Grows whenever results came; what reads `results` depends on it. */
  version = $state(0);
  /** What of it the map shows, and the map. */
  choice = $state.raw<MapChoice>({});
  map = $state.raw<SweepMap>() as SweepMap;
  /** Id of the published map that is laid beside it. */
  overlay = $state<string | null>(null);
  /** Boundaries between phases are drawn smooth. */
  smoothed = $state(false);
  /** Why the sweep cannot be followed. */
  trouble = $state<string | null>(null);
  /** By `trialName`; a trial that was tried again has its newest result. Changed in place: see `version`. */
  readonly results = new Map<string, TrialResult>();
  readonly #service: Service;
  readonly #cellListeners = new Set<(cells: readonly number[]) => void>();
  #watching: AbortController | null = null;
  #shape = '';

  /** @throws LotkaError if this Lotka does not have the experiment */
  constructor(service: Service, record: SweepRecord) {
    this.#service = service;
    this.id = record.id;
    this.record = record;
    this.experiment = experimentById(record.definition.experiment);
    this.#shape = shapeOf(record);
    this.#draw();
  }

  /** Shows another outcome, other axes or another slice. */
  show(choice: MapChoice): void {
    this.choice = choice;
    this.#draw();
  }

  /** Calls back with the cells of `map` that changed. @returns what ends that */
  onCells(listener: (cells: readonly number[]) => void): () => void {
    this.#cellListeners.add(listener);
    return () => this.#cellListeners.delete(listener);
  }

  /** Follows the sweep until `leave`. */
  watch(): void {
    if (this.#watching) return;
    const watching = new AbortController();
    this.#watching = watching;
    follow(
      this.#service,
      'sweeps.watch',
      () => ({ sweep: this.id }),
      async (update) => {
        this.take(update);
        // What comes before the next frame is merged by the service.
        await nextFrame();
      },
      watching.signal,
    ).catch((error: unknown) => {
      if (this.#watching === watching) this.trouble = error instanceof Error ? error.message : String(error);
    });
  }

  take({ record, results, training, workers, secondsLeft }: SweepUpdate): void {
    this.record = record;
    this.training = training;
    this.workers = workers;
    this.secondsLeft = secondsLeft;
    this.trouble = null;
    for (const result of results) this.results.set(trialName(result), result);
    const shape = shapeOf(record);
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.#draw();
    } else if (results.length > 0) {
      const changed = new Set([...results.map((result) => this.map.put(result)), ...this.#infer()]);
      changed.delete(null);
      for (const listener of this.#cellListeners) listener([...changed] as number[]);
      this.version++;
    }
  }

  #draw(): void {
    const map = new SweepMap(this.experiment, this.record, this.choice);
    for (const result of this.results.values()) map.put(result);
    this.map = map;
    this.#infer();
    this.version++;
  }

  #infer(): number[] {
    const { sampling } = this.record.definition;
    if (sampling.kind !== 'adaptive') return [];
    return this.map.infer(nextTrials(this.experiment, this.record, this.results).inferred, sampling.outcome);
  }

  /** Failed trials in the order of (point, seed). */
  get failed(): readonly TrialResult[] {
    void this.version;
    return [...this.results.values()].filter(({ state }) => state === 'failed').sort((a, b) => a.point - b.point || a.seed - b.seed);
  }

  leave(): void {
    this.#watching?.abort();
    this.#watching = null;
  }
}

/** Changes when other points or seeds are planned: the map then has other cells. */
const shapeOf = ({ definition: { axes, sampling, seeds }, added }: SweepRecord): string =>
  JSON.stringify([axes, sampling, seeds.count, added.length]);
