/** Where the right wall of the U begins for a given demand: the norm that a network has to come down to. */
import type { Landscape } from './reduced.ts';

/**
 * Largest norm at which the median test value is at most `limit`, on the straight line over the logarithm of the norm between the
 * last point below and the first above. A network that comes from above generalises when its norm has fallen so far.
 * @returns null if no point is below, or the largest norm is, so that its wall was not measured
 */
export function wallOf({ points }: Pick<Landscape, 'points'>, limit: number): number | null {
  const last = points.findLastIndex(({ test }) => test.median <= limit);
  if (last < 0 || last === points.length - 1) return null;
  const [below, above] = [points[last], points[last + 1]];
  const share = (limit - below.test.median) / (above.test.median - below.test.median);
  return below.norm.median * (above.norm.median / below.norm.median) ** share;
}
