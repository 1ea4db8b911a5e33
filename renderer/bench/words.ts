import type { Spread } from '#app/protocol/bench.ts';

/** Three significant digits or so: enough for what varies by per cents. */
export const numberText = (value: number): string => value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3);

/** The 10 % and 90 % quantiles. */
export const spreadText = (spread: Spread | null): string => (spread ? `${numberText(spread.q10)} – ${numberText(spread.q90)}` : '');

/** `22 Nov 2026`, of an ISO time. */
export function describeTime(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
}
