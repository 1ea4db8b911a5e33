/** Which sweep gives the landscape of a run, and which stored sweep already does. */
import type { Experiment, LandscapeInfo, Parameters } from '#app/experiments/experiment.ts';
import { fieldsOf, parseParameters } from '#app/experiments/parameters.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { SweepAxis, SweepDefinition } from '#app/protocol/sweep.ts';
import { axisValues, type Json } from '#app/sweeps/axes.ts';
import { landscapeInfo } from './reduced.ts';

export interface LandscapeOptions {
  readonly name?: string;
  /** Repetitions with other seeds; 3 unless told. */
  readonly seeds?: number;
  /** Smallest and largest scale and how many; the experiment's unless told. */
  readonly scales?: { readonly from: number; readonly to: number; readonly count: number };
  /** A second axis, e.g. the number of training samples: one pair of curves for each of its values. */
  readonly across?: SweepAxis;
  readonly backend?: SweepDefinition['backend'];
}

/**
 * The sweep of pinned norms that gives the landscape over which a run with these parameters moves.
 * @throws LotkaError `bad-input` if the experiment has no landscape or the scales are none
 */
export function landscapeDefinition(experiment: Experiment, parameters: Parameters, options: LandscapeOptions = {}): SweepDefinition {
  const info = landscapeInfo(experiment);
  const { seeds = 3, scales = info.scales, across, backend = 'wasm' } = options;
  if (!(scales.from > 0 && scales.to > scales.from))
    throw new LotkaError(
      'bad-input',
      `The scales of a landscape go from ${scales.from} to ${scales.to}; they are above 0 and the second is the larger, e.g. 0.1 to 10.`,
    );
  const axes: SweepAxis[] = [{ kind: 'range', parameter: info.scale, scale: 'log', ...scales }, ...(across ? [across] : [])];
  const varied = new Set([...axes.map(({ parameter }) => parameter), ...info.seeds]);
  const given: Parameters = { ...parameters, ...info.pinned(parameters) };
  const usual = parseParameters(experiment, null, {});
  return {
    name: options.name ?? `${experiment.title}: landscape`,
    experiment: experiment.id,
    preset: null,
    parameters: Object.fromEntries(
      Object.entries(given).filter(([name, value]) => !varied.has(name) && !equal(value, usual[name])),
    ) as SweepDefinition['parameters'],
    backend,
    axes,
    sampling: { kind: 'grid' },
    seeds: { parameters: [...info.seeds], first: 0, count: seeds },
    keep: 'outcomes',
  };
}

/** True if a run with these parameters keeps its norm. */
export const isPinned = (info: LandscapeInfo, parameters: Parameters): boolean =>
  Object.entries(info.pinnedAt(1)).every(([name, value]) => typeof value !== 'boolean' || parameters[name] === value);

/** True if the trials of a sweep are pinned over the scale of initial parameters. */
export function isLandscape(experiment: Experiment, definition: SweepDefinition): boolean {
  const info = experiment.landscape;
  if (!info || definition.experiment !== experiment.id) return false;
  if (!definition.axes.some(({ parameter }) => parameter === info.scale)) return false;
  const shared = sharedParameters(experiment, definition);
  const axes = new Set(definition.axes.map(({ parameter }) => parameter));
  const pinned = Object.entries(info.pinnedAt(0)).filter(([name]) => !axes.has(name));
  return shared !== null && pinned.every(([name, value]) => equal(shared[name], value));
}

/**
 * Whether a sweep is the landscape over which a run with these parameters moves: it pins norms, and agrees with the run in
 * everything that decides what the landscape is.
 * @returns values of the sweep's further axes at which the run lies; null if it is another landscape, or none
 */
export function sliceOf(
  experiment: Experiment,
  definition: SweepDefinition,
  parameters: Parameters,
): Readonly<Record<string, Json>> | null {
  if (!isLandscape(experiment, definition)) return null;
  const info = experiment.landscape!;
  const shared = sharedParameters(experiment, definition)!;
  const at: Record<string, Json> = {};
  for (const axis of definition.axes) {
    if (axis.parameter === info.scale) continue;
    const value = axisValues(experiment, axis).find((one) => equal(one, parameters[axis.parameter]));
    if (value === undefined) return null;
    at[axis.parameter] = value;
  }
  const ignored = new Set([...info.free, ...info.seeds, info.scale, ...Object.keys(at)]);
  for (const { name, info: described } of fieldsOf(experiment.parameters)) {
    const { appliesWhen } = described;
    const applies = !appliesWhen || appliesWhen.is.some((value) => equal(value, parameters[appliesWhen.field]));
    if (applies && !ignored.has(name) && !equal(shared[name], parameters[name])) return null;
  }
  return at;
}

/** What all trials have in common, completed from preset and defaults; null if a record of another version has other parameters. */
function sharedParameters(experiment: Experiment, definition: SweepDefinition): Parameters | null {
  try {
    const first = definition.axes.map((axis) => [axis.parameter, axisValues(experiment, axis)[0]]);
    return parseParameters(experiment, definition.preset, { ...definition.parameters, ...Object.fromEntries(first) });
  } catch (error) {
    if (error instanceof LotkaError) return null;
    throw error;
  }
}

const equal = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
