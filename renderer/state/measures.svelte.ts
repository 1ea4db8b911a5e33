import type { Parameters, Quantity } from '#app/experiments/experiment.ts';
import type { Contract } from '#app/protocol/contract.ts';
import type { InputOf } from '#app/protocol/define.ts';
import type { Service } from '#renderer/connect/service.ts';

/** Milliseconds between two computations of the same measure while a run is training. */
const liveInterval = 2000;

const noOptions: Parameters = {};

interface Slot {
  result: unknown;
  quantities: readonly Quantity[];
  /** Rows the result was computed from, and the options it was asked with. */
  rows: number;
  options: Parameters;
  trouble: string | null;
  computing: boolean;
  startedAt: number;
}

/**
 * Results of the measures that visible panels want, computed by the service: at most one at a time of each,
 * at most every two seconds while the run is training, and always once when it is over.
 */
export class Measures {
  results = $state.raw<Readonly<Record<string, unknown>>>({});
  quantities = $state.raw<Readonly<Record<string, readonly Quantity[]>>>({});
  /** Sentences of measures that could not be computed. */
  troubles = $state.raw<Readonly<Record<string, string>>>({});
  computing = $state.raw<ReadonlySet<string>>(new Set());
  /** Options by measure, those that differ from the measure's own. */
  options = $state.raw<Readonly<Record<string, Parameters>>>({});
  readonly #service: Service;
  readonly #run: string;
  readonly #now: () => number;
  readonly #slots = new Map<string, Slot>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #left = false;
  #wanted: readonly string[] = [];
  #rows = 0;
  #over = false;

  constructor(service: Service, run: string, now: () => number = () => performance.now()) {
    this.#service = service;
    this.#run = run;
    this.#now = now;
  }

  /** Tells what is wanted and how much is recorded; call it whenever either changes. */
  update(wanted: readonly string[], rows: number, over: boolean): void {
    this.#wanted = wanted;
    this.#rows = rows;
    this.#over = over;
    this.#pump();
  }

  /** Computes a measure with other options from now on, at once. */
  setOptions(measure: string, options: Parameters): void {
    this.options = { ...this.options, [measure]: options };
    this.#pump();
  }

  leave(): void {
    this.#left = true;
    clearTimeout(this.#timer);
  }

  #pump(): void {
    if (this.#left) return;
    clearTimeout(this.#timer);
    let soonest = Infinity;
    for (const measure of this.#wanted) {
      const slot = this.#slots.get(measure);
      const isNew = slot?.options !== this.#optionsOf(measure);
      if (slot?.computing || this.#rows === 0 || (slot?.rows === this.#rows && !isNew)) continue;
      const due = this.#over || !slot || isNew ? 0 : slot.startedAt + liveInterval - this.#now();
      if (due <= 0) void this.#compute(measure);
      else soonest = Math.min(soonest, due);
    }
    if (Number.isFinite(soonest)) this.#timer = setTimeout(() => this.#pump(), soonest);
  }

  #optionsOf(measure: string): Parameters {
    return this.options[measure] ?? noOptions;
  }

  async #compute(measure: string): Promise<void> {
    const previous = this.#slots.get(measure);
    const slot: Slot = {
      result: previous?.result,
      quantities: previous?.quantities ?? [],
      rows: this.#rows,
      options: this.#optionsOf(measure),
      trouble: null,
      computing: true,
      startedAt: this.#now(),
    };
    this.#slots.set(measure, slot);
    this.#publish();
    try {
      const { result, quantities } = await this.#service.call('runs.measure', { run: this.#run, measure, options: asJson(slot.options) });
      slot.result = result;
      slot.quantities = quantities;
    } catch (error) {
      slot.trouble = error instanceof Error ? error.message : String(error);
    }
    slot.computing = false;
    if (this.#left) return;
    this.#publish();
    this.#pump();
  }

  #publish(): void {
    const slots = [...this.#slots];
    this.results = Object.fromEntries(slots.filter(([, slot]) => slot.result !== undefined).map(([id, slot]) => [id, slot.result]));
    this.quantities = Object.fromEntries(slots.map(([id, slot]) => [id, slot.quantities]));
    this.troubles = Object.fromEntries(slots.flatMap(([id, slot]) => (slot.trouble === null ? [] : [[id, slot.trouble]])));
    this.computing = new Set(slots.flatMap(([id, slot]) => (slot.computing ? [id] : [])));
  }
}

/** Options are JSON by the schema that checked them. */
const asJson = (options: Parameters) => options as InputOf<Contract['runs.measure']>['options'];
