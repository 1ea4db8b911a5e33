import type { z } from 'zod';
import { protocolVersion } from './contract.ts';
import type { CallOptions, Client, ContractDefinition, StreamOptions, Wire } from './define.ts';
import { LotkaError } from './errors.ts';
import { asServerMessage, defaultCredit, versionSentence, type ClientMessage, type ErrorMessage } from './messages.ts';

interface PendingCall {
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** One stream as the client sees it: items that arrived and nobody took yet, and whoever waits for the next. */
class Inbox {
  readonly items: unknown[] = [];
  ended = false;
  failure: unknown;
  private wake: (() => void) | null = null;

  push(item: unknown): void {
    this.items.push(item);
    this.notify();
  }

  end(failure?: unknown): void {
    if (this.ended) return;
    this.ended = true;
    this.failure = failure;
    this.notify();
  }

  async changed(): Promise<void> {
    if (this.items.length > 0 || this.ended) return;
    await new Promise<void>((resolve) => (this.wake = resolve));
  }

  private notify(): void {
    this.wake?.();
    this.wake = null;
  }
}

const toError = (error: ErrorMessage): LotkaError => new LotkaError(error.code, error.message);

/**
 * The client of a contract over a wire. Inputs are checked by the server, outputs and items here.
 * When the wire closes, everything pending is rejected with `closed` and nothing hangs.
 * @param version What the server must speak; anything else is refused with a sentence.
 */
export function connect<C extends ContractDefinition>(wire: Wire, contract: C, version = protocolVersion): Client<C> {
  const calls = new Map<number, PendingCall>();
  const streams = new Map<number, Inbox>();
  const closeListeners: (() => void)[] = [];
  let nextId = 1;
  let closed: LotkaError | null = null;

  const send = (message: ClientMessage): void => wire.send(message);

  const shutDown = (reason: LotkaError): void => {
    if (closed) return;
    closed = reason;
    for (const pending of calls.values()) pending.reject(reason);
    for (const inbox of streams.values()) inbox.end(reason);
    calls.clear();
    streams.clear();
    for (const listener of closeListeners) listener();
  };

  wire.onClose(() => shutDown(new LotkaError('closed', 'The connection to the Lotka service was lost.')));
  wire.onMessage((received) => {
    const message = asServerMessage(received);
    if (!message) return;
    switch (message.kind) {
      case 'hello':
        if (message.version !== version) refuse(versionSentence(version, message.version));
        break;
      case 'refused':
        refuse(message.error.message);
        break;
      case 'result':
        take(calls, message.id)?.resolve(message.output);
        break;
      case 'error':
        take(calls, message.id)?.reject(toError(message.error));
        take(streams, message.id)?.end(toError(message.error));
        break;
      case 'item':
        streams.get(message.id)?.push(message.item);
        break;
      case 'end':
        take(streams, message.id)?.end();
        break;
    }
  });
  send({ kind: 'hello', version });

  function refuse(sentence: string): void {
    shutDown(new LotkaError('unavailable', sentence));
    wire.close();
  }

  async function call(name: string, input: unknown, options?: CallOptions): Promise<unknown> {
    if (closed) throw closed;
    const definition = contract[name];
    if (definition?.kind !== 'call') throw new LotkaError('internal', `The contract has no call "${name}".`);
    if (options?.signal?.aborted) throw cancelled();
    const id = nextId++;
    const abort = (): void => {
      send({ kind: 'cancel', id });
      take(calls, id)?.reject(cancelled());
    };
    options?.signal?.addEventListener('abort', abort);
    try {
      const output = await new Promise<unknown>((resolve, reject) => {
        calls.set(id, { resolve, reject });
        send({ kind: 'call', id, name, input });
      });
      return parseReceived(definition.output, output, name);
    } finally {
      options?.signal?.removeEventListener('abort', abort);
    }
  }

  async function* stream(name: string, input: unknown, options?: StreamOptions): AsyncGenerator<unknown> {
    if (closed) throw closed;
    const definition = contract[name];
    if (definition?.kind !== 'stream') throw new LotkaError('internal', `The contract has no stream "${name}".`);
    if (options?.signal?.aborted) return;
    const id = nextId++;
    const inbox = new Inbox();
    const abort = (): void => inbox.end();
    options?.signal?.addEventListener('abort', abort);
    streams.set(id, inbox);
    send({ kind: 'open', id, name, input, credit: options?.credit ?? defaultCredit });
    try {
      for (;;) {
        await inbox.changed();
        if (options?.signal?.aborted) return;
        if (inbox.items.length > 0) {
          yield parseReceived(definition.item, inbox.items.shift(), name);
          // Granted only now: the consumer is done with the item, so a slow one slows the producer.
          if (!inbox.ended && !closed) send({ kind: 'credit', id, count: 1 });
        } else {
          if (inbox.failure !== undefined) throw inbox.failure;
          return;
        }
      }
    } finally {
      options?.signal?.removeEventListener('abort', abort);
      if (streams.delete(id) && !closed) send({ kind: 'cancel', id });
    }
  }

  return {
    call,
    stream,
    onClose: (listener) => (closed ? listener() : closeListeners.push(listener)),
    close: () => {
      shutDown(new LotkaError('closed', 'The connection to the Lotka service was closed.'));
      wire.close();
    },
  } as Client<C>;
}

function take<V>(map: Map<number, V>, id: number): V | undefined {
  const value = map.get(id);
  map.delete(id);
  return value;
}

const cancelled = (): LotkaError => new LotkaError('cancelled', 'It was cancelled.');

function parseReceived(schema: z.ZodType, value: unknown, name: string): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new LotkaError(
    'internal',
    `The service answered "${name}" with something unexpected at ${issue.path.join('.') || 'its root'}: ${issue.message}.`,
  );
}
