/** Entry of an engine worker thread: `workerData` is the port to the service. */
import { workerData } from 'node:worker_threads';
import { experimentById } from '#app/experiments/registry.ts';
import { serve } from '#app/protocol/server.ts';
import { portWire, type EventPort } from '#app/protocol/wires.ts';
import { openBackend } from './backends.ts';
import { engineContract } from './engine-contract.ts';
import { engineHandlers } from './engine.ts';

serve(portWire(workerData as EventPort), engineContract, engineHandlers({ experimentById, openBackend }));
