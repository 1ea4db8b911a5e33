/** What runs are called where several of them are seen together. */
import type { Experiment, Parameters } from '#app/experiments/experiment.ts';
import { parameterRows } from './parameters.ts';

export interface NamedRun {
  readonly id: string;
  readonly name: string;
  /** Null where it is not known (yet). */
  readonly setting: { readonly experiment: Experiment; readonly parameters: Parameters } | null;
}

/**
 * Names that tell the runs apart, in their order. Runs of one name are called by the parameter in which all of them
 * differ, or by the first few that differ; where those are not enough, by the end of their id.
 */
export function distinctNames(runs: readonly NamedRun[]): string[] {
  const names = new Map<NamedRun, string>();
  for (const name of new Set(runs.map((run) => run.name))) {
    const group = runs.filter((run) => run.name === name);
    const called = group.length === 1 ? [name] : byParameters(group);
    const isShared = (text: string) => called.filter((other) => other === text).length > 1;
    group.forEach((run, index) => names.set(run, isShared(called[index]!) ? `${called[index]} (${run.id.slice(-4)})` : called[index]!));
  }
  return runs.map((run) => names.get(run)!);
}

/** More would not be read. */
const mostParameters = 3;

function byParameters(group: readonly NamedRun[]): string[] {
  const settings = group.flatMap(({ setting }) => (setting ? [setting] : []));
  if (settings.length < group.length) return group.map(({ name }) => name);
  const texts = parameterRows(settings)
    .filter(({ differs }) => differs)
    .map(({ label, values }) => values.map((value) => `${lowered(label)} ${value === undefined ? 'none' : String(value)}`));
  const enough = texts.find((column) => new Set(column).size === group.length);
  const columns = enough ? [enough] : texts.slice(0, mostParameters);
  return group.map(({ name }, index) => (columns.length === 0 ? name : columns.map((column) => column[index]).join(', ')));
}

/** Within a name; an abbreviation keeps its capitals. */
const lowered = (label: string) => (/^\p{Lu}(?![\p{Lu}\d])/u.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label);
