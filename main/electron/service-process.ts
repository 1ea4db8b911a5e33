/** Entry of the utility process: the service, answering on every port that main hands over. */
import process from 'node:process';
import { contract } from '#app/protocol/contract.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { serve } from '#app/protocol/server.ts';
import { emitterPortWire, type EmitterPort } from '#app/protocol/wires.ts';
import { createService, type Service } from '#main/service/service.ts';
import { Pool } from '#main/workers/pool.ts';
import { spawnEngine } from '#main/workers/process-handle.ts';
import { EngineRequests } from './engine-requests.ts';
import type { HostMessage, ServiceMessage } from './service-messages.ts';

const parent = process.parentPort;
const tell = (message: ServiceMessage): void => parent.postMessage(message);

const engines = new EngineRequests(tell);
const starting = start();
starting.then(
  () => tell({ kind: 'ready' }),
  (error: unknown) => {
    tell({ kind: 'failed', sentence: sentenceOf(error) });
    // The message must leave before the process does.
    setTimeout(() => process.exit(1), 50);
  },
);

parent.on('message', ({ data, ports }) => {
  engines.receive(data as HostMessage, ports);
  void answer(data as HostMessage, ports);
});

async function start(): Promise<Service> {
  const pool = new Pool({ spawn: (host) => (host === 'process' ? engines.spawn() : spawnEngine(host)) });
  return createService({ host: 'electron', pool });
}

async function answer(message: HostMessage, ports: readonly EmitterPort[]): Promise<void> {
  const service = await starting.catch(() => null);
  if (!service) return;
  if (message.kind === 'stop') {
    await service.close();
    process.exit(0);
  }
  if (message.kind === 'connect') for (const port of ports) serve(emitterPortWire(port), contract, service.handlers);
}

function sentenceOf(error: unknown): string {
  if (error instanceof LotkaError) return error.message;
  return `Lotka's service could not start: ${error instanceof Error ? error.message : String(error)}`;
}
