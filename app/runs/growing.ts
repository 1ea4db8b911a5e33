/** Rows of one series in memory, growing at the end. */
export class GrowingRows {
  /** Numbers of one row. */
  readonly width: number;
  #values: Float64Array;
  #length = 0;

  constructor(width: number) {
    this.width = width;
    this.#values = new Float64Array(64 * width);
  }

  get rows(): number {
    return this.#length / this.width;
  }

  /** All rows, row-major; a view that the next `append` may leave behind. */
  get values(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }

  /** Adds whole rows. */
  append(added: ArrayLike<number>): void {
    const needed = this.#length + added.length;
    if (needed > this.#values.length) {
      const grown = new Float64Array(Math.max(needed, 2 * this.#values.length));
      grown.set(this.values);
      this.#values = grown;
    }
    this.#values.set(added, this.#length);
    this.#length = needed;
  }

  /** The rows so far as a copy; none are left. */
  take(): Float64Array {
    const taken = this.values.slice();
    this.#length = 0;
    return taken;
  }
}
