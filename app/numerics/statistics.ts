/** Descriptive statistics of number sequences. Empty input gives NaN. */

/** Arithmetic mean. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i];
  return sum / values.length;
}

/** Standard deviation; `degreesOfFreedom` is subtracted from the count (1: sample, 0: population). */
export function standardDeviation(values: ArrayLike<number>, degreesOfFreedom = 1): number {
  const centre = mean(values);
  let square = 0;
  for (let i = 0; i < values.length; i += 1) square += (values[i] - centre) ** 2;
  return Math.sqrt(square / (values.length - degreesOfFreedom));
}

/** Quantile with linear interpolation between order statistics (NumPy's default). @param probability 0 .. 1 */
export function quantile(values: ArrayLike<number>, probability: number): number {
  if (!(probability >= 0 && probability <= 1)) throw new RangeError(`a quantile needs a probability from 0 to 1, not ${probability}`);
  if (values.length === 0) return NaN;
  const sorted = Float64Array.from(values).sort();
  const place = probability * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  // Equal neighbours need no interpolation, which infinite ones could not bear.
  return sorted[below] === sorted[above] ? sorted[below] : sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

/** Middle value, the mean of the two middle ones for an even count. */
export const median = (values: ArrayLike<number>): number => quantile(values, 0.5);

/** Ranks from 1; equal values share the mean of their ranks. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a] - values[b]);
  const result = new Float64Array(values.length);
  for (let first = 0; first < order.length;) {
    let last = first;
    while (last + 1 < order.length && values[order[last + 1]] === values[order[first]]) last += 1;
    for (let i = first; i <= last; i += 1) result[order[i]] = (first + last) / 2 + 1;
    first = last + 1;
  }
  return result;
}

/** Pearson correlation; NaN if either sequence is constant. @throws RangeError if lengths differ */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): number {
  if (x.length !== y.length) throw new RangeError(`correlation needs equally many values, not ${x.length} and ${y.length}`);
  const [centreX, centreY] = [mean(x), mean(y)];
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i += 1) {
    const [dx, dy] = [x[i] - centreX, y[i] - centreY];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xy / Math.sqrt(xx * yy);
}

/** Spearman rank correlation, ties sharing ranks. */
export const spearman = (x: ArrayLike<number>, y: ArrayLike<number>): number => pearson(ranks(x), ranks(y));

/**
 * Area under the receiver operating characteristic: the chance that a positive scores above a negative, ties counting half
 * (Mann-Whitney U). NaN unless both classes occur.
 */
export function rocAuc(scores: ArrayLike<number>, positive: ArrayLike<boolean>): number {
  if (scores.length !== positive.length)
    throw new RangeError(`AUC needs a label for every score, not ${positive.length} for ${scores.length}`);
  const rank = ranks(scores);
  let [positives, sum] = [0, 0];
  for (let i = 0; i < rank.length; i += 1) {
    if (!positive[i]) continue;
    positives += 1;
    sum += rank[i];
  }
  const negatives = rank.length - positives;
  return (sum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
