/** How much memory a run may take, and what to change when it would take more. */
import type { DatasetSource } from '#app/datasets/dataset.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { bytes, memoryOf } from './cost.ts';
import type { Estimate, Experiment, Parameters, Training } from './experiment.ts';
import { fieldsOf } from './parameters.ts';

/** Bytes that a training takes: known before anything runs. */
export const memoryOfTraining = ({ program, series, steps }: Pick<Training, 'program' | 'series' | 'steps'>): number =>
  memoryOf({ arenaBytes: program.info.arenaBytes, rowBytes: 8 * (steps + 1) * series.reduce((sum, { width }) => sum + width, 0) });

/**
 * @param limit bytes that one run may take
 * @throws LotkaError `bad-input` with what is needed, what is allowed, and which parameter would make it fit
 */
export function requireMemory(
  experiment: Experiment,
  parameters: Parameters,
  training: Training,
  limit: number,
  datasets: DatasetSource,
): void {
  const needed = memoryOfTraining(training);
  if (needed <= limit) return;
  const arena = training.program.info.arenaBytes;
  const fitting = largestFitting(experiment, parameters, limit, datasets);
  const remedy = fitting ? `${fitting.name} = ${String(fitting.value)} would fit` : 'a smaller network or fewer steps would fit';
  throw new LotkaError(
    'bad-input',
    `This run needs ${bytes(needed)} of memory (${bytes(arena)} for the network in training, ${bytes(needed - arena)} for what it records) and may take ${bytes(limit)}; ${remedy}, or allow a run more memory in Settings.`,
  );
}

/** A parameter and a value of it that would fit: a whole number, or a list of them (widths of layers). */
export interface Fitting {
  readonly name: string;
  readonly value: number | readonly number[];
}

/**
 * The parameter, among whole numbers and lists of them, that needs the smallest relative change, and the largest value of it that
 * fits; a list is scaled as a whole. Null if no single one helps.
 */
export function largestFitting(experiment: Experiment, parameters: Parameters, limit: number, datasets: DatasetSource): Fitting | null {
  const fits = (name: string, value: Fitting['value']): boolean => {
    const changed = experiment.parameters.safeParse({ ...parameters, [name]: value });
    const estimate = changed.success ? estimateOrNull(experiment, changed.data as Parameters, datasets) : null;
    return estimate !== null && memoryOf(estimate) <= limit;
  };
  let best: (Fitting & { readonly share: number }) | null = null;
  for (const { name, info } of fieldsOf(experiment.parameters)) {
    const size = sizeOf(parameters[name]);
    if (!size) continue;
    let [low, high] = [Math.ceil(info.minimum ?? 1), size.given];
    if (low >= high || !fits(name, size.at(low))) continue;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (fits(name, size.at(middle))) low = middle;
      else high = middle;
    }
    if (!best || low / size.given > best.share) best = { name, value: size.at(low), share: low / size.given };
  }
  return best && { name: best.name, value: best.value };
}

/** What can be made smaller of a parameter's value: itself, or a list by its largest element. */
function sizeOf(value: unknown): { readonly given: number; readonly at: (size: number) => Fitting['value'] } | null {
  if (Number.isInteger(value)) return { given: value as number, at: (size) => size };
  if (!Array.isArray(value) || value.length === 0 || !value.every(Number.isInteger)) return null;
  const list = value as number[];
  const given = Math.max(...list);
  return { given, at: (size) => list.map((element) => Math.max(1, Math.round((element * size) / given))) };
}

/** A program that cannot be built at all does not fit. */
function estimateOrNull(experiment: Experiment, parameters: Parameters, datasets: DatasetSource): Estimate | null {
  try {
    return experiment.estimate(parameters, datasets);
  } catch {
    return null;
  }
}
