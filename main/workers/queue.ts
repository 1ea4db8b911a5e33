/** Who is served first: what somebody looks at, then what a person started, then what the program does by itself. */
export type Priority = 'watched' | 'started' | 'background';

const ranks: Readonly<Record<Priority, number>> = { watched: 0, started: 1, background: 2 };

/** Something that waits for a worker, or has one. */
export interface Turn {
  readonly priority: Priority;
  /** Order of arrival: of equal rank the lower one is first, and it stays so. */
  readonly sequence: number;
  /** True once it has trained: then nothing that merely waits, and that nobody watches, comes before it. */
  readonly begun: boolean;
}

const rank = ({ priority, begun }: Turn): number => Math.min(ranks[priority], begun ? ranks.started : ranks.background);

/** Negative if `a` is served before `b`. A total order of turns with different sequences. */
export const compareTurns = (a: Turn, b: Turn): number => rank(a) - rank(b) || a.sequence - b.sequence;

/** Which of those that have a worker gives way to something watched: the background work that came last; null if there is none. */
export function giverOfWay<T extends Turn>(active: readonly T[]): T | null {
  const background = active.filter(({ priority }) => priority === 'background');
  return background.reduce<T | null>((latest, turn) => (latest && latest.sequence > turn.sequence ? latest : turn), null);
}
