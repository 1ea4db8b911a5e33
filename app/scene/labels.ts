/** Greedy label placement: what is asked first is placed first, and nothing placed ever overlaps. Units are px. */

const cell = 24;

/** Rectangles already taken, in a uniform grid. Reused from frame to frame; grows only when it must. */
export class Occupancy {
  #width = 0;
  #height = 0;
  #columns = 0;
  #rows = 0;
  #heads = new Int32Array(0);
  #next = new Int32Array(1024);
  #rectangle = new Int32Array(1024);
  #entries = 0;
  #rectangles = new Float32Array(1024 * 4);
  #count = 0;

  /** Empties it for a viewport. */
  reset(width: number, height: number): void {
    this.#width = width;
    this.#height = height;
    this.#columns = Math.max(1, Math.ceil(width / cell));
    this.#rows = Math.max(1, Math.ceil(height / cell));
    if (this.#heads.length < this.#columns * this.#rows) this.#heads = new Int32Array(this.#columns * this.#rows);
    this.#heads.fill(-1);
    this.#entries = 0;
    this.#count = 0;
  }

  /** True if the rectangle lies inside the viewport and touches nothing taken, with `gap` px to spare on every side. */
  free(left: number, top: number, right: number, bottom: number, gap = 0): boolean {
    if (left < 0 || top < 0 || right > this.#width || bottom > this.#height) return false;
    const l = left - gap;
    const t = top - gap;
    const r = right + gap;
    const b = bottom + gap;
    const lastColumn = this.#column(r);
    const lastRow = this.#row(b);
    for (let row = this.#row(t); row <= lastRow; row++) {
      for (let column = this.#column(l); column <= lastColumn; column++) {
        for (let entry = this.#heads[row * this.#columns + column]!; entry >= 0; entry = this.#next[entry]!) {
          const at = this.#rectangle[entry]! * 4;
          const taken = this.#rectangles;
          if (l < taken[at + 2]! && r > taken[at]! && t < taken[at + 3]! && b > taken[at + 1]!) return false;
        }
      }
    }
    return true;
  }

  /** Takes a rectangle, whether or not it was free. */
  take(left: number, top: number, right: number, bottom: number): void {
    if (right <= 0 || bottom <= 0 || left >= this.#width || top >= this.#height) return;
    if ((this.#count + 1) * 4 > this.#rectangles.length) {
      const larger = new Float32Array(this.#rectangles.length * 2);
      larger.set(this.#rectangles);
      this.#rectangles = larger;
    }
    this.#rectangles[this.#count * 4] = left;
    this.#rectangles[this.#count * 4 + 1] = top;
    this.#rectangles[this.#count * 4 + 2] = right;
    this.#rectangles[this.#count * 4 + 3] = bottom;
    const lastColumn = this.#column(right);
    const lastRow = this.#row(bottom);
    for (let row = this.#row(top); row <= lastRow; row++) {
      for (let column = this.#column(left); column <= lastColumn; column++) {
        if (this.#entries === this.#next.length) this.#growEntries();
        this.#next[this.#entries] = this.#heads[row * this.#columns + column]!;
        this.#rectangle[this.#entries] = this.#count;
        this.#heads[row * this.#columns + column] = this.#entries++;
      }
    }
    this.#count++;
  }

  #growEntries(): void {
    const next = new Int32Array(this.#next.length * 2);
    next.set(this.#next);
    this.#next = next;
    const rectangle = new Int32Array(this.#rectangle.length * 2);
    rectangle.set(this.#rectangle);
    this.#rectangle = rectangle;
  }

  #column(x: number): number {
    return Math.min(this.#columns - 1, Math.max(0, Math.floor(x / cell)));
  }

  #row(y: number): number {
    return Math.min(this.#rows - 1, Math.max(0, Math.floor(y / cell)));
  }
}

/** Centre of a placed label; the same object is returned every time, so copy what you keep. */
export interface Placement {
  x: number;
  y: number;
}

const placement: Placement = { x: 0, y: 0 };

/** Turns of the outward direction, in radians, in the order of preference. */
const turns = [0, 0.5, -0.5, 1, -1];

/**
 * Places a label of the given size beside a point, away from a centre: straight outwards first, then turned, then farther off.
 * Takes the rectangle when it succeeds.
 * @param radius px of the point's disc
 * @param gap px kept free to everything already taken
 * @param spare further px kept free to labels that come later: the larger, the fewer labels of a crowd remain
 */
export function placeBeside(
  occupancy: Occupancy,
  x: number,
  y: number,
  centreX: number,
  centreY: number,
  radius: number,
  width: number,
  height: number,
  gap: number,
  spare: number,
): Placement | null {
  const outward = Math.atan2(y - centreY, x - centreX);
  for (let distance = 0; distance < 2; distance++) {
    for (const turned of turns) {
      const angle = outward + turned;
      const cos = Math.cos(angle);
      const sin = Math.sin(angle);
      // Distance from the disc's edge to the centre of a rectangle that touches it in this direction.
      const reach = radius + 3 + distance * 5 + Math.abs(cos) * (width / 2) + Math.abs(sin) * (height / 2);
      const labelX = x + cos * reach;
      const labelY = y + sin * reach;
      const left = labelX - width / 2;
      const top = labelY - height / 2;
      if (occupancy.free(left, top, left + width, top + height, gap)) {
        occupancy.take(left - spare, top - spare, left + width + spare, top + height + spare);
        placement.x = labelX;
        placement.y = labelY;
        return placement;
      }
    }
  }
  return null;
}

/** Places a block at the first free of the given centres (x, y pairs). Takes the rectangle when it succeeds. */
export function placeAt(
  occupancy: Occupancy,
  centres: ArrayLike<number>,
  count: number,
  width: number,
  height: number,
  gap: number,
): Placement | null {
  for (let index = 0; index < count; index++) {
    const left = centres[index * 2] - width / 2;
    const top = centres[index * 2 + 1] - height / 2;
    if (occupancy.free(left, top, left + width, top + height, gap)) {
      occupancy.take(left, top, left + width, top + height);
      placement.x = centres[index * 2];
      placement.y = centres[index * 2 + 1];
      return placement;
    }
  }
  return null;
}
