/** A map laid out in px. */
import type { Band } from '#app/sweeps/bands.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Rows run upwards: the first value of the y axis is at the foot. */
export class Geometry {
  readonly width: number;
  readonly height: number;
  readonly columns: number;
  readonly rows: number;
  /** True if refining added values: some cells then lie over others. */
  readonly divided: boolean;
  readonly #x: Band;
  readonly #y: Band;
  readonly #across: number;
  readonly #down: number;
  readonly #pixel: number;

  /**
   * As large as fits into `room`, with cells no more than half as long again as they are high or the other way round.
   * @param pixel sizes are whole numbers of these: the size of a device's pixel in px
   */
  constructor(x: Band, y: Band, room: { readonly width: number; readonly height: number }, pixel = 1) {
    [this.#x, this.#y, this.#pixel] = [x, y, pixel];
    [this.columns, this.rows] = [x.centres.length, y.centres.length];
    const [across, down] = [room.width / x.size, room.height / y.size];
    const snap = (side: number): number => Math.max(pixel, side > 4 * pixel ? Math.floor(side / pixel) * pixel : side);
    this.#across = snap(Math.min(across, 1.5 * down));
    this.#down = snap(Math.min(down, 1.5 * across));
    [this.width, this.height] = [this.#across * x.size, this.#down * y.size];
    this.divided = x.size < this.columns || y.size < this.rows;
  }

  /** Centre of a column, in px from the left. */
  columnAt(column: number): number {
    return this.#x.centres[column]! * this.#across;
  }

  /** Centre of a row, in px from the top. */
  rowAt(row: number): number {
    return this.height - this.#y.centres[row]! * this.#down;
  }

  /** Cell `index` = row * columns + column, at its own size. */
  box(index: number): Box {
    return this.#boxOf(this.#x.edges[index % this.columns]!, this.#y.edges[Math.floor(index / this.columns)]!);
  }

  /** What a planned cell covers where nothing divides it; null for cells that refining added. */
  wideBox(index: number): Box | null {
    const [x, y] = [this.#x.wide[index % this.columns], this.#y.wide[Math.floor(index / this.columns)]];
    return x && y ? this.#boxOf(x, y) : null;
  }

  /** The cell at a place in px, with the nearest inside the map for places beyond it. */
  cellAt(left: number, top: number): number {
    const column = within(this.#x.edges, left / this.#across);
    const row = within(this.#y.edges, (this.height - top) / this.#down);
    return row * this.columns + column;
  }

  /** The smallest box around two cells. */
  around(one: number, other: number): Box {
    const [a, b] = [this.box(one), this.box(other)];
    const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
    return { x, y, width: Math.max(a.x + a.width, b.x + b.width) - x, height: Math.max(a.y + a.height, b.y + b.height) - y };
  }

  #boxOf([left, right]: readonly [number, number], [foot, head]: readonly [number, number]): Box {
    const [x, end] = [this.#snap(left * this.#across), this.#snap(right * this.#across)];
    const [y, bottom] = [this.#snap(this.height - head * this.#down), this.#snap(this.height - foot * this.#down)];
    return { x, y, width: end - x, height: bottom - y };
  }

  /** Edges that are not blurred: the nearest of the device's pixels. Cells of a few pixels stay as they are. */
  #snap(place: number): number {
    return Math.min(this.#across, this.#down) > 4 * this.#pixel ? Math.round(place / this.#pixel) * this.#pixel : place;
  }
}

function within(edges: readonly (readonly [number, number])[], at: number): number {
  const found = edges.findIndex(([, end]) => at < end);
  return found < 0 ? edges.length - 1 : found;
}
