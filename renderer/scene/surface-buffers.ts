/**
 * The arrays that painters of a surface draw from. World units: columns go from x = -1 to 1, rows from z = 1 to -1, away from the
 * viewer, heights from y = 0 to `surfaceHeight`. A surface of the same size updates the arrays in place.
 */
import { sequentialColour } from '#app/figures/colours.ts';
import type { SurfaceAxis, SurfacePath, SurfaceSpec } from '#app/figures/scene.ts';

export const surfaceHeight = 0.9;
/** How far the path lies over what it passes, so that the surface does not swallow half of it. */
const pathLift = 0.012;
/** Direction of the light, of length 1, and the darkest that a slope turned away from it gets. */
const light = [-0.42, 0.8, 0.43] as const;
const darkest = 0.62;

const colours = Uint8Array.from(
  Array.from({ length: 256 }, (_, index) => {
    const css = sequentialColour(index / 255);
    return [1, 3, 5].map((at) => Number.parseInt(css.slice(at, at + 2), 16));
  }).flat(),
);

/** Share 0..1 of a value between two others, straight in a linear or logarithmic scale; NaN if it has no place there. */
export function shareOf(value: number, from: number, to: number, scale: 'linear' | 'log'): number {
  return scale === 'log' ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
}

/** Share 0..1 of a height; beyond the domain it is the end, and what is no number stays none. */
export function heightShare(value: number, { domain: [low, high], scale }: SurfaceSpec['value']): number {
  if (!Number.isFinite(value)) return Number.NaN;
  if (value <= low) return 0;
  return Math.min(1, shareOf(value, low, high, scale));
}

export class SurfaceBuffers {
  columns = 0;
  rows = 0;
  /** Grows when arrays were exchanged for others. */
  structure = 0;
  /** World position of each vertex. */
  positions = new Float32Array(0);
  /** Colour of each vertex with its light, red, green, blue, 255. */
  colours = new Uint8Array(0);
  /** Height 0..1 of each vertex; NaN for a hole. */
  heights = new Float32Array(0);
  /** Vertices of the triangles; two a cell, none where a corner is missing. */
  index = new Uint32Array(0);
  indexCount = 0;
  /** Lines of equal height, six numbers a piece; those of cell c are segmentStart[c] .. segmentStart[c + 1]. */
  segments = new Float32Array(6 * 256);
  segmentCount = 0;
  segmentStart = new Uint32Array(1);
  /** The path, six numbers a piece. */
  pathSegments = new Float32Array(6 * 256);
  pathCount = 0;
  /** World position of the ball; null without one. */
  ball: [number, number, number] | null = null;
  #columnAt = new Float64Array(0);
  #rowAt = new Float64Array(0);
  #spec: SurfaceSpec | null = null;

