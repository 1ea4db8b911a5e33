/** What the options of `lotka sweep` mean. */
import type { BackendName } from '#app/engine/types.ts';
import type { Experiment } from '#app/experiments/experiment.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { parseAxis } from '#app/sweeps/axes.ts';
import { readyDefinition, readySweep, seedParameters } from '#app/sweeps/ready.ts';
import type { Sampling, SweepDefinition, SweepPlace } from '#app/protocol/sweep.ts';
import { parseAssignments } from './parameters.ts';

export interface SweepOptions {
  readonly map?: string;
  readonly preset?: string;
  readonly set: readonly string[];
  readonly axis: readonly string[];
  readonly seeds?: number;
  readonly seedParameter: readonly string[];
  readonly sampling?: string;
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

/** @throws LotkaError `bad-input` for an option that says nothing; whether the sweep can be trained, the service checks */
export function definitionOf(experiment: Experiment, options: SweepOptions, backend: BackendName): SweepDefinition {
  const base = options.map === undefined ? ownDefinition(experiment, options, backend) : readyOf(experiment, options.map, options, backend);
  const given = options.seedParameter.flatMap((names) => names.split(','));
  const outcome = options.outcome ?? experiment.outcomes[0]?.id ?? '';
  return {
    ...base,
    name: options.name ?? base.name,
    parameters: { ...base.parameters, ...(parseAssignments(experiment, options.set) as SweepDefinition['parameters']) },
    sampling: options.sampling === undefined ? base.sampling : parseSampling(options.sampling, outcome),
    seeds: { ...base.seeds, ...(given.length > 0 ? { parameters: given } : {}), count: options.seeds ?? base.seeds.count },
    keep: options.keep ? 'runs' : base.keep,
  };
}

function ownDefinition(experiment: Experiment, { axis, preset }: SweepOptions, backend: BackendName): SweepDefinition {
  const axes = axis.map((text) => parseAxis(text, (parameter, value) => valueOf(experiment, parameter, value)));
  return {
    name: `${experiment.id}: ${axes.map(({ parameter }) => parameter).join(' x ')}`,
    experiment: experiment.id,
    preset: preset ?? null,
    parameters: {},
    backend,
    axes,
    sampling: { kind: 'grid' },
    seeds: { parameters: seedParameters(experiment, axes), first: 0, count: 1 },
    keep: 'outcomes',
  };
}

function readyOf(experiment: Experiment, map: string, { axis, preset }: SweepOptions, backend: BackendName): SweepDefinition {
  if (axis.length > 0 || preset !== undefined)
    throw new LotkaError('bad-input', `--map ${map} brings its axes and its preset; leave ${axis.length > 0 ? '--axis' : '--preset'} out.`);
  return readyDefinition(experiment, readySweep(experiment, map), backend);
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
