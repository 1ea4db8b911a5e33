/** Entry of an engine worker thread: `workerData` is the port to the service. */
import { readFileSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { wasmBackend } from '#app/engine/index.ts';
import { experimentById } from '#app/experiments/registry.ts';
import { serve } from '#app/protocol/server.ts';
import { portWire, type EventPort } from '#app/protocol/wires.ts';
import { kernelsPath } from '#main/paths.ts';
import { engineContract } from './engine-contract.ts';
import { engineHandlers } from './engine.ts';

const backend = await wasmBackend(new Uint8Array(readFileSync(kernelsPath())));
serve(portWire(workerData as EventPort), engineContract, engineHandlers({ experimentById, backend }));
