/** How quantities are written. Digits are those of app/figures/format.ts, so that panels, figures and exports agree. */
import type { Quantity } from '#app/experiments/experiment.ts';
import { readable } from '#app/figures/format.ts';

/** Entries of a list that are written out before it is cut. */
const mostEntries = 12;

/** A quantity's value: numbers with four significant digits, lists with commas, text as it is, a dash for "no value". */
export function quantityText(value: Quantity['value'], digits = 4): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isNaN(value) ? '–' : readable(value, digits);
  if (value.length === 0) return 'none';
  const shown = value.slice(0, mostEntries).map((entry) => quantityText(entry, digits));
  return value.length > mostEntries ? `${shown.join(', ')}, … (${readable(value.length)})` : shown.join(', ');
}
