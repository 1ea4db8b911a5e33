export type TimeScale = 'log' | 'linear';

/** Place of a step on a timeline that ends at `total`, 0..1. Logarithmic places use 1 + step, so that step 0 has one. */
export function placeOfStep(step: number, total: number, scale: TimeScale): number {
  if (total <= 0) return 0;
  return scale === 'log' ? Math.log1p(step) / Math.log1p(total) : step / total;
}

/** Inverse of `placeOfStep`, rounded to a whole step within 0..total. */
export function stepOfPlace(place: number, total: number, scale: TimeScale): number {
  const clamped = Math.min(1, Math.max(0, place));
  const step = scale === 'log' ? Math.expm1(clamped * Math.log1p(total)) : clamped * total;
  return Math.min(total, Math.max(0, Math.round(step)));
}

/** Seconds a film from the first to the last step takes. */
const filmSeconds = 12;

/** Which step is looked at: the newest one while it follows, a chosen one once it was scrubbed. */
export class TimeCursor {
  following = $state(true);
  playing = $state(false);
  scale = $state<TimeScale>('log');
  #chosen = $state(0);
  readonly #latest: () => number;
  readonly #total: () => number;
  /** Fraction of a step that film frames shorter than one step have accumulated. */
  #place = 0;

  constructor(latest: () => number, total: () => number) {
    this.#latest = latest;
    this.#total = total;
  }

  get step(): number {
    return this.following ? this.#latest() : Math.min(this.#chosen, this.#latest());
  }

  get latest(): number {
    return this.#latest();
  }

  get total(): number {
    return this.#total();
  }

  /** Looks at a step; the newest one is followed again only when asked with `follow()`. */
  scrub(step: number): void {
    this.playing = false;
    this.following = false;
    this.#chosen = Math.min(this.#latest(), Math.max(0, Math.round(step)));
  }

  follow(): void {
    this.playing = false;
    this.following = true;
  }

  /** Starts or stops the film; at the end it starts over. */
  togglePlay(): void {
    if (this.playing) {
      this.playing = false;
      return;
    }
    if (this.#latest() === 0) return;
    const start = this.step >= this.#latest() ? 0 : this.step;
    this.following = false;
    this.#chosen = start;
    this.#place = placeOfStep(start, this.#total(), this.scale);
    this.playing = true;
  }

  /** Advances the film by `seconds` of real time, evenly along the timeline as it is drawn. */
  advance(seconds: number): void {
    if (!this.playing) return;
    this.#place = Math.min(1, this.#place + seconds / filmSeconds);
    const step = stepOfPlace(this.#place, this.#total(), this.scale);
    if (step >= this.#latest()) {
      this.playing = false;
      this.following = true;
    } else this.#chosen = step;
  }
}
