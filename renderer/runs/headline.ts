import type { RunRecord } from '#app/protocol/contract.ts';

const compact = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** `testAccuracy` as people write it: `test accuracy`. */
export const spaced = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();

/** The numbers and words of a run's headline in reading order, those that are not known left out. */
export function headlineParts(headline: RunRecord['headline']): { readonly name: string; readonly text: string }[] {
  return Object.entries(headline).flatMap(([name, value]) => {
    if (value === null) return [];
    const text = Array.isArray(value)
      ? value.length === 0
        ? 'none'
        : value.join(', ')
      : typeof value === 'string'
        ? value
        : compact.format(value);
    return [{ name: spaced(name), text }];
  });
}

const thisYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const otherYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** When a run was made, in local time. */
export function madeAt(created: string, now: Date = new Date()): string {
  const date = new Date(created);
  if (Number.isNaN(date.getTime())) return '';
  return (date.getFullYear() === now.getFullYear() ? thisYear : otherYear).format(date);
}
