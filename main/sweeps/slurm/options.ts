import type { SweepPlace } from '#app/protocol/sweep.ts';
import type { NodeCommand } from './script.ts';

export type SlurmPlace = Extract<SweepPlace, { kind: 'slurm' }>;

export interface SlurmOptions {
  /** How nodes start Lotka; as this machine does unless told. */
  readonly commands?: readonly NodeCommand[];
  /** Milliseconds between two looks into the files of running tasks, and between two questions to Slurm. */
  readonly lookMilliseconds?: number;
  readonly askMilliseconds?: number;
  /** How long `check` waits for a test job to begin, and then for it to say something. */
  readonly patienceMilliseconds?: number;
  /** How long it waits for Slurm's controller, and for what a node wrote to be seen here after its task has ended. */
  readonly answerMilliseconds?: number;
  readonly settleMilliseconds?: number;
}
