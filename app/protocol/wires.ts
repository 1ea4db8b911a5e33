/** Wires over what hosts have. Typed by shape, so that browsers, Node and Electron fit without `app/` knowing them. */
import type { Wire } from './define.ts';
import { decodeFrame, encodeFrame } from './frames.ts';

/** Messages that come before anyone listens are kept for the first listener. */
class Listeners {
  private message: ((message: unknown) => void) | null = null;
  private readonly early: unknown[] = [];
  private readonly close: (() => void)[] = [];
  private closed = false;

  onMessage(listener: (message: unknown) => void): void {
    this.message = listener;
    for (const message of this.early.splice(0)) listener(message);
  }

  onClose(listener: () => void): void {
    if (this.closed) listener();
    else this.close.push(listener);
  }

  receive(message: unknown): void {
    if (this.closed) return;
    if (this.message) this.message(message);
    else this.early.push(message);
  }

  end(): void {
    if (this.closed) return;
    this.closed = true;
    for (const listener of this.close.splice(0)) listener();
  }
}

/** Two ends of one wire in the same thread. Messages arrive later, in order, as over any other wire; they are not copied. */
export function memoryWires(): [Wire, Wire] {
  const sides = [new Listeners(), new Listeners()] as const;
  let open = true;
  const end = (mine: Listeners, theirs: Listeners): Wire => ({
    send: (message) => {
      if (open) void Promise.resolve().then(() => theirs.receive(message));
    },
    onMessage: (listener) => mine.onMessage(listener),
    onClose: (listener) => mine.onClose(listener),
    close: () => {
      if (!open) return;
      open = false;
      void Promise.resolve().then(() => {
        mine.end();
        theirs.end();
      });
    },
  });
  return [end(sides[0], sides[1]), end(sides[1], sides[0])];
}

/** A MessagePort of a page or of Node's worker_threads. */
export interface EventPort {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
  start?(): void;
  close(): void;
}

/** Wire over a MessagePort that speaks events (pages, worker_threads). */
export function portWire(port: EventPort): Wire {
  const listeners = new Listeners();
  port.addEventListener('message', (event) => listeners.receive(event.data));
  port.addEventListener('close', () => listeners.end());
  port.start?.();
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => listeners.onMessage(listener),
    onClose: (listener) => listeners.onClose(listener),
    close: () => {
      port.close();
      listeners.end();
    },
  };
}

/** A port that emits, as Electron's MessagePortMain does: the message is in the event's `data`. */
export interface EmitterPort {
  postMessage(message: unknown): void;
  on(type: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(type: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

/** Wire over Electron's MessagePortMain. */
export const emitterPortWire = (port: EmitterPort): Wire =>
  portWire({
    postMessage: (message) => port.postMessage(message),
    addEventListener: (type: 'message' | 'close', listener: (event: { readonly data: unknown }) => void) =>
      void port.on(type as 'message', listener),
    start: () => port.start(),
    close: () => port.close(),
  });

/** Either end of Node's channel between a process and one it forked: the child as its parent sees it, or itself in the child. */
export interface ProcessEnd {
  readonly connected: boolean;
  send?(message: unknown, sent: (error: Error | null) => void): unknown;
  disconnect?(): void;
  on(type: 'message', listener: (message: unknown) => void): unknown;
  on(type: 'disconnect', listener: () => void): unknown;
}

/**
 * Wire over the channel to a forked process, which must be forked with `serialization: 'advanced'`: typed arrays then arrive as
 * they are. Memory cannot be shared over it.
 */
export function processWire(end: ProcessEnd): Wire {
  const listeners = new Listeners();
  end.on('message', (message) => listeners.receive(message));
  end.on('disconnect', () => listeners.end());
  return {
    // What is sent to a process that has just died is lost; `disconnect` tells that it died.
    send: (message) => void (end.connected && end.send?.(message, () => undefined)),
    onMessage: (listener) => listeners.onMessage(listener),
    onClose: (listener) => listeners.onClose(listener),
    close: () => {
      if (end.connected) end.disconnect?.();
      listeners.end();
    },
  };
}

/** A WebSocket of a page or of the `ws` package. */
export interface Socket {
  binaryType: string;
  readonly readyState: number;
  send(data: Uint8Array): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void;
  close(): void;
}

const connecting = 0;
const opened = 1;

/** Wire over a WebSocket. What is sent before it opens waits; a damaged message closes it. */
export function socketWire(socket: Socket): Wire {
  const listeners = new Listeners();
  const waiting: Uint8Array[] = [];
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('open', () => {
    for (const bytes of waiting.splice(0)) socket.send(bytes);
  });
  socket.addEventListener('message', (event) => {
    let message: unknown;
    try {
      if (!(event.data instanceof ArrayBuffer)) throw new TypeError('text on a binary wire');
      message = decodeFrame(new Uint8Array(event.data));
    } catch {
      socket.close();
      return;
    }
    listeners.receive(message);
  });
  socket.addEventListener('close', () => listeners.end());
  // A failed connection is followed by `close`; without a listener Node would end the process.
  socket.addEventListener('error', () => undefined);
  return {
    send: (message) => {
      const bytes = encodeFrame(message);
      if (socket.readyState === opened) socket.send(bytes);
      else if (socket.readyState === connecting) waiting.push(bytes);
    },
    onMessage: (listener) => listeners.onMessage(listener),
    onClose: (listener) => listeners.onClose(listener),
    close: () => socket.close(),
  };
}
