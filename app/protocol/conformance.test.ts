import { spawn, type Serializable } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MessageChannel } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import { connect } from './client.ts';
import { array } from './array.ts';
import { call, defineContract, stream, type Handlers, type Wire } from './define.ts';
import { LotkaError } from './errors.ts';
import { serve } from './server.ts';
import { memoryWires, portWire, processWire, socketWire, type EventPort, type ProcessEnd, type Socket } from './wires.ts';

const contract = defineContract({
  echo: call({ input: z.object({ value: z.unknown() }), output: z.object({ value: z.unknown() }) }),
  scale: call({ input: z.object({ by: z.number().max(10), values: array() }), output: z.object({ values: array() }) }),
  fail: call({ input: z.object({ how: z.enum(['known', 'unknown']) }), output: z.object({}) }),
  lie: call({ input: z.object({}), output: z.object({ count: z.number() }) }),
  hang: call({ input: z.object({}), output: z.object({}) }),
  count: stream({ input: z.object({ to: z.number() }), item: z.object({ n: z.number() }), whenSlow: 'all' }),
  newest: stream({ input: z.object({ to: z.number() }), item: z.object({ n: z.number() }), whenSlow: 'latest' }),
  merged: stream({ input: z.object({}), item: z.object({ from: z.number(), to: z.number() }), whenSlow: 'merge' }),
  breaks: stream({ input: z.object({}), item: z.object({ n: z.number() }), whenSlow: 'all' }),
});

const turn = () => new Promise<void>((resolve) => setTimeout(resolve, 5));

/** Handlers that note what they saw, for the assertions. */
function makeHandlers() {
  const seen = { hangAborted: false, produced: 0, streamClosed: false, time: 0 };
  const handlers: Handlers<typeof contract> = {
    echo: ({ value }) => ({ value }),
    scale: ({ by, values }) => ({ values: Float64Array.from(values, (x) => x * by) }),
    fail: ({ how }) => {
      throw how === 'known' ? new LotkaError('not-found', 'There is no such run.') : new Error('inner');
    },
    lie: () => ({ count: 'three' }) as unknown as { count: number },
    hang: (_input, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          seen.hangAborted = true;
          reject(new LotkaError('cancelled', 'stopped'));
        });
      }),
    async *count({ to }) {
      try {
        for (let n = 0; n < to; n++) {
          seen.produced = n + 1;
          yield { n };
        }
      } finally {
        seen.streamClosed = true;
      }
    },
    async *newest({ to }) {
      for (let n = 0; n < to; n++) {
        if (n % 10 === 0) await turn();
        yield { n };
      }
    },
    async *merged(_input, { signal }) {
      let taken = 0;
      while (!signal.aborted) {
        while (seen.time === taken && !signal.aborted) await turn();
        const from = taken;
        taken = seen.time;
        yield { from, to: taken };
      }
    },
    async *breaks() {
      yield { n: 1 };
      throw new LotkaError('disk-full', 'The disk is full.');
    },
  };
  return { handlers, seen };
}

interface Pair {
  client: Wire;
  server: Wire;
  /** Breaks the wire as a crash of the server would. */
  cut(): void;
}

