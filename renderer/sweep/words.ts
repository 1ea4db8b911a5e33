/** How sweeps are put into words. */
import { duration, grouped } from '#app/experiments/cost.ts';
import type { Experiment, OutcomeInfo } from '#app/experiments/experiment.ts';
import { fieldsOf } from '#app/experiments/parameters.ts';
import { experiments } from '#app/experiments/registry.ts';
import { readable } from '#app/figures/format.ts';
import type { SweepAxis, SweepPlace, SweepRecord, TrialResult } from '#app/protocol/sweep.ts';
import { disagreement, nameOfTen, type MapAxis, type SweepMap } from '#app/sweeps/map.ts';
import { formatValue } from '#renderer/state/fields.ts';
import type { Tone } from '#renderer/state/status.ts';

interface StatusWords {
  readonly label: string;
  readonly tone: Tone;
}

const statuses: Readonly<Record<SweepRecord['status'], StatusWords>> = {
  planned: { label: 'planned', tone: 'plain' },
  running: { label: 'training', tone: 'good' },
  paused: { label: 'paused', tone: 'accent' },
  finished: { label: 'finished', tone: 'plain' },
  failed: { label: 'failed', tone: 'bad' },
  interrupted: { label: 'interrupted', tone: 'warn' },
};

/** The word and colour of a sweep's state. */
export const statusWords = (status: SweepRecord['status']): StatusWords => statuses[status];

/** What a sweep has come to and what can be done, one sentence. */
export function statusSentence(record: SweepRecord, secondsLeft: number | null = null): string {
  const done = `${grouped(record.done)} of ${counted(record.planned, 'trial')}`;
  switch (record.status) {
    case 'planned':
      return `${counted(record.planned, 'trial')} planned; the first starts as soon as a worker is free.`;
    case 'running':
      return `${done} trained${secondsLeft === null ? '' : `, ${duration(secondsLeft)} left`}.`;
    case 'paused':
      return `Paused after ${done}; trials that had begun were finished or will begin anew.`;
    case 'finished':
      return `All ${counted(record.planned, 'trial')} trained in ${duration(record.trainingSeconds)} of computing.`;
    case 'failed':
      return record.message ?? `It ended after ${done}.`;
    case 'interrupted':
      return record.message ?? `Interrupted after ${done}; resume trains the rest to the same bits.`;
  }
}

/** E.g. `1 trial`, `64 trials`. */
export const counted = (count: number, what: string): string => `${grouped(count)} ${what}${count === 1 ? '' : 's'}`;

/** What people call a parameter; its name if the experiment has none of that name. */
export function parameterLabel(experiment: Experiment | null, parameter: string): string {
  const found = experiment && fieldsOf(experiment.parameters).find(({ name }) => name === parameter);
  return found ? found.info.label : parameter;
}

/** The experiment of a sweep; null if this Lotka has none of that name. */
export const experimentOf = (id: string): Experiment | null => experiments.find((experiment) => experiment.id === id) ?? null;

/** A parameter's value on an axis, short. */
export const valueText = (value: unknown): string => (typeof value === 'number' ? readable(value, 3) : formatValue(value));

/** E.g. `Learning rate 1e-5 … 0.01, 21 on a logarithm`. */
export function axisWords(experiment: Experiment | null, axis: SweepAxis): string {
  const label = parameterLabel(experiment, axis.parameter);
  if (axis.kind === 'range') return `${label} ${valueText(axis.from)} to ${valueText(axis.to)}`;
  const [first, last] = [axis.values[0], axis.values.at(-1)];
  return axis.values.length < 2 ? `${label} ${valueText(first)}` : `${label} ${valueText(first)} to ${valueText(last)}`;
}

/** Values on an axis. */
export const axisSize = (axis: SweepAxis): number => (axis.kind === 'range' ? axis.count : axis.values.length);

/** How the points of a sweep are chosen, with how many refining added. */
export function samplingWords({ definition: { sampling, axes }, added }: Pick<SweepRecord, 'definition' | 'added'>): string {
  const more = added.length > 0 ? `, ${grouped(added.length)} added by refining` : '';
  if (sampling.kind === 'random') return `${counted(sampling.samples, 'random draw')}${more}`;
  if (sampling.kind === 'latin') return `Latin hypercube of ${grouped(sampling.samples)}${more}`;
  const grid = axes.map((axis) => grouped(axisSize(axis))).join(' × ');
  return sampling.kind === 'grid' ? `${grid} grid${more}` : `adaptive on ${grid}, from every ${ordinal(sampling.stride)}${more}`;
}

/** Of the strides of adaptive sweeps, e.g. `2nd`, `4th`. */
export const ordinal = (stride: number): string => `${stride}${stride % 10 === 2 ? 'nd' : 'th'}`;

/** Trials a minute, e.g. `12 / min`. */
export const perMinuteText = (perMinute: number): string => `${readable(perMinute, 2)} / min`;

