import type { Contract } from '#app/protocol/contract.ts';
import type { Client } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { Service } from './service.ts';

/**
 * `connecting`: never open yet. `restarting`: was open, the service went away and is being brought back.
 * `refused`: the service answers but does not admit this page (`reason` says why).
 */
export type ConnectionState = 'connecting' | 'open' | 'restarting' | 'refused';

/** How long a call waits for a service that is coming back before it fails with a sentence. */
const patienceMilliseconds = 20_000;

/** One service over changing wires: calls made while it restarts wait for it, streams end with `closed` and are followed again. */
export class Connection implements Service {
  state = $state<ConnectionState>('connecting');
  reason = $state<string | null>(null);
  #client: Client<Contract> | null = null;
  #waiting: (() => void)[] = [];

  /** Takes a fresh wire's client into use; an older one is closed. */
  attach(client: Client<Contract>): void {
    const previous = this.#client;
    this.#client = client;
    previous?.close();
    client.onClose(() => {
      if (this.#client === client) this.#drop();
    });
    this.state = 'open';
    this.reason = null;
    this.#wake();
  }

  /** Told by the shell that the service is gone; everything pending fails now instead of hanging. */
  lost(): void {
    const client = this.#client;
    this.#drop();
    client?.close();
  }

  #drop(): void {
    this.#client = null;
    if (this.state === 'open') this.state = 'restarting';
  }

  refuse(reason: string): void {
    this.state = 'refused';
    this.reason = reason;
    this.#wake();
  }

  /** Resolves when a client is attached. @throws LotkaError `unavailable` when that takes longer than `patience` ms or was refused. */
  async ready(signal?: AbortSignal, patience = Infinity): Promise<Client<Contract>> {
    const deadline = performance.now() + patience;
    while (!this.#client) {
      if (signal?.aborted) throw new LotkaError('cancelled', 'Waiting for the training service was cancelled.');
      if (this.state === 'refused') throw new LotkaError('unavailable', this.reason ?? 'The training service refused this page.');
      const left = deadline - performance.now();
      if (left <= 0) throw new LotkaError('unavailable', 'The training service does not answer. Try again when it has restarted.');
      await this.#change(signal, left);
    }
    return this.#client;
  }

  #change(signal: AbortSignal | undefined, milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#waiting = this.#waiting.filter((other) => other !== done);
        signal?.removeEventListener('abort', done);
        clearTimeout(timer);
        resolve();
      };
      const timer = Number.isFinite(milliseconds) ? setTimeout(done, milliseconds) : undefined;
      this.#waiting.push(done);
      signal?.addEventListener('abort', done);
    });
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }

  call: Service['call'] = async (name, input, options) =>
    (await this.ready(options?.signal, patienceMilliseconds)).call(name, input, options);

  stream: Service['stream'] = (name, input, options) => {
    const open = () => this.ready(options?.signal, patienceMilliseconds);
    return {
      async *[Symbol.asyncIterator]() {
        yield* (await open()).stream(name, input, options);
      },
    };
  };
}
