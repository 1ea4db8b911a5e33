/**
 * Indices of a line's points that a drawing needs: the lowest and highest of every bucket of equal width along the
 * drawn x axis, and both ends, so that no spike is lost. Lines that do not run from left to right keep every point.
 * @param position place of a value along the axis (any unit, increasing), e.g. its logarithm; NaN for "no place"
 * @param buckets at most 2 x buckets + 2 points are kept
 */
export function decimate(x: ArrayLike<number>, y: ArrayLike<number>, position: (x: number) => number, buckets: number): number[] {
  const length = Math.min(x.length, y.length);
  const all = () => Array.from({ length }, (_, index) => index);
  if (length <= 2 * buckets + 2) return all();
  for (let i = 1; i < length; i += 1) if (!(x[i] >= x[i - 1])) return all();
  let start = 0;
  while (start < length && !Number.isFinite(position(x[start]))) start += 1;
  const [from, to] = [position(x[start]), position(x[length - 1])];
  if (!(to > from)) return all();

  const kept: number[] = [];
  const keep = (index: number) => {
    if (kept[kept.length - 1] !== index) kept.push(index);
  };
  let [bucket, lowest, highest] = [-1, start, start];
  const flush = () => {
    keep(Math.min(lowest, highest));
    keep(Math.max(lowest, highest));
  };
  keep(start);
  for (let i = start; i < length; i += 1) {
    const here = Math.min(buckets - 1, Math.floor((buckets * (position(x[i]) - from)) / (to - from)));
    if (here !== bucket) {
      if (bucket >= 0) flush();
      [bucket, lowest, highest] = [here, i, i];
    }
    if (y[i] < y[lowest]) lowest = i;
    if (y[i] > y[highest]) highest = i;
  }
  flush();
  keep(length - 1);
  return kept;
}
