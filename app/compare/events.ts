/** Events that compared runs have in common, and how far their steps are moved to meet at one. */
import type { Milestone } from '#app/experiments/experiment.ts';

/** Milestones that every run has, in the order of the first; none without runs. */
export function sharedEvents(runs: readonly (readonly Milestone[])[]): Milestone[] {
  const [first, ...others] = runs;
  return (first ?? []).filter(({ id }) => others.every((milestones) => milestones.some((other) => other.id === id)));
}

/**
 * How many steps later than its own each run is seen, so that an event is seen in all of them at once: where it comes last, none.
 * @returns null unless every run has the event
 */
export function shiftsTo(
  event: string,
  runs: readonly (readonly Milestone[])[],
): { readonly at: number; readonly shifts: number[] } | null {
  const steps = runs.map((milestones) => milestones.find(({ id }) => id === event)?.step);
  if (steps.length === 0 || steps.some((step) => step === undefined)) return null;
  const known = steps as number[];
  const at = Math.max(...known);
  return { at, shifts: known.map((step) => at - step) };
}
