/** Runs as the trees that forks make of them. */

export interface ForkedRun {
  readonly id: string;
  /** The run it was forked from and at which of its steps; null if it began anew. */
  readonly forkedFrom: { readonly run: string; readonly step: number } | null;
}

export interface Descendant<R extends ForkedRun> {
  readonly run: R;
  /** 0 for a run that began anew, or whose origin is not among the runs. */
  readonly depth: number;
  /** False for the last fork of its origin. */
  readonly hasNext: boolean;
  /** For every level above the run's own, whether further runs follow there: where lines of a drawn tree go on. */
  readonly passing: readonly boolean[];
}

/**
 * Every run once, each before what was forked from it: origins in the order given, forks by the step they left at, then by id.
 * A run whose origin is not among the runs is an origin itself; so is the first given of runs that say they descend from themselves.
 */
export function lineage<R extends ForkedRun>(given: readonly R[]): Descendant<R>[] {
  // Two files may hold the same run: the one given last stands.
  const runs = [...new Map(given.map((run) => [run.id, run])).values()];
  const ids = new Set(runs.map(({ id }) => id));
  const forks = new Map<string, R[]>();
  const origins: R[] = [];
  for (const run of runs) {
    const origin = run.forkedFrom?.run;
    if (origin === undefined || !ids.has(origin)) origins.push(run);
    else forks.set(origin, [...(forks.get(origin) ?? []), run]);
  }
  const rows: Descendant<R>[] = [];
  const placed = new Set<string>();
  const put = (run: R, passing: readonly boolean[], hasNext: boolean): void => {
    rows.push({ run, depth: passing.length, hasNext, passing });
    placed.add(run.id);
    const children = (forks.get(run.id) ?? [])
      .filter(({ id }) => !placed.has(id))
      .sort((a, b) => a.forkedFrom!.step - b.forkedFrom!.step || (a.id < b.id ? -1 : 1));
    const below = rows.at(-1)!.depth === 0 ? [false] : [...passing, hasNext];
    children.forEach((child, index) => put(child, below, index < children.length - 1));
  };
  for (const origin of origins) put(origin, [], false);
  for (const run of runs) if (!placed.has(run.id)) put(run, [], false);
  return rows;
}

/** The tree that a run belongs to; empty if it is not among the runs. */
export function familyOf<R extends ForkedRun>(runs: readonly R[], id: string): Descendant<R>[] {
  const rows = lineage(runs);
  const at = rows.findIndex(({ run }) => run.id === id);
  if (at < 0) return [];
  let first = at;
  while (rows[first]!.depth > 0) first -= 1;
  let end = at + 1;
  while (end < rows.length && rows[end]!.depth > 0) end += 1;
  return rows.slice(first, end);
}
