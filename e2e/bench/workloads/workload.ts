import type { Precision, Program, Session } from '#app/engine/index.ts';
import type { Shared } from '../shared.ts';

export interface Target {
  /** Must be reached. */
  readonly least: number;
  readonly aim: number;
}

/** One way in which our engine trains a workload. */
export interface OurForm {
  readonly id: string;
  readonly label: string;
  /** Compiles the training program. Its training output `loss` goes through the numerics gate. */
  program(shared: Shared): Program;
  /**
   * Takes one step with all that is done besides training, e.g. copying what the authors' script copies; gives what it measured, for
   * the parameters before the update. Absent: steps run in one call and training outputs are the measures.
   */
  step?(session: Session): Readonly<Record<string, number>>;
}

/** One way in which a Python library trains a workload: a class of peers/<group>.py. */
export interface PeerForm {
  readonly library: 'torch' | 'numpy';
  readonly form: string;
  readonly label: string;
  /** If it is not the workload's. */
  readonly precision?: Precision;
}

/** Ours against the fastest of some forms of a library. */
export interface Comparison {
  readonly id: string;
  readonly label: string;
  readonly ours: string;
  readonly library: 'torch' | 'numpy';
  readonly forms: readonly string[];
  readonly target?: Target;
}

/** A network to train, the same for everybody. */
export interface Workload {
  readonly id: string;
  /** What `--workload` names, and the peers' script. */
  readonly group: string;
  readonly title: string;
  readonly precision: Precision;
  /** Settings, data and initial values. Called once, by the harness. */
  shared(): Shared;
  readonly ours: readonly OurForm[];
  readonly peers: readonly PeerForm[];
  /** The torch form whose runs from perturbed initialisations tell how far rounding errors alone lead by step 100. */
  readonly noise: string;
  readonly comparisons: readonly Comparison[];
}
