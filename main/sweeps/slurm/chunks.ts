import type { SweepWork } from '../backend.ts';

/** A task lasts about so long unless told otherwise: starting one costs a second or two, and what dies with one is trained again. */
const taskSeconds = 300;
/** A sweep is spread over at least so many tasks, where it has as many trials. */
const leastTasks = 16;

/** Processors that a task gets by the options of sbatch. */
export function processorsOf(options: readonly string[]): number {
  let count = 1;
  options.forEach((option, index) => {
    const given =
      /^(?:--cpus-per-task=|-c)(\d+)$/.exec(option)?.[1] ?? (/^(?:--cpus-per-task|-c)$/.test(option) ? options[index + 1] : undefined);
    count = Number(given) || count;
  });
  return count;
}

/**
 * How many trials one task is to train.
 * @param place `trialsPerTask` wins where it is given
 */
export function chunkSize(
  { trials, secondsPerTrial }: Pick<SweepWork, 'trials' | 'secondsPerTrial'>,
  { trialsPerTask, options }: { readonly trialsPerTask: number | null; readonly options: readonly string[] },
): number {
  if (trialsPerTask !== null) return trialsPerTask;
  const spread = Math.ceil(trials.length / leastTasks);
  if (!secondsPerTrial) return Math.max(1, spread);
  return Math.max(1, Math.min(spread, Math.round((taskSeconds * processorsOf(options)) / secondsPerTrial)));
}

/** Cuts a list into pieces of a size, the last one shorter. */
export const cut = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));
