/** The results as text, for a terminal. */
import { verdict, type BenchResult, type BenchRow, type Spread } from '#app/protocol/bench.ts';

const verdicts = { aim: 'aim reached', least: 'reached', missed: 'MISSED', none: '' } as const;

/** Columns as wide as they need; the ones named are aligned to the right. */
function columns(headings: readonly string[], rows: readonly (readonly string[])[], right: readonly number[]): string {
  const widths = headings.map((heading, column) => Math.max(heading.length, ...rows.map((row) => row[column].length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (right.includes(column) ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
      .join('  ')
      .trimEnd();
  return [line(headings), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}

/** Three significant digits or so. */
const number = (value: number): string => value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3);
const range = (spread: Spread | null): string => (spread ? `${number(spread.q10)}-${number(spread.q90)}` : '');

function cells(row: BenchRow): string[] {
  const passed = row.gate === null ? '' : row.gate.passed ? 'passed' : 'FAILED';
  return [
    row.workload,
    row.title,
    row.ours,
    row.against,
    row.value ? `${number(row.value.median)} ${row.unit}` : 'no claim',
    range(row.value),
    row.wall ? number(row.wall.median) : '',
    row.target ? `${row.target.least} / ${row.target.aim}` : '',
    verdicts[verdict(row)],
    passed,
  ];
}

/** The whole result: machine, table of claims, times, who took no part, reasons. */
export function describeResult(result: BenchResult): string {
  const { machine, peak } = result;
  const parts = [
    `Lotka ${machine.lotka}${machine.commit ? ` (${machine.commit})` : ''}, Node ${machine.node}, ${machine.cpu}, ${machine.cores} cores, load average ${machine.load.before[0].toFixed(1)} at the start, ${machine.load.after[0].toFixed(1)} at the end`,
    `${result.rounds} rounds of ${result.burstMilliseconds} ms; medians of per-round ratios of process CPU time, with the 10 % and 90 % quantiles`,
    `128-bit vectors: fused multiply-add ${number(peak.fused32 ?? NaN)} GFLOP/s f32, ${number(peak.fused64 ?? NaN)} f64; separate ${number(peak.separate32)}, ${number(peak.separate64)}; ` +
      (peak.native ? `C ${number(peak.native.f32)}, ${number(peak.native.f64)}` : `no measure in C: ${peak.nativeNote}`),
    '',
    columns(
      ['', 'claim', 'ours', 'against', 'median', 'spread', 'wall', 'least / aim', '', 'numerics'],
      result.rows.map(cells),
      [4, 5, 6, 7],
    ),
  ];
  for (const workload of result.workloads) {
    const rows = workload.engines.map((engine) => [
      engine.name,
      engine.form,
      engine.cpu ? number(engine.cpu.median) : '',
      engine.cpu ? number(engine.cpu.minimum) : '',
      engine.wall ? number(engine.wall.median) : '',
      engine.memory === null ? '' : (engine.memory / 2 ** 20).toFixed(0),
      engine.skipped === null ? '' : `skipped: ${engine.skipped}`,
    ]);
    parts.push('', workload.title, columns(['engine', 'form', 'ms CPU', 'least', 'ms wall', 'MB', ''], rows, [2, 3, 4, 5]));
  }
  const remarks = [
    ...result.rows.flatMap((row) => {
      const why = row.gate && !row.gate.passed ? `${row.note}: ${row.gate.detail}` : row.unit === '%' ? null : row.note;
      return why === null ? [] : [`${row.workload} ${row.title}, ${row.ours}: ${why}`];
    }),
    ...result.missing.map(({ name, reason }) => `skipped ${name}: ${reason}`),
  ];
  if (remarks.length > 0) parts.push('', ...remarks);
  return parts.join('\n');
}
