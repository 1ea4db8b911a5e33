import type { Program } from '../compile.ts';
import type { BackendName, Session } from '../types.ts';

/** Something that can run programs. */
export interface Backend {
  readonly name: BackendName;
  /** A new session with all parameters and optimiser state zero. */
  open(program: Program): Session;
}
