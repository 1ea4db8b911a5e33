/**
 * Signals in an exported CSV, read without any of the workbench's code.
 * @returns For each frequency k its signal at the last step.
 */
export function lastSignals(csv: string): Map<number, number> {
  const lines = csv.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#'));
  const cells = (line: string | undefined): string[] => (line ?? '').split(',');
  const header = cells(lines[0]);
  const last = cells(lines.at(-1));
  const signals = new Map<number, number>();
  header.forEach((name, column) => {
    const k = /^k = (\d+)$/.exec(name)?.[1];
    if (k) signals.set(Number(k), Number(last[column]));
  });
  return signals;
}

/** Frequencies above the widest gap between signals, in increasing order. After 1,500 steps the living are several times the dead. */
export function survivorsIn(signals: ReadonlyMap<number, number>): number[] {
  const falling = [...signals].sort(([, a], [, b]) => b - a);
  let count = 0;
  let widest = 0;
  for (let place = 1; place < falling.length; place += 1) {
    const ratio = (falling[place - 1]?.[1] ?? 0) / (falling[place]?.[1] ?? Number.POSITIVE_INFINITY);
    if (ratio > widest) [widest, count] = [ratio, place];
  }
  return falling
    .slice(0, count)
    .map(([k]) => k)
    .sort((a, b) => a - b);
}