  /** @returns what changed: the surface itself, or the path only, or nothing */
  update(spec: SurfaceSpec): 'surface' | 'path' | 'nothing' {
    const before = this.#spec;
    this.#spec = spec;
    const same =
      before?.values === spec.values &&
      before.x.values === spec.x.values &&
      before.y.values === spec.y.values &&
      before.x.scale === spec.x.scale &&
      before.y.scale === spec.y.scale &&
      before.value.scale === spec.value.scale &&
      before.value.domain.every((end, index) => end === spec.value.domain[index]) &&
      before.contours.length === spec.contours.length &&
      before.contours.every((level, index) => level === spec.contours[index]);
    if (same && before.path === spec.path) return 'nothing';
    if (!same) {
      this.#resize(spec.x.values.length, spec.y.values.length);
      place(spec.x, this.#columnAt);
      place(spec.y, this.#rowAt);
      this.#raise(spec);
      this.#shade();
      this.#triangulate();
      this.#contour(spec);
    }
    this.#lay(spec);
    return same ? 'path' : 'surface';
  }

  /** Height 0..1 of the surface at shares 0..1 of its axes; NaN beside it and over holes. */
  heightAt(across: number, along: number): number {
    const column = cellOf(this.#columnAt, across);
    const row = cellOf(this.#rowAt, along);
    if (column < 0 || row < 0) return Number.NaN;
    const u = (across - this.#columnAt[column]) / (this.#columnAt[column + 1] - this.#columnAt[column]);
    const v = (along - this.#rowAt[row]) / (this.#rowAt[row + 1] - this.#rowAt[row]);
    const at = row * this.columns + column;
    const [a, b, c, d] = [this.heights[at], this.heights[at + 1], this.heights[at + this.columns], this.heights[at + this.columns + 1]];
    // The same two triangles that are drawn, so that what lies on the surface neither floats nor sinks.
    return u + v <= 1 ? a + u * (b - a) + v * (c - a) : d + (1 - u) * (c - d) + (1 - v) * (b - d);
  }

  #resize(columns: number, rows: number): void {
    if (columns === this.columns && rows === this.rows) return;
    [this.columns, this.rows] = [columns, rows];
    const count = columns * rows;
    const cells = Math.max(0, columns - 1) * Math.max(0, rows - 1);
    this.positions = new Float32Array(count * 3);
    this.colours = new Uint8Array(count * 4).fill(255);
    this.heights = new Float32Array(count);
    this.index = new Uint32Array(cells * 6);
    this.segmentStart = new Uint32Array(cells + 1);
    this.#columnAt = new Float64Array(columns);
    this.#rowAt = new Float64Array(rows);
    this.structure += 1;
  }

  #raise(spec: SurfaceSpec): void {
    for (let row = 0, vertex = 0; row < this.rows; row += 1) {
      for (let column = 0; column < this.columns; column += 1, vertex += 1) {
        const share = heightShare(spec.values[vertex], spec.value);
        this.heights[vertex] = share;
        this.positions[vertex * 3] = 2 * this.#columnAt[column] - 1;
        this.positions[vertex * 3 + 1] = Number.isNaN(share) ? 0 : share * surfaceHeight;
        this.positions[vertex * 3 + 2] = 1 - 2 * this.#rowAt[row];
      }
    }
  }

  #shade(): void {
    const { columns, rows, positions, heights } = this;
    const slope = (from: number, to: number, axis: 0 | 2): number => {
      const rise = positions[to * 3 + 1] - positions[from * 3 + 1];
      return from === to ? 0 : rise / (positions[to * 3 + axis] - positions[from * 3 + axis]);
    };
    for (let row = 0, vertex = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1, vertex += 1) {
        const share = heights[vertex];
        if (Number.isNaN(share)) continue;
        const left = column > 0 && !Number.isNaN(heights[vertex - 1]) ? vertex - 1 : vertex;
        const right = column + 1 < columns && !Number.isNaN(heights[vertex + 1]) ? vertex + 1 : vertex;
        const near = row > 0 && !Number.isNaN(heights[vertex - columns]) ? vertex - columns : vertex;
        const far = row + 1 < rows && !Number.isNaN(heights[vertex + columns]) ? vertex + columns : vertex;
        const [dx, dz] = [slope(left, right, 0), slope(near, far, 2)];
        const facing = (-dx * light[0] + light[1] - dz * light[2]) / Math.sqrt(1 + dx * dx + dz * dz);
        const lit = darkest + (1 - darkest) * Math.max(0, facing);
        const colour = Math.round(share * 255) * 3;
        for (let channel = 0; channel < 3; channel += 1) this.colours[vertex * 4 + channel] = Math.round(colours[colour + channel] * lit);
      }
    }
  }

  #triangulate(): void {
    const { columns, rows, heights, index } = this;
    let count = 0;
    for (let row = 0; row + 1 < rows; row += 1) {
      for (let column = 0; column + 1 < columns; column += 1) {
        const a = row * columns + column;
        const [b, c, d] = [a + 1, a + columns, a + columns + 1];
        if (Number.isNaN(heights[a] + heights[b] + heights[c] + heights[d])) continue;
        index[count] = a;
        index[count + 1] = index[count + 3] = b;
        index[count + 2] = index[count + 5] = c;
        index[count + 4] = d;
        count += 6;
      }
    }
    this.indexCount = count;
  }

  /** Where levels cut the triangles: exactly on what is drawn, and without the ambiguity of a square's saddle. */
  #contour(spec: SurfaceSpec): void {
    const levels = spec.contours.map((level) => heightShare(level, spec.value)).filter((level) => level > 0 && level < 1);
    const { columns, rows, heights } = this;
    this.segmentCount = 0;
    let cell = 0;
    for (let row = 0; row + 1 < rows; row += 1) {
      for (let column = 0; column + 1 < columns; column += 1) {
        this.segmentStart[cell++] = this.segmentCount;
        const a = row * columns + column;
        const [b, c, d] = [a + 1, a + columns, a + columns + 1];
        if (Number.isNaN(heights[a] + heights[b] + heights[c] + heights[d])) continue;
        for (const level of levels) {
          this.#cut(a, b, c, level);
          this.#cut(b, d, c, level);
        }
      }
    }
    this.segmentStart[cell] = this.segmentCount;
  }

