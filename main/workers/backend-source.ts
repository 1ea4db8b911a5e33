/** What a backend says of itself on this machine. */
import type { Backend } from '#app/engine/index.ts';
import type { Precision } from '#app/engine/types.ts';
import type { BackendInfo } from '#app/protocol/contract.ts';

/** What a look at a backend finds, without opening it. */
export type Finding = Pick<BackendInfo, 'state' | 'why' | 'build'>;

/** Where an engine runs: in a thread of the service, or in a process of its own for what may take the process down. */
export type EngineHost = 'thread' | 'process';

/** One backend as this machine has it. */
export interface BackendSource {
  readonly label: string;
  readonly precisions: readonly Precision[];
  /** False keeps it out of lists for people. */
  readonly offered: boolean;
  readonly host: EngineHost;
  /** Looks without loading anything heavy: the service calls this, and it must not cost it memory. */
  inspect(): Finding | Promise<Finding>;
  /** Called in an engine worker, after `inspect` said `ready` there. */
  open(): Backend | Promise<Backend>;
}
