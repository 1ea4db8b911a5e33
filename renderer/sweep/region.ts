/** The region of a map that is chosen to be refined. */
import { isOrdered } from '#app/sweeps/axes.ts';
import type { MapAxis, SweepMap } from '#app/sweeps/map.ts';
import type { SweepDefinition } from '#app/protocol/sweep.ts';

export interface Region {
  readonly columns: number;
  readonly rows: number;
  /** Ends of the region by parameter, as `sweeps.refine` takes them. */
  readonly values: Readonly<Record<string, [number, number]>>;
}

/** The region between two corners, or a sentence that says why it cannot be refined. */
export function regionOf(map: SweepMap, definition: SweepDefinition, [one, other]: readonly [number, number]): Region | string {
  const { kind } = definition.sampling;
  if (kind === 'random' || kind === 'latin') return 'Points that were drawn have no grid to refine; draw more of them in a new sweep.';
  const refined = definition.axes.slice(0, 2).map(({ parameter }) => parameter);
  if ([map.x, map.y].some(({ parameter }) => parameter !== null && !refined.includes(parameter)))
    return 'Only the first two axes of a sweep are refined; show these to choose a region.';
  const count = map.x.values.length;
  const columns = sorted(one % count, other % count);
  const rows = sorted(Math.floor(one / count), Math.floor(other / count));
  const values: Record<string, [number, number]> = {};
  for (const [axis, [from, to]] of [
    [map.x, columns],
    [map.y, rows],
  ] as const) {
    if (axis.parameter === null) continue;
    const ends = endsOf(axis, from, to);
    if (ends) values[axis.parameter] = ends;
  }
  if (Object.keys(values).length === 0) return 'Nothing lies between the values of these axes.';
  return { columns: columns[1] - columns[0] + 1, rows: rows[1] - rows[0] + 1, values };
}

function endsOf(axis: MapAxis, from: number, to: number): [number, number] | null {
  if (!isOrdered(axis.values)) return null;
  return [Math.min(axis.values[from]!, axis.values[to]!), Math.max(axis.values[from]!, axis.values[to]!)];
}

const sorted = (a: number, b: number): readonly [number, number] => (a < b ? [a, b] : [b, a]);
