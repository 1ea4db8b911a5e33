/**
 * Spends trials on boundaries: a coarse grid first, then, in rounds of half the stride, only points between neighbours whose
 * outcomes differ. What lies between neighbours that agree is inferred, and trained after all when a neighbour turns out unlike it.
 * What is trained depends on results alone, not on the order in which they came.
 */
import type { SweepDefinition } from '#app/protocol/sweep.ts';

/** What a point came to over its seeds; `undefined` while a seed has no result, `failed` if none succeeded. */
export type PointOutcome = number | string | null | undefined;

export interface AdaptivePlan {
  /** Points wanted so far, in the order in which they should be trained. */
  readonly points: readonly number[];
  /** Outcome of points that need no training. */
  readonly inferred: ReadonlyMap<number, number | string | null>;
  /** True once nothing further will be wanted. */
  readonly complete: boolean;
}

/** Share of the range of a numeric outcome beyond which two neighbours differ. */
const numericTolerance = 0.05;

/**
 * Where it ends, no inferred point has a neighbour unlike itself: a region that one trained point lies in is traced whole, and only an
 * island between the points of the coarse grid can be missed.
 * @param sizes values on each axis of the grid; the first two are refined, every combination of the others is a map of its own
 * @param outcome what each grid point came to
 */
export function adaptivePlan(
  sampling: Extract<SweepDefinition['sampling'], { kind: 'adaptive' }>,
  sizes: readonly number[],
  outcome: (point: number) => PointOutcome,
): AdaptivePlan {
  const [columns, rows] = [sizes[0], sizes[1]];
  const area = columns * rows;
  const starts = Array.from({ length: sizes.slice(2).reduce((product, size) => product * size, 1) }, (_, map) => map * area);
  const points: number[] = [];
  /** What is known of every point so far, trained or inferred. */
  const values = new Array<PointOutcome>(area * starts.length);
  const inferred = new Map<number, number | string | null>();
  /** Wants a round of points. @returns whether all of them have an outcome */
  const want = (round: readonly number[]): boolean => {
    for (const point of round) {
      inferred.delete(point);
      values[point] = outcome(point);
      points.push(point);
    }
    return round.every((point) => values[point] !== undefined);
  };

  let stride = sampling.stride;
  let [xs, ys] = [lattice(columns, stride), lattice(rows, stride)];
  if (!want(starts.flatMap((start) => ys.flatMap((y) => xs.map((x) => start + y * columns + x)))))
    return { points, inferred, complete: false };
  const span = spanOf(points.map((point) => values[point]));
  const differ = (a: PointOutcome, b: PointOutcome): boolean =>
    typeof a === 'number' && typeof b === 'number' ? Math.abs(a - b) > numericTolerance * span : a !== b || a === 'failed';
  while (stride > 1) {
    stride /= 2;
    const [fineX, fineY] = [lattice(columns, stride), lattice(rows, stride)];
    const [acrossOf, alongOf] = [fineX.map((x) => around(xs, x)), fineY.map((y) => around(ys, y))];
    const round: number[] = [];
    for (const start of starts) {
      fineY.forEach((y, j) => {
        fineX.forEach((x, i) => {
          const [across, along] = [acrossOf[i], alongOf[j]];
          if (across.length === 1 && along.length === 1) return;
          const corners = along.flatMap((cornerY) => across.map((cornerX) => values[start + cornerY * columns + cornerX]));
          const point = start + y * columns + x;
          if (corners.some((corner) => differ(corners[0], corner))) round.push(point);
          else inferred.set(point, (values[point] = corners[0] as number | string | null));
        });
      });
    }
    if (!want(round)) return { points, inferred, complete: false };
    for (;;) {
      const doubtful: number[] = [];
      for (const start of starts) {
        fineY.forEach((y, j) => {
          const lines = fineY.slice(Math.max(0, j - 1), j + 2);
          fineX.forEach((x, i) => {
            const point = start + y * columns + x;
            if (!inferred.has(point)) return;
            const unlike = (line: number, place: number): boolean =>
              place >= 0 && place < fineX.length && differ(values[point], values[start + line * columns + fineX[place]]);
            if (lines.some((line) => unlike(line, i - 1) || unlike(line, i) || unlike(line, i + 1))) doubtful.push(point);
          });
        });
      }
      if (doubtful.length === 0) break;
      if (!want(doubtful)) return { points, inferred, complete: false };
    }
    [xs, ys] = [fineX, fineY];
  }
  return { points, inferred, complete: true };
}

/** Every `stride`th place, and the last. */
function lattice(count: number, stride: number): number[] {
  const places: number[] = [];
  for (let place = 0; place < count - 1; place += stride) places.push(place);
  return [...places, count - 1];
}

/** The place itself if it is on the lattice, else those next to it. */
function around(places: readonly number[], place: number): number[] {
  const next = places.findIndex((other) => other >= place);
  return places[next] === place ? [place] : [places[next - 1], places[next]];
}

function spanOf(values: readonly PointOutcome[]): number {
  const numbers = values.filter((value): value is number => typeof value === 'number');
  return numbers.reduce((high, value) => Math.max(high, value), -Infinity) - numbers.reduce((low, value) => Math.min(low, value), Infinity);
}
