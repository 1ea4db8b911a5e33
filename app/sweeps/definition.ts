/** What makes a sweep one that can be trained; everything wrong is said before anything runs. */
import { duration } from '#app/experiments/cost.ts';
import type { Experiment } from '#app/experiments/experiment.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { SweepAxis, SweepDefinition } from '#app/protocol/sweep.ts';
import { axisValues, isOrdered, parameterField, type Json } from './axes.ts';
import { pointsOf } from './points.ts';
import { trialParameters } from './trials.ts';

export const greatestAxes = 6;
export const greatestPoints = 1_000_000;
const greatestSeeds = 1000;
const checkedPoints = 2000;

const bad = (sentence: string): LotkaError => new LotkaError('bad-input', sentence);

/**
 * Checks a definition against its experiment. An axis may change the sizes of the network: every trial is built and trained by
 * itself, so nothing is shared that would have to fit.
 * @throws LotkaError `bad-input`: one sentence with the axis or parameter, what was given and what would be right
 */
export function checkDefinition(definition: SweepDefinition, experiment: Experiment): void {
  const { axes, seeds, sampling } = definition;
  if (axes.length === 0) throw bad('A sweep needs at least one axis: a parameter and the values it takes.');
  if (axes.length > greatestAxes) throw bad(`A sweep has at most ${greatestAxes} axes, not ${axes.length}.`);
  for (const axis of axes) checkAxis(axis, experiment);
  const names = axes.map(({ parameter }) => parameter);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw bad(`${twice} is on two axes; a parameter has one.`);
  checkSeeds(definition, experiment);
  if (sampling.kind === 'adaptive') checkAdaptive(definition, experiment);
  if ((sampling.kind === 'random' || sampling.kind === 'latin') && !(sampling.samples >= 1 && sampling.samples <= greatestPoints))
    throw bad(`The number of samples is a whole number from 1 to ${greatestPoints}, not ${sampling.samples}.`);
  const all = pointsOf(experiment, definition, []);
  const points = all.count;
  if (points > greatestPoints) throw bad(`This sweep has ${points} points, and ${greatestPoints} are the most; take fewer values.`);
  if (points * seeds.count > greatestPoints)
    throw bad(`This sweep has ${points * seeds.count} trials, and ${greatestPoints} are the most; take fewer values or seeds.`);
  // Values that are right alone may be wrong together. All points of a small sweep are checked, of a large one evenly spread ones.
  const stride = Math.ceil(points / checkedPoints);
  for (let point = 0; point < points; point += stride) trialParameters(experiment, definition, all.at(point), 0);
  trialParameters(experiment, definition, all.at(points - 1), 0);
}

function checkAxis(axis: SweepAxis, experiment: Experiment): void {
  const { parameter } = axis;
  const { whole, schema } = parameterField(experiment, parameter);
  if (axis.kind === 'range') {
    const { from, to, count, scale } = axis;
    if (!Number.isFinite(from) || !Number.isFinite(to)) throw bad(`The axis ${parameter} goes from one number to another.`);
    if (from === to) throw bad(`The axis ${parameter} goes from ${from} to ${to}, which is one value; give it two ends that differ.`);
    if (scale === 'log' && !(from > 0 && to > 0))
      throw bad(
        `The axis ${parameter} is logarithmic and goes from ${from} to ${to}; a logarithmic axis has ends above 0. Make it linear or list the values.`,
      );
    if (!Number.isInteger(count) || count < 2)
      throw bad(`The axis ${parameter} has ${count === 1 ? 'one value' : `${count} values`}; an axis has at least two.`);
    if (count > greatestPoints) throw bad(`The axis ${parameter} has ${count} values; ${greatestPoints} are the most.`);
  } else if (axis.values.length < 2) {
    throw bad(`The axis ${parameter} has ${axis.values.length === 1 ? 'one value' : 'no value'}; an axis has at least two.`);
  }
  const values = axisValues(experiment, axis);
  if (values.length < 2) throw bad(`The axis ${parameter} has one ${whole ? 'whole number' : 'value'} only; an axis has at least two.`);
  const keys = values.map((value) => JSON.stringify(value));
  const again = keys.findIndex((key, i) => keys.indexOf(key) !== i);
  if (values.length <= 10_000 && again >= 0) throw bad(`The axis ${parameter} has the value ${keys[again]} twice.`);
  // The ends of a range speak for what lies between them; a list is checked value by value.
  const checked: readonly Json[] = axis.kind === 'range' ? [values[0], values[values.length - 1]] : values;
  for (const value of checked) {
    const issue = schema.safeParse(value).error?.issues[0];
    if (issue) throw bad(`${parameter} = ${JSON.stringify(value)} cannot be used: ${issue.message}.`);
  }
}

function checkSeeds({ seeds, axes }: SweepDefinition, experiment: Experiment): void {
  if (!Number.isInteger(seeds.count) || seeds.count < 1 || seeds.count > greatestSeeds)
    throw bad(`The number of seeds is a whole number from 1 to ${greatestSeeds}, not ${seeds.count}.`);
  if (seeds.count > 1 && seeds.parameters.length === 0)
    throw bad(`${seeds.count} seeds need a parameter that they change; name at least one, e.g. the seed of the split.`);
  for (const name of seeds.parameters) {
    const { whole, info } = parameterField(experiment, name);
    if (!whole) throw bad(`${name} cannot be a seed: a seed is a whole number.`);
    if (axes.some(({ parameter }) => parameter === name)) throw bad(`${name} is an axis and a seed; it can be one of them.`);
    const last = seeds.first + seeds.count - 1;
    if (info.maximum !== undefined && last > info.maximum)
      throw bad(`The seeds of ${name} end at ${last}; at most ${info.maximum} is possible.`);
  }
}

function checkAdaptive({ axes, sampling }: SweepDefinition, experiment: Experiment): void {
  if (sampling.kind !== 'adaptive') return;
  if (axes.length < 2) throw bad('An adaptive sweep refines a map, so it needs two axes.');
  for (const axis of axes.slice(0, 2))
    if (!isOrdered(axisValues(experiment, axis)))
      throw bad(
        `The axis ${axis.parameter} has values without an order, so nothing lies between two of them; an adaptive sweep needs numbers that grow.`,
      );
  const { stride, outcome } = sampling;
  if (![2, 4, 8, 16, 32].includes(stride)) throw bad(`The stride of an adaptive sweep is 2, 4, 8, 16 or 32, not ${stride}.`);
  if (!experiment.outcomes.some(({ id }) => id === outcome))
    throw bad(`${experiment.id} has no outcome "${outcome}"; it has ${experiment.outcomes.map(({ id }) => id).join(', ')}.`);
}

const week = 7 * 24 * 3600;

/** @throws LotkaError `bad-input` if it would train for more than a week, saying how long */
export function requireBudget({ trials, secondsInAll }: { readonly trials: number; readonly secondsInAll: number | null }): void {
  if (secondsInAll === null || secondsInAll <= week) return;
  const time = secondsInAll < 48 * 3600 ? duration(secondsInAll) : `${Math.round(secondsInAll / 86_400)} days`;
  throw bad(
    `These ${trials} trials would train for about ${time} on this machine, and a week is the most; take fewer points, seeds or steps, or train them on more machines.`,
  );
}
