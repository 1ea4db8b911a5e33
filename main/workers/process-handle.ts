import { fork, type Serializable } from 'node:child_process';
import { processWire, type ProcessEnd } from '#app/protocol/wires.ts';
import type { EngineHost } from './backend-source.ts';
import { builtFile, spawnWorker, type WorkerHandle } from './worker-handle.ts';

/** As much of what a process said last as may tell why it ended. */
const keptCharacters = 2000;

/**
 * Starts an engine in a process of its own, from Node; under Electron only its main process can.
 * @param file the built `engine-process.js` unless told
 */
export function spawnProcess(file = builtFile('engine-process.js')): WorkerHandle {
  const child = fork(file, [], { serialization: 'advanced', execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let said = '';
  let reason: string | null = null;
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-keptCharacters)));
  child.on('error', (error) => (reason ??= error.message));
  child.on('close', (code, signal) => (reason ??= endOf(code, signal, said)));
  const end: ProcessEnd = {
    get connected() {
      return child.connected;
    },
    send: (message, sent) => child.send(message as Serializable, sent),
    disconnect: () => child.disconnect(),
    // Its end counts when all is known of it.
    on: (type: 'message' | 'disconnect', listener: (message: unknown) => void) =>
      child.on(type === 'message' ? 'message' : 'close', (message: unknown) => listener(message)),
  };
  return { wire: processWire(end), terminate: () => void child.kill('SIGKILL'), reason: () => reason };
}

/** Why a process ended, as a phrase; null for an end that was asked for. */
export function endOf(code: number | null, signal: string | null, said: string): string | null {
  // Errors of JavaScript and of C++, and what glog calls fatal.
  const words = said.split('\n').findLast((line) => /^(\w*Error: |terminate called|\s*what\(\):|F\d{4} )/.test(line));
  if (signal) return `ended by ${signal}${words ? `: ${words.trim()}` : ''}`;
  return code ? `exit code ${code}${words ? `: ${words.trim()}` : ''}` : null;
}

/** Starts an engine where it has to run, from Node. */
export const spawnEngine = (host: EngineHost): WorkerHandle => (host === 'process' ? spawnProcess() : spawnWorker());
