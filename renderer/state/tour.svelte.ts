import type { Experiment } from '#app/experiments/experiment.ts';
import { experiments } from '#app/experiments/registry.ts';
import type { Archive } from '#app/protocol/archive-calls.ts';
import type { Tour, TourStep, TourTime } from '#app/tours/tour.ts';
import type { Service } from '#renderer/connect/service.ts';
import type { Archives } from './archives.svelte.ts';
import type { LiveRun } from './live-run.svelte.ts';
import type { Router } from './route.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

/** A tour that is being taken. */
export interface GuidedTour {
  readonly experiment: Experiment;
  readonly tour: Tour;
  readonly archive: Archive;
}

/** Papers with a tour, in the order of the Atlas. */
export const toured: readonly Experiment[] = experiments.filter(({ tour }) => tour !== null);

interface Parts {
  readonly service: Service;
  readonly archives: Archives;
  readonly router: Router;
  readonly toasts: Toasts;
}

/** Leads through finished runs that come with Lotka: each step shows something on the real screen. */
export class TourGuide {
  current = $state.raw<GuidedTour | null>(null);
  index = $state(0);
  /** True on a machine for visitors: nothing but tours, which go on by themselves and begin again. */
  readonly kiosk: boolean;
  /** How many times faster than usual they go on. */
  readonly pace: number;
  readonly #parts: Parts;
  /** Step and run for which the timeline was set; what people do with it afterwards stays. */
  #set = '';

  constructor(parts: Parts, pace = new URLSearchParams(location.search).get('kiosk')) {
    this.#parts = parts;
    this.kiosk = pace !== null;
    this.pace = Number(pace) > 0 ? Number(pace) : 1;
  }

  get step(): TourStep | null {
    return this.current?.tour.steps[this.index] ?? null;
  }

  /** How long the step stays where tours go on by themselves. */
  get seconds(): number {
    return this.step ? secondsOf(this.step) / this.pace : 0;
  }

  get steps(): number {
    return this.current?.tour.steps.length ?? 0;
  }

  /** Begins a tour; trouble becomes a message. */
  async start(experiment: Experiment): Promise<void> {
    const { tour, id } = experiment;
    if (!tour) return;
    try {
      const archive = await this.#parts.service.call('archives.demonstration', { experiment: id });
      this.#parts.archives.note(archive);
      this.current = { experiment, tour, archive };
      this.go(0);
    } catch (error) {
      this.#parts.toasts.fail(error);
    }
  }

  /** Shows a step; one that there is not is passed over. */
  go(index: number): void {
    const { current } = this;
    const step = current?.tour.steps[index];
    if (!current || !step) return;
    this.index = index;
    this.#set = '';
    const { runs, sweeps } = current.archive;
    if (step.shows === 'sweep') {
      const [sweep] = sweeps;
      if (sweep) this.#parts.router.go({ screen: 'sweep', sweep: sweep.id });
      return;
    }
    const run = runs[step.shows];
    if (run) this.#parts.router.go({ screen: 'run', run: run.id });
  }

  /** The next step; after the last one the next tour on a machine for visitors, else the end. */
  next(): void {
    if (this.index + 1 < this.steps) this.go(this.index + 1);
    else if (!this.kiosk) this.leave();
    else void this.start(toured[(toured.findIndex(({ id }) => id === this.current?.experiment.id) + 1) % toured.length]!);
  }

  back(): void {
    this.go(this.index - 1);
  }

  leave(): void {
    this.current = null;
    this.index = 0;
  }

  /** Puts the timeline of the run that is shown where the step wants it, once. */
  set(run: LiveRun): void {
    const { step, current, index } = this;
    if (!step || !current || step.shows === 'sweep' || current.archive.runs[step.shows]?.id !== run.id || run.rows === 0) return;
    const at = step.at === undefined ? null : stepAt(step.at, run);
    if (at === null || this.#set === `${index} ${run.id}`) return;
    this.#set = `${index} ${run.id}`;
    run.cursor.scrub(at);
    if (step.film) run.cursor.togglePlay();
  }
}

/** Null while milestones have not come. */
function stepAt(at: TourTime, run: LiveRun): number | null {
  if (at === 'start') return 0;
  if (at === 'end') return run.record.step;
  if (typeof at === 'number') return at;
  return run.milestones.find(({ id }) => id === at.milestone)?.step ?? null;
}

/** Seconds in which a step is read, at three words a second, and its film seen. */
const secondsOf = ({ text, film }: TourStep): number => Math.max(film ? 14 : 0, 4 + text.split(/\s+/).length / 3);
