import { createInterface } from 'node:readline';
import { MessageChannelMain, utilityProcess, type MessagePortMain, type UtilityProcess } from 'electron';
import type { HostMessage, ServiceMessage } from './service-messages.ts';

/**
 * Engines in processes of their own, which the service asks for and only main can start. Each gets one end of a channel and the
 * service the other; what they say to each other does not pass here.
 */
export class EngineProcesses {
  readonly #running = new Map<number, UtilityProcess>();

  /**
   * @param entry file that the processes run
   * @param tell speaks to the service
   */
  constructor(
    private readonly entry: string,
    private readonly tell: (message: HostMessage, ports?: MessagePortMain[]) => void,
  ) {}

  /** Does what the service asks for, if it is about engines. */
  receive(message: ServiceMessage): void {
    if (message.kind === 'start engine') this.#start(message.id);
    if (message.kind === 'end engine') this.#running.get(message.id)?.kill();
  }

  /** For when the service is gone: nobody is left to ask. */
  endAll(): void {
    for (const child of this.#running.values()) child.kill();
    this.#running.clear();
  }

  #start(id: number): void {
    const environment = { ...process.env };
    delete environment.NODE_OPTIONS;
    const child = utilityProcess.fork(this.entry, [], {
      serviceName: 'Lotka engine',
      stdio: ['ignore', 'ignore', 'pipe'],
      env: environment,
    });
    if (child.stderr) createInterface(child.stderr).on('line', passOn);
    this.#running.set(id, child);
    child.on('exit', (code) => {
      if (this.#running.delete(id)) this.tell({ kind: 'engine ended', id, code });
    });
    const { port1, port2 } = new MessageChannelMain();
    child.postMessage({ kind: 'connect' } satisfies HostMessage, [port1]);
    this.tell({ kind: 'engine', id }, [port2]);
  }
}

/** What an engine complains of, without the remarks that TensorFlow makes whenever it loads. */
function passOn(line: string): void {
  if (!/^(I\d{4} |WARNING: All log messages before absl)/.test(line)) process.stderr.write(`engine: ${line}\n`);
}
