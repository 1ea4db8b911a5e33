import type { DatasetSource } from '#app/datasets/dataset.ts';
import type { Contract, RunRecord } from '#app/protocol/contract.ts';
import type { OutputOf } from '#app/protocol/define.ts';
import type { Estimate, Experiment, Parameters } from './experiment.ts';

/** Shorter runs say more of start-up than of speed. */
const shortestMeasuredSeconds = 0.5;

/**
 * Floating-point operations a second this machine reached in the newest run of the experiment that lasted long enough, with the same
 * backend and precision if there is one, else the same precision, else any; null before the first.
 * @param runs newest first
 */
export function measuredSpeed(
  runs: readonly RunRecord[],
  experiment: Experiment,
  precision: unknown,
  backend: string,
  datasets: DatasetSource,
): number | null {
  const usable = runs.filter(
    (run) => run.experiment === experiment.id && run.seconds >= shortestMeasuredSeconds && run.step > 0 && !run.forkedFrom,
  );
  const alike = usable.filter((candidate) => candidate.provenance.precision === precision);
  const run = alike.find((candidate) => candidate.provenance.backend === backend) ?? alike[0] ?? usable[0];
  if (!run) return null;
  try {
    return (experiment.estimate(run.parameters as Parameters, datasets).flopsPerStep * run.step) / run.seconds;
  } catch {
    // A run made by another version may have parameters this one cannot cost.
    return null;
  }
}

/** E.g. `266 MFLOP a step, about 28 s, 31 MB of memory, 14 MB kept`. */
export function costLine(estimate: Estimate, speed: number | null): string {
  const flops = `${withPrefix(estimate.flopsPerStep)}FLOP a step`;
  const time =
    speed === null ? 'time not measured yet on this machine' : `about ${duration((estimate.flopsPerStep * estimate.steps) / speed)}`;
  return `${flops}, ${time}, ${bytes(memoryOf(estimate))} of memory, ${bytes(estimate.bytesKept)} kept`;
}

/** Bytes of memory that a run takes while it trains: the engine's arena, and every row it recorded. */
export const memoryOf = ({ arenaBytes, rowBytes }: Pick<Estimate, 'arenaBytes' | 'rowBytes'>): number => arenaBytes + rowBytes;

/** Three significant digits with an SI prefix and a space: `266 M`. */
export function withPrefix(value: number): string {
  const prefixes = ['', 'k', 'M', 'G', 'T', 'P'];
  let scaled = value;
  let index = 0;
  while (scaled >= 999.5 && index < prefixes.length - 1) {
    scaled /= 1000;
    index++;
  }
  return `${threeDigits(scaled)} ${prefixes[index]}`;
}

export const bytes = (count: number): string => `${withPrefix(count)}B`;

const threeDigits = (value: number) => (value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(value >= 10 ? 2 : 2))));

/** What lies in the trash: `2 runs and 1 sweep, 14 MB`; no number that is 0 unless all are. */
export function trashLine({
  runs,
  sweeps,
  datasets,
  bytes: size,
}: {
  readonly runs: number;
  readonly sweeps: number;
  readonly datasets: number;
  readonly bytes: number;
}): string {
  const count = (number: number, what: string): string => `${number} ${number === 1 ? what : `${what}s`}`;
  const parts = [
    ...(runs > 0 || sweeps + datasets === 0 ? [count(runs, 'run')] : []),
    ...(sweeps > 0 ? [count(sweeps, 'sweep')] : []),
    ...(datasets > 0 ? [count(datasets, 'dataset')] : []),
  ];
  return `${parts.join(parts.length > 2 ? ', ' : ' and ')}, ${bytes(size)}`;
}

/** `13 claims, 111 runs, 16 of them stored: 480,000 steps, about 2 min 5 s on 2 workers.` */
export function claimsCostLine({ claims, runs, stored, steps, secondsInAll, workers }: OutputOf<Contract['claims.cost']>): string {
  const known = stored > 0 ? `, ${stored} of them stored` : '';
  const time = secondsInAll === null || steps === 0 ? '' : `, about ${duration(secondsInAll)} on ${counted(workers, 'worker')}`;
  return `${counted(claims, 'claim')}, ${counted(runs, 'run')}${known}: ${grouped(steps)} steps${time}.`;
}

const counted = (count: number, what: string): string => `${grouped(count)} ${what}${count === 1 ? '' : 's'}`;

/** Seconds in words: `0.4 s`, `28 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'unknown time';
  if (seconds < 9.95) return `${seconds < 0.95 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 100) return `${whole} s`;
  if (whole < 3600)
    return whole % 60 === 0 || whole > 900 ? `${Math.round(whole / 60)} min` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const grouping = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** A whole number with thousands separated: `2,480`. */
export const grouped = (value: number): string => grouping.format(value);
