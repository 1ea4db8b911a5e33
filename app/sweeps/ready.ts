/** Sweeps that are ready to start: the maps that papers published, as they were trained, and those that an experiment names. */
import type { BackendName } from '#app/engine/types.ts';
import type { Experiment, PublishedMap, ReadySweep } from '#app/experiments/experiment.ts';
import { fieldsOf } from '#app/experiments/parameters.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { SweepAxis, SweepDefinition } from '#app/protocol/sweep.ts';
import { axisValues, isOrdered } from './axes.ts';

/** All of an experiment, published ones first. */
export const readySweeps = (experiment: Experiment): readonly ReadySweep[] => [
  ...experiment.publishedMaps.map((map) => asReady(experiment, map)),
  ...experiment.sweeps,
];

/** @throws LotkaError `bad-input` naming those that the experiment has */
export function readySweep(experiment: Experiment, id: string): ReadySweep {
  const all = readySweeps(experiment);
  const found = all.find((ready) => ready.id === id);
  if (!found) throw new LotkaError('bad-input', `${experiment.id} has no map "${id}"; it has ${all.map((ready) => ready.id).join(', ')}.`);
  return found;
}

/** Parameters that are seeds, except those on an axis. */
export const seedParameters = (experiment: Experiment, axes: readonly SweepAxis[]): string[] =>
  fieldsOf(experiment.parameters)
    .map(({ name }) => name)
    .filter((name) => /seed$/i.test(name) && !axes.some(({ parameter }) => parameter === name));

/** What is trained when it is started. */
export const readyDefinition = (
  experiment: Experiment,
  { label, preset, parameters, axes, sampling = { kind: 'grid' }, seeds }: ReadySweep,
  backend: BackendName,
): SweepDefinition => ({
  name: label,
  experiment: experiment.id,
  preset,
  parameters: { ...parameters } as SweepDefinition['parameters'],
  backend,
  axes: [...axes],
  sampling,
  seeds: { parameters: seedParameters(experiment, axes), first: 0, count: seeds },
  keep: 'outcomes',
});

/** Its runs, its axes, every cell, with the one seed that papers publish. */
const asReady = (experiment: Experiment, { id, label, source, parameters, x, y }: PublishedMap): ReadySweep => ({
  id,
  label,
  source,
  preset: null,
  parameters,
  axes: [x, y].map(({ parameter, values }) => shortest(experiment, parameter, values)),
  seeds: 1,
});

/** A range if it has these values, of which papers give nine digits, else the list of them. */
function shortest(experiment: Experiment, parameter: string, values: readonly number[]): SweepAxis {
  const [from, to] = [values[0], values.at(-1)];
  const list: SweepAxis = { kind: 'list', parameter, values: [...values] };
  if (from === undefined || to === undefined || !isOrdered(values)) return list;
  for (const scale of ['log', 'linear'] as const) {
    if (scale === 'log' && !(from > 0 && to > 0)) continue;
    const range = { kind: 'range', parameter, scale, from, to, count: values.length } as const;
    const same = axisValues(experiment, range);
    if (same.length === values.length && values.every((value, i) => Math.abs(Number(same[i]) - value) <= 1e-9 * Math.abs(value)))
      return range;
  }
  return list;
}
