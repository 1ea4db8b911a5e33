import { memoryOf } from '#app/experiments/cost.ts';
import type { Experiment } from '#app/experiments/experiment.ts';
import { requireMemory } from '#app/experiments/memory.ts';
import type { SweepDefinition, SweepEstimate, SweepPlace } from '#app/protocol/sweep.ts';
import { checkDefinition, requireBudget } from '#app/sweeps/definition.ts';
import type { Json } from '#app/sweeps/axes.ts';
import { pointsOf } from '#app/sweeps/points.ts';
import { trialParameters } from '#app/sweeps/trials.ts';
import { datasets } from '#main/datasets/source.ts';
import { requireBackend } from '#main/workers/backends.ts';
import type { Pool } from '#main/workers/pool.ts';
import { secondsPerStep, type Sample } from '#main/workers/step-time.ts';

export interface EstimateParts {
  readonly pool: Pool;
  readonly experimentById: (id: string) => Experiment;
  readonly bytesPerRun: () => number;
}

/** Trials of a sweep differ in cost where an axis changes sizes: so many, spread over all points, stand for the others. */
const sampledPoints = 8;
/** Corners of the axes, where what is largest is: so many are looked at. */
const lookedAtCorners = 16;
/** A line of the results file, with room for names of outcomes. */
const bytesPerResult = 400;
/** What no step of a network that fits this machine is slower than: for deciding that a sweep is surely short enough. */
const slowestStep = { seconds: 0.001, flopsPerSecond: 2e8 };

/**
 * Cost of a sweep. A trial of middling cost is timed for a moment, unless `measure` is false and none like it was timed before.
 * @throws LotkaError `bad-input` naming the axis or parameter that cannot be used, or what needs too much memory
 */
export async function estimateSweep(
  parts: EstimateParts,
  definition: SweepDefinition,
  measure: boolean,
  signal: AbortSignal,
): Promise<SweepEstimate> {
  const looked = look(parts, definition);
  await requireBackend(definition.backend);
  return reckon(parts, definition, looked, measure, signal);
}

/**
 * @throws LotkaError `bad-input` for trials that cannot be trained, and for a sweep that would train for more than a week on this
 * machine if it is to train here, saying for how long
 */
export async function requireTime(
  parts: EstimateParts,
  definition: SweepDefinition,
  place: SweepPlace,
  signal: AbortSignal,
): Promise<void> {
  const looked = look(parts, definition);
  if (place.kind !== 'local') return;
  const rough = await reckon(parts, definition, looked, false, signal);
  if (rough.secondsInAll !== null) requireBudget(rough);
  else if (!isSurelyShort(looked, rough)) requireBudget(await reckon(parts, definition, looked, true, signal));
}

async function reckon(
  parts: EstimateParts,
  definition: SweepDefinition,
  { experiment, points, samples, bytesPerTrial }: Look,
  measure: boolean,
  signal: AbortSignal,
): Promise<SweepEstimate> {
  const middle = [...samples].sort((a, b) => costOf(a) - costOf(b))[Math.floor(samples.length / 2)]!;
  const perStep = await secondsPerStep(parts.pool, experiment, middle, definition.backend, measure, signal);
  const mean = (of: (one: Sample) => number): number => samples.reduce((sum, one) => sum + of(one), 0) / samples.length;
  // Where trials differ in size, the others take longer or shorter as their operations are more or fewer.
  const relative = costOf(middle) > 0 ? mean(costOf) / costOf(middle) : 1;
  const secondsPerTrial = perStep === null ? null : perStep * middle.estimate.steps * relative;
  const trials = points * definition.seeds.count;
  const workers = parts.pool.size;
  return {
    points,
    trials,
    stepsPerTrial: Math.round(mean(({ estimate }) => estimate.steps)),
    secondsPerTrial,
    secondsInAll: secondsPerTrial === null ? null : (secondsPerTrial * trials) / Math.min(workers, Math.max(1, trials)),
    workers,
    bytesPerTrial,
    bytesKept: trials * (bytesPerResult + (definition.keep === 'runs' ? mean(({ estimate }) => estimate.bytesKept) : 0)),
  };
}

/** Whether it takes less than a day even if every step is as slow as none is: then nothing need be measured. */
function isSurelyShort({ samples }: Look, { trials, workers }: SweepEstimate): boolean {
  const seconds = samples.map(
    ({ estimate: { steps, flopsPerStep } }) => steps * (slowestStep.seconds + flopsPerStep / slowestStep.flopsPerSecond),
  );
  return (trials * Math.max(...seconds)) / workers < 24 * 3600;
}

interface Look {
  readonly experiment: Experiment;
  readonly points: number;
  readonly samples: readonly Sample[];
  readonly bytesPerTrial: number;
}

/**
 * Looks at some trials, and at those with the ends of all axes: what cannot be trained together is found before anything runs.
 * @throws LotkaError `bad-input` if something of the definition cannot be used, or a trial needs more memory than a run may take
 */
function look({ experimentById, bytesPerRun }: EstimateParts, definition: SweepDefinition): Look {
  const experiment = experimentById(definition.experiment);
  checkDefinition(definition, experiment);
  const limit = bytesPerRun();
  const points = pointsOf(experiment, definition, []);
  const chosen = new Set(Array.from({ length: sampledPoints }, (_, i) => Math.round((i * (points.count - 1)) / (sampledPoints - 1))));
  const sample = (values: Readonly<Record<string, Json>>): Sample => {
    const parameters = trialParameters(experiment, definition, { index: 0, values, at: [] }, 0);
    const estimate = experiment.estimate(parameters, datasets);
    if (memoryOf(estimate) > limit) requireMemory(experiment, parameters, experiment.build(parameters, datasets), limit, datasets);
    return { parameters, estimate };
  };
  const samples = [...chosen].map((point) => sample(points.at(point).values));
  const corners = Array.from({ length: Math.min(lookedAtCorners, 2 ** definition.axes.length) }, (_, corner) =>
    sample(
      Object.fromEntries(definition.axes.map(({ parameter }, axis) => [parameter, points.grid[axis]!.at((corner >> axis) & 1 ? -1 : 0)!])),
    ),
  );
  return {
    experiment,
    points: points.count,
    samples,
    bytesPerTrial: Math.max(...[...samples, ...corners].map(({ estimate }) => memoryOf(estimate))),
  };
}

const costOf = ({ estimate: { steps, flopsPerStep } }: Sample): number => steps * flopsPerStep;