  #cut(a: number, b: number, c: number, level: number): void {
    const { heights } = this;
    const [overA, overB, overC] = [heights[a] >= level, heights[b] >= level, heights[c] >= level];
    if (overA === overB && overB === overC) return;
    const alone = overA === overB ? c : overA === overC ? b : a;
    this.segments = grown(this.segments, (this.segmentCount + 1) * 6);
    const at = this.segmentCount * 6;
    this.#cross(alone, alone === a ? b : a, level, at);
    this.#cross(alone, alone === c ? b : c, level, at + 3);
    this.segmentCount += 1;
  }

  #cross(from: number, to: number, level: number, at: number): void {
    const share = (level - this.heights[from]) / (this.heights[to] - this.heights[from]);
    for (let axis = 0; axis < 3; axis += 1) {
      const start = this.positions[from * 3 + axis];
      this.segments[at + axis] = start + share * (this.positions[to * 3 + axis] - start);
    }
  }

  #lay(spec: SurfaceSpec): void {
    const { path } = spec;
    this.pathCount = 0;
    this.ball = null;
    if (!path) return;
    let before: [number, number, number] | null = null;
    for (let place = 0; place < path.x.length; place += 1) {
      const here = this.#placeOf(spec, path, place);
      if (here && before) {
        this.pathSegments = grown(this.pathSegments, (this.pathCount + 1) * 6);
        this.pathSegments.set(before, this.pathCount * 6);
        this.pathSegments.set(here, this.pathCount * 6 + 3);
        this.pathCount += 1;
      }
      before = here;
      if (place === path.at) this.ball = here;
    }
  }

  #placeOf({ x, y, value }: SurfaceSpec, path: SurfacePath, place: number): [number, number, number] | null {
    const across = axisShare(x, path.x[place]);
    const along = axisShare(y, path.y[place]);
    if (!(across >= 0 && across <= 1 && along >= 0 && along <= 1)) return null;
    const height = path.values ? heightShare(path.values[place], value) : this.heightAt(across, along);
    return Number.isNaN(height) ? null : [2 * across - 1, height * surfaceHeight + pathLift, 1 - 2 * along];
  }
}

/** Share 0..1 of a value along an axis. */
export function axisShare({ values, scale }: SurfaceAxis, value: number): number {
  return shareOf(value, values[0], values[values.length - 1], scale);
}

function place(axis: SurfaceAxis, out: Float64Array): void {
  for (let index = 0; index < out.length; index += 1) out[index] = axisShare(axis, axis.values[index]);
}

/** Number of the interval that holds a share, or -1. */
function cellOf(places: Float64Array, share: number): number {
  if (!(share >= places[0] && share <= places[places.length - 1])) return -1;
  let [low, high] = [0, places.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (places[middle] <= share) low = middle;
    else high = middle;
  }
  return low;
}

function grown(array: Float32Array<ArrayBuffer>, length: number): Float32Array<ArrayBuffer> {
  if (length <= array.length) return array;
  const larger = new Float32Array(Math.max(length, array.length * 2));
  larger.set(array);
  return larger;
}
