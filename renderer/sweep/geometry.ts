/**
 * Where the cells of a map lie. The values that an axis was planned with are one cell apart; values that refining added lie between
 * them, and their cells are laid over those of the planned values, which they divide.
 */
import type { MapAxis } from '#app/sweeps/map.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Band {
  /** Centre of each value, in planned cells from the start of the axis. */
  readonly centres: readonly number[];
  /** Cell of each value: from the middle between it and the one before to the middle behind it. */
  readonly edges: readonly (readonly [number, number])[];
  /** Cell of each planned value while nothing divides it; null for values that refining added. */
  readonly wide: readonly (readonly [number, number] | null)[];
  /** Planned values. */
  readonly size: number;
}

/** @param planned values that the axis was planned with; what else `axis` has was added between them */
export function bandOf(axis: Pick<MapAxis, 'values' | 'scale'>, planned: readonly unknown[]): Band {
  const keys = new Set(planned.map((value) => JSON.stringify(value)));
  const isPlanned = axis.values.map((value) => keys.has(JSON.stringify(value)));
  if (!isPlanned.includes(false) || !isPlanned.includes(true) || axis.scale === 'category') return even(axis.values.length);
  const straight = (value: unknown): number => (axis.scale === 'log' ? Math.log(Number(value)) : Number(value));
  const places: { readonly index: number; readonly at: number }[] = [];
  axis.values.forEach((value, index) => {
    if (isPlanned[index]) places.push({ index, at: straight(value) });
  });
  const centres = axis.values.map((value, index) => {
    const behind = places.findIndex((place) => place.index >= index);
    const next = Math.max(1, behind < 0 ? places.length - 1 : behind);
    const [a, b] = [places[next - 1], places[next]];
    if (!a || !b) return index + 0.5;
    if (a.index === index) return next - 0.5;
    if (b.index === index) return next + 0.5;
    return next - 0.5 + (straight(value) - a.at) / (b.at - a.at);
  });
  const size = places.length;
  const edges = centres.map((centre, index) => {
    const [before, after] = [centres[index - 1], centres[index + 1]];
    return [before === undefined ? 0 : (before + centre) / 2, after === undefined ? size : (centre + after) / 2] as const;
  });
  const wide = centres.map((centre, index) => (isPlanned[index] ? ([centre - 0.5, centre + 0.5] as const) : null));
  return { centres, edges, wide, size };
}

function even(size: number): Band {
  const edges = Array.from({ length: size }, (_, index) => [index, index + 1] as const);
  return { centres: edges.map(([from]) => from + 0.5), edges, wide: edges, size };
}

/** A map laid out in px. Rows run upwards: the first value of the y axis is at the foot. */
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
