/** Standard output carries results, standard error everything else. */
import { LotkaError } from '#app/protocol/errors.ts';

/** What the shell sees of a command. */
export const exitCodes = { ok: 0, failed: 1, badInput: 2, claimFails: 3, diverged: 4, interrupted: 130 } as const;

export const print = (text: string): void => void process.stdout.write(`${text}\n`);
export const tell = (text: string): void => void process.stderr.write(`${text}\n`);

/** The one JSON object of a `--json` command. Numbers that JSON cannot write become null. */
export const printJson = (value: unknown): void => print(JSON.stringify(value, null, 2));

/** Exit code for a failed command. */
export function codeOf(error: unknown): number {
  if (!(error instanceof LotkaError)) return exitCodes.failed;
  switch (error.code) {
    case 'bad-input':
    case 'not-found':
    case 'conflict':
      return exitCodes.badInput;
    case 'diverged':
      return exitCodes.diverged;
    case 'cancelled':
      return exitCodes.interrupted;
    default:
      return exitCodes.failed;
  }
}

/**
 * Rows under headings, each column as wide as it needs.
 * @param wrapped Columns that share, in proportion to what they need, the width that the others leave; their cells wrap.
 */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  wrapped: readonly number[],
  width = process.stdout.columns ?? 120,
): string {
  const widths = headings.map((heading, column) => Math.max(heading.length, ...rows.map((row) => row[column]!.length)));
  const total = (columns: readonly number[]): number => columns.reduce((sum, column) => sum + widths[column]!, 0);
  const free = width - 2 * (headings.length - 1) - total([...headings.keys()].filter((column) => !wrapped.includes(column)));
  const share = Math.min(1, free / total(wrapped));
  for (const column of wrapped) widths[column] = Math.min(widths[column]!, Math.max(24, Math.floor(widths[column]! * share)));
  const line = (cells: readonly string[]): string => {
    const parts = cells.map((cell, column) => (wrapped.includes(column) ? wrap(cell, widths[column]!) : [cell]));
    const height = Math.max(...parts.map((part) => part.length));
    return Array.from({ length: height }, (_, i) =>
      parts
        .map((part, column) => (part[i] ?? '').padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    ).join('\n');
  };
  return [line(headings), widths.map((size) => '-'.repeat(size)).join('  '), ...rows.map(line)].join('\n');
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ')) {
    if (current !== '' && current.length + 1 + word.length > width) {
      lines.push(current);
      current = word;
    } else {
      current = current === '' ? word : `${current} ${word}`;
    }
  }
  return [...lines, current];
}

/** `75 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 90) return `${whole} s`;
  if (whole < 5400) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
