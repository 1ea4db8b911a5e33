/** A guided tour of a paper: steps that drive the screen of finished runs which come with Lotka. */
import type { SweepDefinition } from '#app/protocol/sweep.ts';

/** A run of a demonstration. */
export interface TourRun {
  readonly preset: string;
  readonly name: string;
}

/** Where the timeline stands: at a step, at a milestone of the run (its id), at either end. */
export type TourTime = number | 'start' | 'end' | { readonly milestone: string };

/** One thing that is shown and said. */
export interface TourStep {
  readonly title: string;
  /** Two or three sentences; formulas between dollar signs. */
  readonly text: string;
  /** Place among the demonstration's runs, or its sweep. */
  readonly shows: number | 'sweep';
  /** Where the timeline stands, or where a film begins. Of a run only. */
  readonly at?: TourTime;
  /** True: plays from there to the end. */
  readonly film?: boolean;
  /** Picture of the stage, by id. */
  readonly picture?: string;
  /** Panel of the side column that is pointed at, by id. */
  readonly panel?: string;
}

export interface Tour {
  /** What a script trains once and Lotka brings along. */
  readonly runs: readonly TourRun[];
  /** A sweep beside them: a definition, or the landscape of norms of one of the runs. */
  readonly sweep: Pick<SweepDefinition, 'name' | 'preset' | 'parameters' | 'axes'> | { readonly landscapeOf: number } | null;
  readonly steps: readonly TourStep[];
}
