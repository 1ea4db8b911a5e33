export interface Frame {
  readonly step: number;
  readonly shape: readonly number[];
  readonly values: Float32Array | Float64Array;
}

/** Frames by step, the least recently used dropped when they exceed a budget of bytes. */
export class FrameCache {
  readonly #budget: number;
  readonly #frames = new Map<number, Frame>();
  #bytes = 0;

  constructor(budgetBytes: number) {
    this.#budget = budgetBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  has(step: number): boolean {
    return this.#frames.has(step);
  }

  get(step: number): Frame | undefined {
    const frame = this.#frames.get(step);
    if (frame) {
      // A Map keeps insertion order: putting it last marks it as used.
      this.#frames.delete(step);
      this.#frames.set(step, frame);
    }
    return frame;
  }

  put(frame: Frame): void {
    const previous = this.#frames.get(frame.step);
    if (previous) this.#bytes -= previous.values.byteLength;
    this.#frames.delete(frame.step);
    this.#frames.set(frame.step, frame);
    this.#bytes += frame.values.byteLength;
    for (const [step, oldest] of this.#frames) {
      if (this.#bytes <= this.#budget || this.#frames.size === 1) break;
      this.#frames.delete(step);
      this.#bytes -= oldest.values.byteLength;
    }
  }

  /** The held frame nearest at or before `step`, or failing that the earliest after it. */
  nearest(step: number): Frame | undefined {
    let before = -Infinity;
    let after = Infinity;
    for (const held of this.#frames.keys()) {
      if (held <= step && held > before) before = held;
      if (held > step && held < after) after = held;
    }
    return this.get(before > -Infinity ? before : after);
  }

  /** Forgets what was recorded after `step`. */
  dropAfter(step: number): void {
    for (const [held, frame] of this.#frames) {
      if (held <= step) continue;
      this.#frames.delete(held);
      this.#bytes -= frame.values.byteLength;
    }
  }
}

/** Index of the last entry of an increasing list that is <= `step`, or -1. */
export function indexAtOrBefore(steps: readonly number[], step: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle]! <= step) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
