import { MessageChannelMain, utilityProcess, type MessagePortMain, type UtilityProcess } from 'electron';
import { EngineProcesses } from './engine-processes.ts';
import { restartDelay } from './restarts.ts';
import type { HostMessage, ServiceMessage } from './service-messages.ts';

export interface ServiceEvents {
  /** A port that speaks the contract, for the page. Every call replaces the port before. */
  onPort(port: MessagePortMain): void;
  /** The service died and will be started again in `milliseconds`. */
  onRestart(milliseconds: number): void;
  /** The service cannot run; the sentence is for people. */
  onFailure(sentence: string): void;
}

const stopMilliseconds = 8_000;

/** Keeps one service process alive and connects the page to it. */
export class ServiceHost {
  private child: UtilityProcess | null = null;
  private readonly deaths: number[] = [];
  private failure: string | null = null;
  private timer: NodeJS.Timeout | null = null;
  private stopping = false;
  private readonly engines: EngineProcesses;

  constructor(
    private readonly entry: string,
    engineEntry: string,
    private readonly events: ServiceEvents,
  ) {
    this.engines = new EngineProcesses(engineEntry, (message, ports) => this.child?.postMessage(message, ports));
  }

  /** Gives the page a port, starting the service when it does not run. Asking again after a failure tries again. */
  connect(): void {
    if (this.stopping) return;
    if (this.failure !== null) this.deaths.length = 0;
    this.failure = null;
    if (!this.child) this.start();
    this.givePort();
  }

  /** Lets the service write what it has, then ends it; by force after 8 s. */
  async stop(): Promise<void> {
    this.stopping = true;
    if (this.timer) clearTimeout(this.timer);
    const child = this.child;
    if (!child) return;
    await new Promise<void>((resolve) => {
      const force = setTimeout(() => child.kill(), stopMilliseconds);
      child.once('exit', () => {
        clearTimeout(force);
        resolve();
      });
      child.postMessage({ kind: 'stop' } satisfies HostMessage);
    });
  }

  private start(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const environment = { ...process.env };
    delete environment.NODE_OPTIONS;
    const child = utilityProcess.fork(this.entry, [], { serviceName: 'Lotka service', stdio: 'inherit', env: environment });
    this.child = child;
    child.on('message', (message: ServiceMessage) => {
      if (message.kind === 'failed') this.failure = message.sentence;
      this.engines.receive(message);
    });
    child.on('exit', () => this.ended());
  }

  private ended(): void {
    this.child = null;
    this.engines.endAll();
    if (this.stopping) return;
    if (this.failure !== null) return this.events.onFailure(this.failure);
    const now = Date.now();
    this.deaths.push(now);
    const delay = restartDelay(this.deaths, now);
    if (delay === null) {
      this.failure = 'The part of Lotka that trains and keeps runs stopped several times in a row. What was recorded is safe.';
      return this.events.onFailure(this.failure);
    }
    this.events.onRestart(delay);
    this.timer = setTimeout(() => {
      this.start();
      this.givePort();
    }, delay);
  }

  private givePort(): void {
    const { port1, port2 } = new MessageChannelMain();
    this.child?.postMessage({ kind: 'connect' } satisfies HostMessage, [port1]);
    this.events.onPort(port2);
  }
}
