/**
 * Reads a file in a thread of its own, so that a long one holds nobody up, and one made to be endless ends: a thread that hangs or
 * takes too much memory is given up.
 */
import { MessageChannel, Worker } from 'node:worker_threads';
import type { ImportChoices } from '#app/datasets/choices.ts';
import type { ImportedData } from '#app/datasets/import.ts';
import { badFile } from '#app/datasets/table.ts';
import { connect } from '#app/protocol/client.ts';
import type { DatasetPreview } from '#app/protocol/dataset.ts';
import type { CallOptions, Client, InputOf } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { portWire, type EventPort } from '#app/protocol/wires.ts';
import { builtFile } from '#main/workers/worker-handle.ts';
import { readerContract, type ReaderContract } from './reader-contract.ts';

export interface ReaderLimits {
  /** Megabytes of objects; numbers in arrays are bounded by what is read. */
  readonly megabytes: number;
  /** Seconds without a sign of life. */
  readonly seconds: number;
}

const usual: ReaderLimits = { megabytes: 1024, seconds: 15 };

interface Thread {
  readonly client: Client<ReaderContract>;
  readonly worker: Worker;
}

export class FileReader {
  readonly #file: string;
  readonly #bytes: Uint8Array;
  readonly #limits: ReaderLimits;
  readonly #script: string;
  #thread: Promise<Thread> | null = null;

  /** @param script the entry that was built from `reader-worker.ts` */
  constructor(file: string, bytes: Uint8Array, limits: ReaderLimits = usual, script = builtFile('dataset-reader.js')) {
    this.#file = file;
    this.#bytes = bytes;
    this.#limits = limits;
    this.#script = script;
  }

  /** @throws LotkaError `bad-input` naming file, row and column; `cancelled` */
  preview(choices: ImportChoices, options: CallOptions): Promise<DatasetPreview> {
    return this.#watched((client) => client.call('preview', { choices }, options));
  }

  /** @throws LotkaError `bad-input` naming file, row and column; `cancelled` */
  import(choices: ImportChoices, options: CallOptions): Promise<ImportedData> {
    return this.#watched((client) => client.call('import', { choices }, options));
  }

  /** Ends the thread; the next question begins another. */
  leave(): void {
    const thread = this.#thread;
    this.#thread = null;
    void thread?.then(end);
  }

  async #begin(): Promise<Thread> {
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(this.#script, {
      workerData: port2,
      transferList: [port2],
      name: 'dataset reader',
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.megabytes },
    });
    // What it ended of is told by what was asked of it then.
    worker.on('error', () => undefined);
    worker.on('exit', () => port1.close());
    // A forgotten thread keeps no process alive.
    worker.unref();
    const client = connect(portWire(port1 as unknown as EventPort), readerContract);
    const taken: InputOf<ReaderContract['take']> = { file: this.#file, bytes: this.#bytes };
    await client.call('take', taken);
    return { client, worker };
  }

  async #watched<T>(ask: (client: Client<ReaderContract>) => Promise<T>): Promise<T> {
    const begun = (this.#thread ??= this.#begin());
    try {
      return await this.#guarded(await begun, ask);
    } catch (error) {
      if (!(error instanceof LotkaError) || error.code !== 'closed') throw error;
      if (this.#thread === begun) this.#thread = null;
      throw badFile(this.#file, '', 'reading it takes too much memory; it is damaged, or made to be so.', error);
    }
  }

  /** Ends the thread when it gives no sign of life for too long. */
  async #guarded<T>(thread: Thread, ask: (client: Client<ReaderContract>) => Promise<T>): Promise<T> {
    let stuck = false;
    const giveUp = (): void => {
      stuck = true;
      end(thread);
    };
    let limit = setTimeout(giveUp, 1000 * this.#limits.seconds);
    const look = setInterval(() => {
      thread.client.call('alive', {}).then(
        () => {
          clearTimeout(limit);
          limit = setTimeout(giveUp, 1000 * this.#limits.seconds);
        },
        () => undefined,
      );
    }, 200 * this.#limits.seconds);
    try {
      return await ask(thread.client);
    } catch (error) {
      if (!stuck) throw error;
      this.#thread = null;
      throw badFile(this.#file, '', 'reading it takes too long; it is damaged, or made to be so.', error);
    } finally {
      clearInterval(look);
      clearTimeout(limit);
    }
  }
}

function end({ client, worker }: Thread): void {
  client.close();
  void worker.terminate();
}
