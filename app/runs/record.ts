import type { ProgramInfo } from '#app/engine/types.ts';
import type { Outcomes } from '#app/experiments/experiment.ts';
import type { RunRecord, RunStatus } from '#app/protocol/contract.ts';

/** Statuses in which nothing trains and nothing waits to train. */
export const isOver = (status: RunStatus): boolean => status !== 'queued' && status !== 'running' && status !== 'paused';

/** Statuses from which `resume` goes on. */
export const isResumable = (status: RunStatus): boolean =>
  status === 'paused' || status === 'stopped' || status === 'interrupted' || status === 'failed';

/** The last recorded step of a run with so many rows, row t being step t; 0 before the first. */
export const lastStep = (rows: number): number => Math.max(0, rows - 1);

/**
 * True if a program computes a run otherwise than that was computed: by another build of its backend, or with other passes over
 * its graph. Bits may then differ.
 */
export const isOtherEngine = ({ engine, passes }: RunRecord['provenance'], build: string, program: ProgramInfo): boolean =>
  engine !== build || (passes !== undefined && passes.join() !== program.passes.map(({ name }) => name).join());

/**
 * Id of a new run: experiment, time and four characters that keep two runs of one second apart,
 * e.g. `survival-20261122-153000-x7k2`.
 * @param time Milliseconds since 1970; written as UTC.
 * @param salt Any integer; runs started in the same second need different ones.
 */
export function runId(experiment: string, time: number, salt: number): string {
  const stamp = new Date(time).toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const tail = (Math.abs(Math.trunc(salt)) % 36 ** 4).toString(36).padStart(4, '0');
  return `${experiment}-${stamp}-${tail}`;
}

/** Numbers as `run.json` can hold them: what is not finite becomes null. */
export function cleanHeadline(headline: Readonly<Record<string, number | string | readonly number[] | null>>): RunRecord['headline'] {
  return Object.fromEntries(
    Object.entries(headline).map(([name, value]) => {
      if (typeof value === 'number') return [name, Number.isFinite(value) ? value : null];
      return [name, value === null || typeof value === 'string' ? value : value.filter(Number.isFinite)];
    }),
  );
}

/** Outcomes as JSON can hold them: what is not finite becomes null, and there is one zero. */
export const finiteOutcomes = (outcomes: Outcomes): Record<string, number | string | null> =>
  Object.fromEntries(
    Object.entries(outcomes).map(([id, value]) => [id, typeof value === 'number' ? (Number.isFinite(value) ? value + 0 : null) : value]),
  );

/** Parameters with sorted keys as one string: equal for equal parameters. */
export function parametersKey(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(parametersKey).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  return `{${Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${parametersKey((value as Record<string, unknown>)[key])}`)
    .join(',')}}`;
}