const kinds: Record<string, () => Promise<Pair>> = {
  'memory pair': async () => {
    const [client, server] = memoryWires();
    return { client, server, cut: () => server.close() };
  },
  'worker port': async () => {
    const { port1, port2 } = new MessageChannel();
    const server = portWire(port2 as unknown as EventPort);
    return { client: portWire(port1 as unknown as EventPort), server, cut: () => port2.close() };
  },
  'forked process': async () => {
    // Both ends of the protocol are here, so the child sends back what it gets, and disconnects when told so by an empty message.
    const relay = "process.on('message', (message) => (message === null ? process.disconnect() : process.send(message)))";
    const child = spawn(process.execPath, ['-e', relay], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      serialization: 'advanced',
    });
    closers.push(() => child.kill());
    const end = (mine: string): ProcessEnd => ({
      get connected() {
        return child.connected;
      },
      send: (message, sent) => child.send([mine, message] as unknown as Serializable, sent),
      disconnect: () => child.send(null as unknown as Serializable, () => undefined),
      on: (type: 'message' | 'disconnect', listener: (message: unknown) => void) =>
        child.on(type, (received: [string, unknown]) => {
          if (type === 'disconnect') listener(undefined);
          else if (received[0] !== mine) listener(received[1]);
        }),
    });
    return { client: processWire(end('client')), server: processWire(end('server')), cut: () => child.kill('SIGKILL') };
  },
  WebSocket: async () => {
    const http = createServer();
    const sockets = new WebSocketServer({ server: http });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const connection = once(sockets, 'connection') as Promise<[WebSocket]>;
    const client = socketWire(new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`) as unknown as Socket);
    const [socket] = await connection;
    closers.push(() => {
      sockets.close();
      http.close();
    });
    return { client, server: socketWire(socket as unknown as Socket), cut: () => socket.terminate() };
  },
};

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function open(kind: string) {
  const pair = await kinds[kind]!();
  const { handlers, seen } = makeHandlers();
  const faults: unknown[] = [];
  serve(pair.server, contract, handlers, { onFault: (error) => faults.push(error) });
  const client = connect(pair.client, contract);
  closers.push(() => client.close());
  return { client, seen, faults, cut: pair.cut };
}

const rejection = async (promise: Promise<unknown>): Promise<LotkaError> => {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LotkaError);
  return error as LotkaError;
};

describe.each(Object.keys(kinds))('the protocol over a %s', (kind) => {
  it('answers calls, many at once, in any order', async () => {
    const { client } = await open(kind);
    const answers = await Promise.all(Array.from({ length: 50 }, (_, value) => client.call('echo', { value })));
    expect(answers.map((answer) => answer.value)).toEqual(Array.from({ length: 50 }, (_, value) => value));
  });

  it('carries typed arrays as such, with every bit', async () => {
    const { client } = await open(kind);
    const values = Float64Array.of(1 / 3, NaN, -Infinity, -0, Number.MIN_VALUE);
    const sent = {
      f64: values,
      f32: Float32Array.of(0.1, 2),
      i32: Int32Array.of(-5),
      u8: Uint8Array.of(1, 2, 255),
      deep: [{ empty: new Float64Array(0) }],
    };
    const { value } = await client.call('echo', { value: sent });
    expect(value).toEqual(sent);
    expect((await client.call('scale', { by: 2, values: Float64Array.of(1, 2, 3) })).values).toEqual(Float64Array.of(2, 4, 6));
  });

  it('carries numbers that JSON cannot write', async () => {
    const { client } = await open(kind);
    const value = [NaN, Infinity, -Infinity, -0, 0, { $: 'NaN' }, { $: { $: 1 } }, { __proto__x: null }];
    expect((await client.call('echo', { value })).value).toEqual(value);
  });

  it('refuses bad input with a sentence and never calls the handler', async () => {
    const { client } = await open(kind);
    const error = await rejection(client.call('scale', { by: 11, values: Float64Array.of(1) }));
    expect(error.code).toBe('bad-input');
    expect(error.message).toContain('by');
    const unknownName = await rejection(
      (client as unknown as { call(name: string, input: unknown): Promise<unknown> }).call('toString', {}),
    );
    expect(unknownName.code).toBe('internal');
  });

  it('passes known errors on as they are and hides nothing of unknown ones but the stack', async () => {
    const { client, faults } = await open(kind);
    const known = await rejection(client.call('fail', { how: 'known' }));
    expect([known.code, known.message]).toEqual(['not-found', 'There is no such run.']);
    const unknown = await rejection(client.call('fail', { how: 'unknown' }));
    expect(unknown.code).toBe('internal');
    expect(faults).toHaveLength(1);
    expect((await rejection(client.call('lie', {}))).code).toBe('internal');
  });

  it('gives every item of an `all` stream, but produces no further than the credit', async () => {
    const { client, seen } = await open(kind);
    const got: number[] = [];
    for await (const { n } of client.stream('count', { to: 40 })) {
      got.push(n);
      await turn();
      expect(seen.produced).toBeLessThanOrEqual(n + 3);
    }
    expect(got).toEqual(Array.from({ length: 40 }, (_, n) => n));
  });

  it('skips to the newest item of a `latest` stream', async () => {
    const { client } = await open(kind);
    const got: number[] = [];
    for await (const { n } of client.stream('newest', { to: 400 })) {
      got.push(n);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    expect(got.length).toBeLessThan(100);
    expect(got.at(-1)).toBe(399);
    expect([...got].sort((a, b) => a - b)).toEqual(got);
  });

  it('merges what a slow client of a `merge` stream missed, without gaps', async () => {
    const { client, seen } = await open(kind);
    const clock = setInterval(() => seen.time++, 1);
    let end = 0;
    let items = 0;
    for await (const { from, to } of client.stream('merged', {})) {
      expect(from).toBe(end);
      end = to;
      items++;
      if (end > 60) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    clearInterval(clock);
    expect(items).toBeLessThan(20);
  });

  it('ends the producer when the consumer leaves or aborts', async () => {
    const { client, seen } = await open(kind);
    for await (const { n } of client.stream('count', { to: 1e9 })) if (n === 5) break;
    for (let i = 0; i < 100 && !seen.streamClosed; i++) await turn();
    expect(seen.streamClosed).toBe(true);

    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    for await (const _ of client.stream('merged', {}, { signal: controller.signal })) throw new Error('nothing was produced');
  });

  it('ends a stream with its error', async () => {
    const { client } = await open(kind);
    const got: number[] = [];
    const error = await rejection(
      (async () => {
        for await (const { n } of client.stream('breaks', {})) got.push(n);
      })(),
    );
    expect(got).toEqual([1]);
    expect(error.code).toBe('disk-full');
  });

  it('cancels a call', async () => {
    const { client, seen } = await open(kind);
    const controller = new AbortController();
    const pending = rejection(client.call('hang', {}, { signal: controller.signal }));
    await turn();
    controller.abort();
    expect((await pending).code).toBe('cancelled');
    for (let i = 0; i < 100 && !seen.hangAborted; i++) await turn();
    expect(seen.hangAborted).toBe(true);
  });

  it('rejects everything pending when the wire is lost, tells the listener, and refuses afterwards', async () => {
    const { client, cut, seen } = await open(kind);
    let told = 0;
    client.onClose(() => told++);
    const call = rejection(client.call('hang', {}));
    const items = rejection(
      (async () => {
        for await (const _ of client.stream('merged', {})) break;
      })(),
    );
    await client.call('echo', { value: 1 });
    cut();
    expect((await call).code).toBe('closed');
    expect((await items).code).toBe('closed');
    expect(told).toBe(1);
    expect((await rejection(client.call('echo', { value: 1 }))).code).toBe('closed');
    for (let i = 0; i < 100 && !seen.hangAborted; i++) await turn();
    expect(seen.hangAborted).toBe(true);
  });

  it.each([
    [1, 2],
    [2, 1],
  ])('refuses version %i against %i with one sentence on both sides', async (clientVersion, serverVersion) => {
    const pair = await kinds[kind]!();
    serve(pair.server, contract, makeHandlers().handlers, { version: serverVersion });
    const client = connect(pair.client, contract, clientVersion);
    const error = await rejection(client.call('echo', { value: 1 }));
    expect(error.code).toBe('unavailable');
    expect(error.message).toMatch(/version 1.*2|version 2.*1/);
    expect(error.message).toContain('restart Lotka');
  });

  it('survives garbage from a client', async () => {
    const pair = await kinds[kind]!();
    serve(pair.server, contract, makeHandlers().handlers);
    for (const garbage of [null, 7, 'x', [], {}, { kind: 'call' }, { kind: 'credit', id: -1, count: NaN }]) pair.client.send(garbage);
    const client = connect(pair.client, contract);
    expect((await client.call('echo', { value: 'still here' })).value).toBe('still here');
    client.close();
  });
});
