/** A thread that draws and encodes one film, so that neither service nor training waits for it. */
import { MessageChannel, Worker } from 'node:worker_threads';
import { connect } from '#app/protocol/client.ts';
import type { Client } from '#app/protocol/define.ts';
import { portWire, type EventPort } from '#app/protocol/wires.ts';
import { builtFile } from '#main/workers/worker-handle.ts';
import { filmContract, type FilmContract } from './film-contract.ts';

export interface FilmThread {
  readonly client: Client<FilmContract>;
  /** Ends it, whatever it does. */
  leave(): void;
}

/** @param script the entry that was built from `film-worker.ts` */
export function openFilmThread(script = builtFile('film-worker.js')): FilmThread {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(script, { workerData: port2, transferList: [port2], name: 'film' });
  const client = connect(portWire(port1 as unknown as EventPort), filmContract);
  // A thread that ends takes its port along: what waits for an answer is told so.
  worker.on('error', () => port1.close());
  worker.on('exit', () => port1.close());
  return {
    client,
    leave: () => {
      client.close();
      void worker.terminate();
    },
  };
}
