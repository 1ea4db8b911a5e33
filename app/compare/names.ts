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
 * differ, or by the first few that differ; where those are not enough, by the end of their id. What all names begin with
 * is left out.
 */
export function distinctNames(runs: readonly NamedRun[]): string[] {
  const names = new Map<NamedRun, string>();
  for (const name of new Set(runs.map((run) => run.name))) {
    const group = runs.filter((run) => run.name === name);
    const called = group.length === 1 ? [name] : byParameters(group);
    const isShared = (text: string) => called.filter((other) => other === text).length > 1;
    group.forEach((run, index) => names.set(run, isShared(called[index]!) ? `${called[index]} (${run.id.slice(-4)})` : called[index]!));
  }
  return withoutShared(
    runs,
    runs.map((run) => names.get(run)!),
  );
}

/** Drops what all names begin with: the experiment's id, and parts before a comma, such as the sweep and point of seeds. */
function withoutShared(runs: readonly NamedRun[], names: readonly string[]): string[] {
  if (names.length < 2) return [...names];
  const id = `${runs[0]!.setting?.experiment.id ?? ''} `;
  const without = (prefix: string, from: readonly string[]) =>
    from.every((name) => name.startsWith(prefix) && name.length > prefix.length) ? from.map((name) => name.slice(prefix.length)) : null;
  let shorter = without(id, names) ?? [...names];
  for (;;) {
    const [first = ''] = shorter;
    const comma = first.indexOf(', ');
    const next = comma < 0 ? null : without(first.slice(0, comma + 2), shorter);
    if (!next) return shorter;
    shorter = next;
  }
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
