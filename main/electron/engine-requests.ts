import type { Wire } from '#app/protocol/define.ts';
import { emitterPortWire, type EmitterPort } from '#app/protocol/wires.ts';
import type { WorkerHandle } from '#main/workers/worker-handle.ts';
import type { HostMessage, ServiceMessage } from './service-messages.ts';

/** The service's side of `EngineProcesses`: asks main for engines and is told of their ends. */
export class EngineRequests {
  readonly #pending = new Map<number, Request>();
  #count = 0;

  constructor(private readonly tell: (message: ServiceMessage) => void) {}

  /** An engine in a process of its own. What is sent to it waits until it is there. */
  spawn(): WorkerHandle {
    const id = ++this.#count;
    const request = new Request();
    this.#pending.set(id, request);
    this.tell({ kind: 'start engine', id });
    return { wire: request, terminate: () => this.tell({ kind: 'end engine', id }), reason: () => request.reason };
  }

  /** Takes what main says of engines. */
  receive(message: HostMessage, ports: readonly EmitterPort[]): void {
    if (message.kind === 'engine') this.#pending.get(message.id)?.begin(emitterPortWire(ports[0]!));
    if (message.kind === 'engine ended') {
      this.#pending.get(message.id)?.end(message.code === 0 ? null : `exit code ${message.code}`);
      this.#pending.delete(message.id);
    }
  }
}

/** A wire to a process that is being started. It closes when the process is known to have ended, and why. */
class Request implements Wire {
  reason: string | null = null;
  #wire: Wire | null = null;
  #listener: ((message: unknown) => void) | null = null;
  readonly #waiting: unknown[] = [];
  readonly #closing: (() => void)[] = [];
  #over = false;

  begin(wire: Wire): void {
    this.#wire = wire;
    if (this.#listener) wire.onMessage(this.#listener);
    for (const message of this.#waiting.splice(0)) wire.send(message);
  }

  end(reason: string | null): void {
    if (this.#over) return;
    this.#over = true;
    this.reason = reason;
    this.#wire?.close();
    for (const listener of this.#closing.splice(0)) listener();
  }

  send(message: unknown): void {
    if (this.#wire) this.#wire.send(message);
    else this.#waiting.push(message);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#listener = listener;
    this.#wire?.onMessage(listener);
  }

  onClose(listener: () => void): void {
    if (this.#over) listener();
    else this.#closing.push(listener);
  }

  close(): void {
    this.#wire?.close();
    this.end(null);
  }
}
