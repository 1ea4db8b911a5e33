/**
 * Entry of an engine in a process of its own, for what may take its process down. Node's `fork` gives it a channel; Electron's
 * main process, which alone may start processes there, gives it a port.
 */
import process from 'node:process';
import { experimentById } from '#app/experiments/registry.ts';
import type { Wire } from '#app/protocol/define.ts';
import { serve } from '#app/protocol/server.ts';
import { emitterPortWire, processWire, type EmitterPort, type ProcessEnd } from '#app/protocol/wires.ts';
import { openBackend } from './backends.ts';
import { engineContract } from './engine-contract.ts';
import { engineHandlers } from './engine.ts';

interface ElectronParent {
  once(event: 'message', listener: (message: { readonly ports: readonly EmitterPort[] }) => void): unknown;
}

function answer(wire: Wire): void {
  serve(wire, engineContract, engineHandlers({ experimentById, openBackend }));
  // Whoever asked is gone, perhaps by a crash: nobody will end this process if it does not end itself.
  wire.onClose(() => process.exit(0));
}

const { parentPort } = process as { parentPort?: ElectronParent };
if (parentPort) parentPort.once('message', ({ ports: [port] }) => answer(emitterPortWire(port!)));
else answer(processWire(process as ProcessEnd));
