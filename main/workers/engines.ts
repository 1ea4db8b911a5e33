import { connect } from '#app/protocol/client.ts';
import type { Client } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { EngineHost } from './backends.ts';
import { engineContract, type EngineContract } from './engine-contract.ts';
import type { WorkerHandle } from './worker-handle.ts';

/** One engine with its client. */
export interface Engine {
  readonly client: Client<EngineContract>;
  alive: boolean;
  /** Where it stood when it ended by itself, as a sentence for people. */
  crash(): LotkaError;
}

/** The engines of one place: at most one of each host, started when first needed and again after a crash. */
export class Engines {
  readonly #spawn: (host: EngineHost) => WorkerHandle;
  readonly #engines = new Map<EngineHost, Engine & { readonly handle: WorkerHandle }>();

  constructor(spawn: (host: EngineHost) => WorkerHandle) {
    this.#spawn = spawn;
  }

  of(host: EngineHost): Engine {
    const known = this.#engines.get(host);
    if (known?.alive) return known;
    const handle = this.#spawn(host);
    const engine = { handle, client: connect(handle.wire, engineContract), alive: true, crash: () => crashed(handle) };
    engine.client.onClose(() => (engine.alive = false));
    this.#engines.set(host, engine);
    return engine;
  }

  terminate(): void {
    for (const { handle } of this.#engines.values()) handle.terminate();
  }
}

function crashed(handle: WorkerHandle): LotkaError {
  const reason = handle.reason();
  return new LotkaError('crashed', `An engine worker ended unexpectedly${reason ? ` (${reason})` : ''}; a new one takes its place.`);
}
