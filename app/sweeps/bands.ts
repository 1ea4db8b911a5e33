/**
 * Where the cells of a map lie. The values that an axis was planned with are one cell apart; values that refining added lie between
 * them, and their cells are laid over those of the planned values, which they divide.
 */
import type { MapAxis } from './map.ts';

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

/** The cells along an axis, which was planned with `planned`; what else it has was added between them. */
export function bandOf({ planned, ...axis }: Pick<MapAxis, 'values' | 'scale' | 'planned'>): Band {
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