const placeLabels: Readonly<Record<SweepPlace['kind'], string>> = { local: 'this machine', slurm: 'Slurm', redis: 'Redis queue' };
export const placeLabel = (place: SweepPlace): string => placeLabels[place.kind];

/** What an outcome came to: a phase by its label, a number with its unit. */
export function outcomeText(experiment: Experiment, outcome: OutcomeInfo, value: number | string | null): string {
  if (value === null) return 'no value';
  if (typeof value === 'string') return experiment.phases.find(({ id }) => id === value)?.label ?? value;
  return `${readable(value, 3)}${outcome.unit ? ` ${outcome.unit}` : ''}`;
}

/** Where a cell is, e.g. `Decoder rate 0.001, Embedding rate 0.01`. */
export function placeText(map: SweepMap, index: number): string {
  const columns = map.x.values.length;
  const x = `${map.x.label} ${map.x.names[index % columns] ?? ''}${map.x.unit ? ` ${map.x.unit}` : ''}`;
  if (map.y.parameter === null) return x;
  return `${x}, ${map.y.label} ${map.y.names[Math.floor(index / columns)] ?? ''}${map.y.unit ? ` ${map.y.unit}` : ''}`;
}

/** What a cell came to, and how sure that is: a few short sentences' worth. */
export function cellText(experiment: Experiment, map: SweepMap, index: number): string {
  const cell = map.cell(index);
  const told = cell.finished + cell.diverged + cell.failed;
  if (cell.state === 'inferred') return `${outcomeText(experiment, map.outcome, cell.value)}, taken from neighbours that agree`;
  if (cell.trials.length === 0) return 'nothing is trained here';
  if (told === 0) return 'not trained yet';
  const parts = [cell.value === null && cell.diverged > 0 ? 'diverged' : outcomeText(experiment, map.outcome, cell.value)];
  if (cell.low !== null && cell.high !== null && cell.low !== cell.high)
    parts.push(`from ${readable(cell.low, 3)} to ${readable(cell.high, 3)}`);
  if (cell.agreement < 1) parts.push(`${Math.round(100 * cell.agreement)} % of the seeds`);
  parts.push(
    ...cell.hatches.filter((id) => id !== disagreement.id).map((id) => experiment.hatches.find((hatch) => hatch.id === id)?.label ?? id),
  );
  if (told < cell.trials.length) parts.push(`${told} of ${counted(cell.trials.length, 'trial')}`);
  if (cell.diverged > 0 && cell.value !== null) parts.push(`${cell.diverged} diverged`);
  if (cell.failed > 0) parts.push(`${cell.failed} failed`);
  return parts.join(', ');
}

/** What one trial came to, as the map shows it. */
export function trialText(experiment: Experiment, outcome: OutcomeInfo, result: TrialResult | undefined): string {
  if (!result) return 'not trained yet';
  if (result.state === 'failed') return 'failed';
  const text = outcomeText(experiment, outcome, result.outcomes[outcome.id] ?? null);
  return result.state === 'diverged' ? `diverged, ${text}` : text;
}

/** Trials that failed alike are told of once: each sentence with the points it was said of. */
export function failuresAlike(failed: readonly TrialResult[]): [sentence: string, points: number[]][] {
  const found = new Map<string, number[]>();
  for (const { message, point } of failed) {
    const sentence = message ?? 'It failed and did not say why.';
    found.set(sentence, [...(found.get(sentence) ?? []), point]);
  }
  return [...found];
}

export interface MapTick {
  readonly at: number;
  readonly label: string;
}

/**
 * Values of an axis that are named: all that have room, else the powers of ten along a logarithm that passes some, else every n-th.
 * @param at place of each value, in px
 * @param room px that a name takes along the axis
 */
export function mapTicks(axis: MapAxis, at: (index: number) => number, room: (label: string) => number): MapTick[] {
  const all = axis.names.map((label, index) => ({ at: at(index), label }));
  if (axis.scale !== 'log' || areApart(all, room)) return spread(all, room);
  const tens = axis.values.flatMap((value, index) => {
    const label = nameOfTen(value);
    return label === null ? [] : [{ at: at(index), label }];
  });
  return spread(tens.length >= 2 ? tens : all, room);
}

/** Every n-th tick, n as small as keeps their names apart. */
function spread(ticks: readonly MapTick[], room: (label: string) => number): MapTick[] {
  for (let every = 1; every < ticks.length; every++) {
    const kept = ticks.filter((_, index) => index % every === 0);
    if (areApart(kept, room)) return kept;
  }
  return ticks.slice(0, 1);
}

const areApart = (ticks: readonly MapTick[], room: (label: string) => number): boolean =>
  ticks.every((tick, index) => {
    const before = ticks[index - 1];
    return before === undefined || Math.abs(tick.at - before.at) >= (room(tick.label) + room(before.label)) / 2;
  });
