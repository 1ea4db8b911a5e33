/**
 * A thread that reads files of others, so that a long one holds nobody up, and one made to be endless ends: a thread that hangs or
 * takes too much memory is given up.
 */
import { MessageChannel, Worker } from 'node:worker_threads';
import { badFile } from '#app/datasets/table.ts';
import { connect } from '#app/protocol/client.ts';
import type { CallDefinition, Client, ContractDefinition } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { portWire, type EventPort } from '#app/protocol/wires.ts';

export interface ReaderLimits {
  /** Megabytes of objects; numbers in arrays are bounded by what is read. */
  readonly megabytes: number;
  /** Seconds without a sign of life. */
  readonly seconds: number;
}

export const usualLimits: ReaderLimits = { megabytes: 1024, seconds: 15 };

/** A thread answers `alive` between two slices of work: one that does not is stuck. */
type ReadingContract = ContractDefinition & { readonly alive: CallDefinition };

interface Thread<C extends ReadingContract> {
  readonly client: Client<C>;
  readonly worker: Worker;
}

export interface ReaderThreadParts<C extends ReadingContract> {
  /** What sentences call what is read. */
  readonly file: string;
  readonly contract: C;
  /** The entry that was built. */
  readonly script: string;
  readonly limits?: ReaderLimits;
  /** Asked of every thread before all else. */
  begin?(client: Client<C>): Promise<void>;
  /** Whether a thread lives; for the contract's own `alive`. */
  alive(client: Client<C>): Promise<unknown>;
}

export class ReaderThread<C extends ReadingContract> {
  readonly #parts: ReaderThreadParts<C>;
  readonly #limits: ReaderLimits;
  #thread: Promise<Thread<C>> | null = null;

  constructor(parts: ReaderThreadParts<C>) {
    this.#parts = parts;
    this.#limits = parts.limits ?? usualLimits;
  }

  /**
   * Asks something of the thread, begun if there is none.
   * @throws LotkaError `bad-input` if it hangs or takes too much memory, and what the thread answers
   */
  async ask<T>(question: (client: Client<C>) => Promise<T>): Promise<T> {
    const begun = (this.#thread ??= this.#begin());
    try {
      return await this.#guarded(await begun, question);
    } catch (error) {
      if (!(error instanceof LotkaError) || error.code !== 'closed') throw error;
      if (this.#thread === begun) this.#thread = null;
      throw badFile(this.#parts.file, '', 'reading it takes too much memory; it is damaged, or made to be so.', error);
    }
  }

  /** Ends the thread; the next question begins another. */
  leave(): void {
    const thread = this.#thread;
    this.#thread = null;
    void thread?.then(end);
  }

  async #begin(): Promise<Thread<C>> {
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(this.#parts.script, {
      workerData: port2,
      transferList: [port2],
      name: 'reader of files',
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.megabytes },
    });
    // What it ended of is told by what was asked of it then.
    worker.on('error', () => undefined);
    worker.on('exit', () => port1.close());
    // A forgotten thread keeps no process alive.
    worker.unref();
    const client = connect(portWire(port1 as unknown as EventPort), this.#parts.contract);
    await this.#parts.begin?.(client);
    return { client, worker };
  }

  /** Ends the thread when it gives no sign of life for too long. */
  async #guarded<T>(thread: Thread<C>, question: (client: Client<C>) => Promise<T>): Promise<T> {
    let stuck = false;
    const giveUp = (): void => {
      stuck = true;
      end(thread);
    };
    let limit = setTimeout(giveUp, 1000 * this.#limits.seconds);
    const look = setInterval(() => {
      this.#parts.alive(thread.client).then(
        () => {
          clearTimeout(limit);
          limit = setTimeout(giveUp, 1000 * this.#limits.seconds);
        },
        () => undefined,
      );
    }, 200 * this.#limits.seconds);
    try {
      return await question(thread.client);
    } catch (error) {
      if (!stuck) throw error;
      this.#thread = null;
      throw badFile(this.#parts.file, '', 'reading it takes too long; it is damaged, or made to be so.', error);
    } finally {
      clearInterval(look);
      clearTimeout(limit);
    }
  }
}

function end({ client, worker }: { readonly client: { close(): void }; readonly worker: Worker }): void {
  client.close();
  void worker.terminate();
}
