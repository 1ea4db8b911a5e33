import type { Program } from '../compile.ts';
import type { BackendName, Session } from '../types.ts';

/** Something that can run programs. */
export interface Backend {
  readonly name: BackendName;
  /** Names what computes, for provenance: sessions of equal name and build give equal bits on one machine. */
  readonly build: string;
  /** A new session with all parameters and optimiser state zero. */
  open(program: Program): Session;
}
