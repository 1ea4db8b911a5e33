/** What the options of `lotka sweep` mean. */
import type { BackendName } from '#app/engine/types.ts';
import type { Experiment } from '#app/experiments/experiment.ts';
import { fieldsOf } from '#app/experiments/parameters.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { parseAxis } from '#app/sweeps/axes.ts';
import type { Sampling, SweepAxis, SweepDefinition, SweepPlace } from '#app/protocol/sweep.ts';
import { parseAssignments } from './parameters.ts';

export interface SweepOptions {
  readonly preset?: string;
  readonly set: readonly string[];
  readonly axis: readonly string[];
  readonly seeds: number;
  readonly seedParameter: readonly string[];
  readonly sampling: string;
  readonly outcome?: string;
  readonly keep?: boolean;
  readonly name?: string;
  readonly backend?: BackendName;
  readonly place: 'local' | 'slurm' | 'redis';
  readonly folder?: string;
  readonly sbatch: readonly string[];
  readonly trialsPerTask?: number;
  readonly redis: string;
  readonly queue: string;
}

type Json = SweepDefinition['parameters'][string];

const valueOf = (experiment: Experiment, parameter: string, text: string): Json =>
  Object.values(parseAssignments(experiment, [`${parameter}=${text}`]))[0] as Json;

/** `grid`, `random:N`, `latin:N` (each with `:seed` behind it or without), `adaptive` or `adaptive:stride`. */
export function parseSampling(text: string, outcome: string): Sampling {
  const [kind, first, second, ...more] = text.split(':');
  const whole = (part: string | undefined): number => (part !== undefined && /^\d+$/.test(part) ? Number(part) : Number.NaN);
  if (kind === 'grid' && first === undefined) return { kind };
  if ((kind === 'random' || kind === 'latin') && more.length === 0) {
    const [samples, seed] = [whole(first), second === undefined ? 0 : whole(second)];
    if (!Number.isNaN(samples) && !Number.isNaN(seed)) return { kind, samples, seed };
  }
  if (kind === 'adaptive' && second === undefined) {
    const stride = first === undefined ? 4 : whole(first);
    if (!Number.isNaN(stride)) return { kind, stride, outcome };
  }
  throw new LotkaError('bad-input', `--sampling takes grid, random:N, latin:N or adaptive:stride, not "${text}".`);
}

/** Parameters that are seeds, except those on an axis. */
const seedsOf = (experiment: Experiment, axes: readonly SweepAxis[]): string[] =>
  fieldsOf(experiment.parameters)
    .map(({ name }) => name)
    .filter((name) => /seed$/i.test(name) && !axes.some(({ parameter }) => parameter === name));

/** @throws LotkaError `bad-input` for an option that says nothing; whether the sweep can be trained, the service checks */
export function definitionOf(experiment: Experiment, options: SweepOptions, backend: BackendName): SweepDefinition {
  const axes = options.axis.map((axis) => parseAxis(axis, (parameter, value) => valueOf(experiment, parameter, value)));
  const given = options.seedParameter.flatMap((names) => names.split(','));
  return {
    name: options.name ?? `${experiment.id}: ${axes.map(({ parameter }) => parameter).join(' x ')}`,
    experiment: experiment.id,
    preset: options.preset ?? null,
    parameters: parseAssignments(experiment, options.set) as SweepDefinition['parameters'],
    backend,
    axes,
    sampling: parseSampling(options.sampling, options.outcome ?? experiment.outcomes[0]?.id ?? ''),
    seeds: { parameters: given.length > 0 ? given : seedsOf(experiment, axes), first: 0, count: options.seeds },
    keep: options.keep ? 'runs' : 'outcomes',
  };
}

/** @throws LotkaError `bad-input` if the place lacks what it needs */
export function placeOf({ place, folder, sbatch, trialsPerTask, redis, queue }: SweepOptions): SweepPlace {
  switch (place) {
    case 'local':
      return { kind: 'local' };
    case 'slurm':
      if (folder === undefined)
        throw new LotkaError('bad-input', `--place slurm needs --folder <path>: a folder that this machine and the cluster's nodes share.`);
      return { kind: 'slurm', folder, trialsPerTask: trialsPerTask ?? null, options: [...sbatch] };
    case 'redis':
      return { kind: 'redis', url: redis, queue };
  }
}
