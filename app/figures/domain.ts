import type { Axis } from './spec.ts';

/** Beyond this a drawing cannot place a number; such values count as missing. Its inverse is the smallest size it tells from zero. */
export const greatestDrawable = 1e200;
const smallestDrawable = 1 / greatestDrawable;

/** Whether an axis has a place for a value: finite, and positive on a logarithmic axis. */
export function hasPlace(value: number, scale: Axis['scale']): boolean {
  return Math.abs(value) <= greatestDrawable && (scale !== 'log' || value >= smallestDrawable);
}

/**
 * Range of an axis: the spec's own if it gives one, else what holds all `values` with a little air.
 * @param tight leave no air (the variable that runs along a line)
 */
export function axisDomain(axis: Axis, values: Iterable<number>, tight: boolean): [number, number] {
  const { scale } = axis;
  let [low, high] = axis.domain ?? [Infinity, -Infinity];
  if (!hasPlace(low, scale) || !hasPlace(high, scale) || !(low < high) || isNarrow(low, high, scale)) {
    [low, high] = [Infinity, -Infinity];
    for (const value of values) {
      if (!hasPlace(value, scale)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (low > high) [low, high] = scale === 'log' ? [1, 10] : [0, 1];
    else if (!tight || isNarrow(low, high, scale)) [low, high] = widen(low, high, scale);
  }
  return [low, high];
}

const isNarrow = (low: number, high: number, scale: Axis['scale']): boolean =>
  scale === 'log' ? high <= low * (1 + 1e-9) : high - low <= Math.max(1e-12 * Math.max(Math.abs(low), Math.abs(high)), smallestDrawable);

function widen(low: number, high: number, scale: Axis['scale']): [number, number] {
  if (scale === 'log') {
    const air = isNarrow(low, high, scale) ? 2 : 10 ** (0.06 * (Math.log10(high) - Math.log10(low)));
    return [low / air, high * air];
  }
  const size = Math.max(Math.abs(low), Math.abs(high));
  const air = isNarrow(low, high, scale) ? (size > smallestDrawable ? size / 2 : 0.5) : 0.06 * (high - low);
  // Data that start at zero keep zero as the edge: a signal or a loss below zero would be nonsense.
  const bottom = low >= 0 && low - air < 0 ? 0 : low - air;
  return [bottom === high ? -air : bottom, high + air];
}
