/** The words the engine and everything above it share. Nothing here computes. */

/** Width of the floating-point numbers of a program. All tensors of one program share it. */
export type Precision = 'f32' | 'f64';

/** Sizes of a tensor, outermost first. A scalar is `[]`. */
export type Shape = readonly number[];

/** A floating-point array in the program's precision. */
export type RealArray = Float32Array | Float64Array;

/**
 * What a backend is called in settings, provenance and messages. `wasm` gives the same bits on every host; `wasm-relaxed` fuses
 * multiply and add where the processor can, which is faster and rounds otherwise; `tensorflow` is TensorFlow's eager CPU kernels.
 */
export type BackendName = 'wasm' | 'wasm-relaxed' | 'tensorflow' | 'reference';

/** A named tensor that the optimiser may change. */
export interface ParameterInfo {
  readonly name: string;
  readonly shape: Shape;
  readonly size: number;
  /** False for a parameter that is used but never updated (a frozen embedding). */
  readonly trainable: boolean;
  /** Name of the optimiser group it belongs to. */
  readonly group: string;
}

/** A way to compute the same with less work. Each can be switched off; what each does is in `passes/index.ts`. */
export type PassName = 'constants' | 'repeats' | 'duplicates' | 'tables' | 'columns' | 'fusion' | 'inPlace';

/** A pass that found something in a program. */
export interface AppliedPass {
  readonly name: PassName;
  /** A phrase, e.g. "2 linear layers over 59 tokens". */
  readonly what: string;
  /** Floating-point operations of one training step before and after it. */
  readonly flops: readonly [before: number, after: number];
}

/** A named result of any shape, read by `session.read('results/<name>')` after its evaluation. */
export interface ResultInfo {
  readonly name: string;
  readonly evaluation: string;
  readonly shape: Shape;
  readonly size: number;
}

/** What is known of a compiled program before anything runs. */
export interface ProgramInfo {
  readonly precision: Precision;
  readonly parameters: readonly ParameterInfo[];
  /** Names of the scalar outputs that the training step computes (for the parameters before its update). */
  readonly trainOutputs: readonly string[];
  /** Evaluations by name, each with the names of its scalar outputs. */
  readonly evaluations: Readonly<Record<string, readonly string[]>>;
  /** Results of any shape with the evaluations that compute them. */
  readonly results: readonly ResultInfo[];
  /** Floating-point operations of one training step, multiply and add counted separately. */
  readonly flopsPerStep: number;
  /** The same for the graph as the model states it, with every pass over it switched off. */
  readonly plainFlopsPerStep: number;
  /** The passes over the graph that found something, in the order in which they ran. */
  readonly passes: readonly AppliedPass[];
  /** Bytes of the one arena that holds parameters, optimiser state, constants and activations. */
  readonly arenaBytes: number;
  /** Bytes of one checkpoint. */
  readonly stateBytes: number;
}

/**
 * One network in training: a program with its arena on a backend.
 * A session is used by one caller at a time and never allocates while it steps.
 */
export interface Session {
  readonly info: ProgramInfo;
  readonly backend: BackendName;
  /** Optimiser steps taken so far. */
  readonly step: number;
  /** Takes `steps` optimiser steps. Afterwards `trainOutputs` tell of the parameters before the last of them. */
  run(steps: number): void;
  /** Scalar outputs of the latest training step: values at the parameters before its update. NaN before the first. */
  trainOutputs(): Record<string, number>;
  /** Computes an evaluation at the current parameters. @throws RangeError for an unknown name. */
  evaluate(name: string): Record<string, number>;
  /**
   * Copies a parameter (row-major). `gradient/<parameter>` gives the gradient of the latest step as the update rule met it, so after
   * clipping and the like; `results/<result>` what the latest run of its evaluation computed, zeros before the first.
   * @throws RangeError for an unknown name
   */
  read(name: string): RealArray;
  /** Overwrites a parameter; its optimiser moments stay. @throws RangeError if the size differs. */
  write(name: string, values: ArrayLike<number>): void;
  /** Named copies of everything a resume needs: parameters and optimiser moments. */
  checkpoint(): Checkpoint;
  /** Continues from a checkpoint of the same program. @throws RangeError if names or sizes differ. */
  restore(checkpoint: Checkpoint): void;
  /** Frees what the backend holds. The session is unusable afterwards. */
  dispose(): void;
}

/** State of a session after `step` optimiser steps. Arrays are keyed by parameter name, moments by `<moment>/<name>`, e.g. `adam.m/<name>`. */
export interface Checkpoint {
  readonly step: number;
  readonly arrays: Readonly<Record<string, { readonly shape: Shape; readonly values: RealArray }>>;
}
