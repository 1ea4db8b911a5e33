/**
 * What a pair of reduced curves looks like: the L of training, the U of test, the norm between (Liu, Michaud, Tegmark 2023,
 * section 2). Nothing here knows of sweeps; a curve is its points by growing norm.
 */

/** One norm: the training and test value of a network that was held there. */
export interface CurvePoint {
  readonly norm: number;
  readonly train: number;
  readonly test: number;
}

export interface Minimum {
  /** Weight norm w_c: vertex of the parabola through the lowest measured point and its neighbours, over the logarithm of the norm. */
  readonly norm: number;
  /** The lowest value that was measured. */
  readonly value: number;
  /** Number of that point. */
  readonly at: number;
  /** Set if that point is the first or last, so that the minimum may lie beyond what was measured; `norm` is then the point's own. */
  readonly edge: 'least' | 'greatest' | null;
}

/** Norms around w_c at which the test value is at most `limit`. */
export interface Zone {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  /** True where the curve is still below the limit at its end, so that the zone may go on. */
  readonly openBelow: boolean;
  readonly openAbove: boolean;
}

export interface Shape {
  readonly minimum: Minimum;
  readonly zone: Zone;
  /** Norm from which the training value stays below a share of its greatest: the corner of the L. Null if it never does. */
  readonly corner: number | null;
  /** True if the test value rises beyond the zone on that side: both make a U. */
  readonly walls: { readonly below: boolean; readonly above: boolean };
  /**
   * Points whose training value rises although a larger norm can only do better: the optimiser did not get there in the steps it had.
   */
  readonly artefacts: readonly number[];
}

export interface ShapeOptions {
  /** Whether values are compared by their logarithm, as the figure draws them. */
  readonly scale: 'linear' | 'log';
  /** The zone ends where the test value is so many times its minimum; 2 unless told. */
  readonly factor?: number;
}

export const zoneFactor = 2;
/** Share of the greatest training value below which the curve counts as having come down. */
export const cornerShare = 1 / 20;
/** A rise of the training value counts from this factor on, and from this share of the greatest value. */
export const artefactRise = { factor: 2, share: 1e-3 };

/** @param points by growing norm, all finite, norms above 0. Null for fewer than three: they have no shape. */
export function shapeOf(points: readonly CurvePoint[], { scale, factor = zoneFactor }: ShapeOptions): Shape | null {
  if (points.length < 3) return null;
  const test = points.map((point) => point.test);
  const minimum = minimumOf(
    points.map(({ norm }) => norm),
    test,
    scale,
  );
  const zone = zoneOf(points, minimum, factor * minimum.value, scale);
  return {
    minimum,
    zone,
    corner: cornerOf(points, scale),
    walls: { below: !zone.openBelow, above: !zone.openAbove },
    artefacts: artefactsOf(points),
  };
}

/** Lowest point of a curve of at least one point, between points by a parabola over the logarithm of the norm. */
export function minimumOf(norms: readonly number[], values: readonly number[], scale: 'linear' | 'log'): Minimum {
  const value = Math.min(...values);
  const at = values.indexOf(value);
  const edge = at === 0 ? 'least' : at === values.length - 1 ? 'greatest' : null;
  if (edge) return { norm: norms[at], value, at, edge };
  const near = [at - 1, at, at + 1];
  const heights = near.map((i) => values[i]);
  const logarithmic = scale === 'log' && heights.every((height) => height > 0);
  const [x0, x1, x2] = near.map((i) => Math.log(norms[i]));
  const [y0, y1, y2] = logarithmic ? heights.map(Math.log) : heights;
  const [before, after] = [(y1 - y0) / (x1 - x0), (y2 - y1) / (x2 - x1)];
  // Slopes in the middles of the two pieces; between them the slope of the parabola is a line, which is zero at the vertex.
  const [left, right] = [(x0 + x1) / 2, (x1 + x2) / 2];
  const vertex = before === after ? x1 : left + ((right - left) * -before) / (after - before);
  return { norm: Math.exp(vertex), value, at, edge };
}

function zoneOf(points: readonly CurvePoint[], { at }: Minimum, limit: number, scale: 'linear' | 'log'): Zone {
  const end = (step: -1 | 1): { norm: number; open: boolean } => {
    for (let i = at + step; i >= 0 && i < points.length; i += step) {
      const [inside, outside] = [points[i - step], points[i]];
      if (outside.test > limit) return { norm: crossing(inside, outside, 'test', limit, scale), open: false };
    }
    return { norm: points[step < 0 ? 0 : points.length - 1].norm, open: true };
  };
  const [below, above] = [end(-1), end(1)];
  return { from: below.norm, to: above.norm, limit, openBelow: below.open, openAbove: above.open };
}

/** Norm between two points at which a value crosses a level that lies between theirs. */
function crossing(one: CurvePoint, other: CurvePoint, which: 'train' | 'test', level: number, scale: 'linear' | 'log'): number {
  const heights = [one[which], other[which], level];
  const [from, to, at] = scale === 'log' && heights.every((height) => height > 0) ? heights.map(Math.log) : heights;
  const share = to === from ? 0 : (at - from) / (to - from);
  return one.norm * (other.norm / one.norm) ** share;
}

function cornerOf(points: readonly CurvePoint[], scale: 'linear' | 'log'): number | null {
  const limit = cornerShare * Math.max(...points.map(({ train }) => train));
  // A larger norm can do what a smaller one does, so once it has come down a later rise is the optimiser's.
  const at = points.findIndex(({ train }) => train <= limit);
  if (at < 0) return null;
  return at === 0 ? points[0].norm : crossing(points[at - 1], points[at], 'train', limit, scale);
}

function artefactsOf(points: readonly CurvePoint[]): number[] {
  const greatest = Math.max(...points.map(({ train }) => train));
  let least = Infinity;
  return points.flatMap(({ train }, index) => {
    const rises = train > artefactRise.factor * least && train - least > artefactRise.share * greatest;
    least = Math.min(least, train);
    return rises ? [index] : [];
  });
}
