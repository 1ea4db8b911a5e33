import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { Wire } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { portWire, type EventPort } from '#app/protocol/wires.ts';
import { packageRoot } from '#main/paths.ts';
import { allowRelaxedSimd } from './backends.ts';

/** An engine that was started, as the pool sees it. */
export interface WorkerHandle {
  readonly wire: Wire;
  terminate(): void;
  /** Why it ended, once it has, if it said so. */
  reason(): string | null;
}

/** An entry of the build: beside the bundle this code is in (or above, if it is in a chunk), else in the package's build. */
export function builtFile(name: string): string {
  const here = dirname(fileURLToPath(import.meta.url));
  return [join(here, name), join(here, '..', name)].find((file) => existsSync(file)) ?? join(packageRoot(), 'dist', 'main', name);
}

/** Starts the engine worker of the build, or another file that speaks the same. */
export function spawnWorker(file = builtFile('engine-worker.js')): WorkerHandle {
  // Flags are read when a module is compiled, in whichever thread; setting them while threads run is what to avoid.
  allowRelaxedSimd();
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(file, { workerData: port2, transferList: [port2], name: 'engine' });
  let reason: string | null = null;
  worker.on('error', (error: Error) => (reason = error.message));
  worker.on('exit', () => port1.close());
  return { wire: portWire(port1 as unknown as EventPort), terminate: () => void worker.terminate(), reason: () => reason };
}

/** Number of workers: `LOTKA_WORKERS`, else one a core. @throws LotkaError `bad-input` for anything but 1 to 256. */
export function workerCount(environment: NodeJS.ProcessEnv = process.env): number {
  const given = environment.LOTKA_WORKERS;
  if (given === undefined || given === '') return availableParallelism();
  const count = Number(given);
  if (!Number.isInteger(count) || count < 1 || count > 256)
    throw new LotkaError('bad-input', `LOTKA_WORKERS = ${given} cannot be used: it is a whole number from 1 to 256.`);
  return count;
}
