import { protocolVersion } from './contract.ts';
import type { CallDefinition, ContractDefinition, Handlers, StreamDefinition, Wire } from './define.ts';
import { LotkaError } from './errors.ts';
import { asClientMessage, versionSentence, type ErrorMessage, type ServerMessage } from './messages.ts';

type Handler = (input: unknown, context: { signal: AbortSignal }) => unknown;

interface OpenStream {
  grant(count: number): void;
  readonly controller: AbortController;
}

export interface ServeOptions {
  /** What this side speaks; clients that say otherwise are refused with a sentence. */
  readonly version?: number;
  /** Told of every error that is a fault of the program rather than of the request. */
  readonly onFault?: (error: unknown, name: string) => void;
}

/**
 * Answers a contract over a wire until it closes. Inputs are checked here; a failing handler always answers with a
 * code and a sentence. Streams are pulled only while the client has credit (`all`, `merge`); for `latest` the handler
 * runs freely and the client gets the newest item.
 */
export function serve<C extends ContractDefinition>(wire: Wire, contract: C, handlers: Handlers<C>, options: ServeOptions = {}): void {
  const version = options.version ?? protocolVersion;
  const calls = new Map<number, AbortController>();
  const streams = new Map<number, OpenStream>();
  let state: 'new' | 'open' | 'closed' = 'new';

  const send = (message: ServerMessage): void => {
    if (state !== 'closed') wire.send(message);
  };
  const fail = (id: number, name: string, error: unknown): void => {
    if (!(error instanceof LotkaError)) options.onFault?.(error, name);
    send({ kind: 'error', id, error: errorMessage(error) });
  };

  wire.onClose(() => {
    state = 'closed';
    for (const controller of calls.values()) controller.abort();
    for (const open of streams.values()) open.controller.abort();
    calls.clear();
    streams.clear();
  });

  wire.onMessage((received) => {
    const message = asClientMessage(received);
    if (!message || state === 'closed') return;
    if (message.kind === 'hello') {
      if (message.version === version) {
        state = 'open';
        send({ kind: 'hello', version });
      } else {
        refuse(versionSentence(message.version, version));
      }
    } else if (state === 'new') {
      refuse('The first message on a connection to Lotka must be its greeting.');
    } else if (message.kind === 'call') {
      void answerCall(message.id, message.name, message.input);
    } else if (message.kind === 'open') {
      void answerStream(message.id, message.name, message.input, message.credit);
    } else if (message.kind === 'credit') {
      streams.get(message.id)?.grant(message.count);
    } else {
      calls.get(message.id)?.abort();
      streams.get(message.id)?.controller.abort();
    }
  });

  function refuse(sentence: string): void {
    send({ kind: 'refused', error: { code: 'unavailable', message: sentence } });
    state = 'closed';
    wire.close();
  }

  function handlerOf<K extends 'call' | 'stream'>(
    kind: K,
    name: string,
  ): { definition: K extends 'call' ? CallDefinition : StreamDefinition; handler: Handler } {
    const definition = Object.hasOwn(contract, name) ? contract[name] : undefined;
    if (definition?.kind !== kind) throw new LotkaError('bad-input', `Lotka knows no ${kind} "${name}".`);
    return { definition: definition as never, handler: (handlers as unknown as Record<string, Handler>)[name]! };
  }

  async function answerCall(id: number, name: string, input: unknown): Promise<void> {
    const controller = new AbortController();
    calls.set(id, controller);
    try {
      const { definition, handler } = handlerOf('call', name);
      const output = await handler(parseInput(definition.input, input, name), { signal: controller.signal });
      send({ kind: 'result', id, output });
    } catch (error) {
      fail(id, name, error);
    } finally {
      calls.delete(id);
    }
  }

  async function answerStream(id: number, name: string, input: unknown, initialCredit: number): Promise<void> {
    const controller = new AbortController();
    let credit = initialCredit;
    let wake: (() => void) | null = null;
    const rouse = (): void => {
      wake?.();
      wake = null;
    };
    controller.signal.addEventListener('abort', rouse);
    const grant = (count: number): void => {
      credit += count;
      rouse();
    };
    streams.set(id, { grant, controller });
    const untilCredit = async (): Promise<void> => {
      while (credit === 0 && !controller.signal.aborted) await new Promise<void>((resolve) => (wake = resolve));
    };
    const deliver = (item: unknown): void => {
      credit--;
      send({ kind: 'item', id, item });
    };
    try {
      const { definition, handler } = handlerOf('stream', name);
      const source = handler(parseInput(definition.input, input, name), { signal: controller.signal }) as AsyncIterable<unknown>;
      if (definition.whenSlow === 'latest') await pumpLatest(source, untilCredit, deliver, controller.signal);
      else await pullWithCredit(source, untilCredit, deliver, controller.signal);
      if (!controller.signal.aborted) send({ kind: 'end', id });
    } catch (error) {
      if (!controller.signal.aborted) fail(id, name, error);
    } finally {
      streams.delete(id);
    }
  }
}

async function pullWithCredit(
  source: AsyncIterable<unknown>,
  untilCredit: () => Promise<void>,
  deliver: (item: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  const iterator = source[Symbol.asyncIterator]();
  const finished: IteratorResult<unknown> = { done: true, value: undefined };
  let stopWaiting = (): void => undefined;
  signal.addEventListener('abort', () => stopWaiting());
  for (;;) {
    await untilCredit();
    if (signal.aborted) break;
    const next = await new Promise<IteratorResult<unknown>>((resolve, reject) => {
      stopWaiting = () => resolve(finished);
      iterator.next().then(resolve, reject);
    });
    if (next.done || signal.aborted) break;
    deliver(next.value);
  }
  // Not awaited: a generator that waits for something of its own settles when it next looks at its signal.
  if (signal.aborted) iterator.return?.(undefined)?.catch(() => undefined);
}

async function pumpLatest(
  source: AsyncIterable<unknown>,
  untilCredit: () => Promise<void>,
  deliver: (item: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  let newest: { readonly item: unknown } | null = null;
  let sending: Promise<void> = Promise.resolve();
  const drain = async (): Promise<void> => {
    await untilCredit();
    if (newest && !signal.aborted) deliver(newest.item);
    newest = null;
  };
  for await (const item of source) {
    if (signal.aborted) return;
    const idle = newest === null;
    newest = { item };
    if (idle) sending = drain();
  }
  await sending;
}

function parseInput(schema: CallDefinition['input'], input: unknown, name: string): unknown {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const given = issue.path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], input);
  throw new LotkaError('bad-input', `${issue.path.map(String).join('.') || name}${shown(given)} cannot be used: ${issue.message}.`);
}

/** A given value short enough to be read in a sentence. */
const shown = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? ` = ${JSON.stringify(value).slice(0, 80)}` : '';

/** What crosses the wire of an error: a code and a sentence, never a stack. */
export function errorMessage(error: unknown): ErrorMessage {
  if (error instanceof LotkaError) return { code: error.code, message: error.message };
  return { code: 'internal', message: `Something went wrong inside Lotka: ${error instanceof Error ? error.message : String(error)}` };
}
