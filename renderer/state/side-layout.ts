import type { SideLayout } from './settings.svelte.ts';

export const emptyLayout: SideLayout = { order: [], collapsed: [], heights: {} };
export const leastHeight = 140;
export const greatestHeight = 900;

/** Ids in the user's order; panels the user never moved come after, in the experiment's. Ids that no longer exist are left out. */
export function arranged(ids: readonly string[], order: readonly string[]): string[] {
  const known = order.filter((id) => ids.includes(id));
  return [...known, ...ids.filter((id) => !known.includes(id))];
}

/** Moves a panel by `by` places, stopping at the ends. */
export function moved(order: readonly string[], id: string, by: number): string[] {
  const from = order.indexOf(id);
  const to = Math.min(order.length - 1, Math.max(0, from + by));
  if (from < 0) return [...order];
  return order.toSpliced(from, 1).toSpliced(to, 0, id);
}

export const toggled = (ids: readonly string[], id: string): string[] =>
  ids.includes(id) ? ids.filter((other) => other !== id) : [...ids, id];

export const clampHeight = (height: number): number => Math.round(Math.min(greatestHeight, Math.max(leastHeight, height)));
