/** What the helpers for real daemons share. */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A port of the loopback interface that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A program that runs until it is stopped; what it says is kept for the error when it does not come up. */
export class Daemon {
  readonly #child: ChildProcess;
  readonly #name: string;
  #said = '';

  constructor(command: string, args: readonly string[], options: SpawnOptions = {}) {
    this.#name = command;
    this.#child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = (chunk: unknown): void => void (this.#said = (this.#said + String(chunk)).slice(-4000));
    this.#child.stdout!.on('data', keep);
    this.#child.stderr!.on('data', keep);
    this.#child.once('error', (error) => keep(error.message));
  }

  get running(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get said(): string {
    return this.#said;
  }

  /** Waits until something holds. @throws Error with the daemon's own words when it ends or takes too long */
  async until(holds: () => boolean | Promise<boolean>, milliseconds = 20_000): Promise<void> {
    const end = Date.now() + milliseconds;
    while (!(await holds())) {
      if (!this.running || Date.now() > end) throw new Error(`${this.#name} did not come up: ${this.#said}`);
      await sleep(50);
    }
  }

  /** Waits until it has ended. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (!this.running) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill(signal);
    const late = setTimeout(() => this.#child.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(late);
  }
}
