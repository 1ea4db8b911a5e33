/**
 * Rows of a recorded series in one growing typed array. Appending copies only what is new;
 * reading gives a view, so that figures touch no reactive proxy and nothing is copied per frame.
 */
export class Column {
  readonly width: number;
  #values: Float64Array;
  #rows = 0;

  constructor(width: number, expectedRows = 1024) {
    this.width = width;
    this.#values = new Float64Array(Math.max(1, expectedRows) * width);
  }

  get rows(): number {
    return this.#rows;
  }

  /**
   * Puts rows (row-major) at `from`; rows from there on are replaced, as after a resume from an earlier checkpoint.
   * @throws RangeError if `from` would leave a gap or `values` is not a whole number of rows.
   */
  put(from: number, values: ArrayLike<number>): void {
    if (from > this.#rows) throw new RangeError(`rows ${this.#rows} to ${from - 1} are missing`);
    if (values.length % this.width !== 0) throw new RangeError(`${values.length} values are not rows of ${this.width}`);
    const length = from * this.width + values.length;
    if (length > this.#values.length) {
      const grown = new Float64Array(Math.max(length, this.#values.length * 2));
      grown.set(this.view());
      this.#values = grown;
    }
    this.#values.set(values, from * this.width);
    this.#rows = length / this.width;
  }

  /** All rows, row-major; valid until the next `put`. */
  view(): Float64Array {
    return this.#values.subarray(0, this.#rows * this.width);
  }
}
