import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { speedAdvice } from '#app/protocol/speed.ts';
import { small } from '#main/testing/small.ts';
import { everything, inStatus, refused, start, testServices, until } from '#main/testing/service.ts';

const { open, close } = testServices();

const single = { precision: 'f32' };
const tensorflow = { backend: 'tensorflow' } as const;

it('trains a run in a process of its own, to the same bits each time', async () => {
  const { client, workers, service, root } = await open();
  const runs = [await start(client, single, tensorflow), await start(client, single, tensorflow)];
  const records = [];
  for (const run of runs) records.push(await until(client, run, inStatus('finished')));
  expect(records[0]!.provenance).toMatchObject({
    backend: 'tensorflow',
    precision: 'f32',
    engine: expect.stringMatching(/^tfjs-node 4\.22\.0 \/ TensorFlow \d/) as string,
  });
  const [first, second] = await Promise.all(runs.map((run) => everything(client, run)));
  expect(second).toEqual(first);
  expect(workers).toHaveLength(1);
  await close(service);
  const again = await open(root);
  expect((await again.client.call('runs.get', { run: runs[0]! })).record.status).toBe('finished');
});

it('pauses, steps, goes on; measures replay in it, and a fork goes on with the kernels', async () => {
  const { client } = await open();
  const run = await start(client, { ...single, steps: 3000 }, tensorflow);
  await until(client, run, ({ step }) => step > 20);
  await client.call('runs.pause', { run });
  const { step } = await until(client, run, inStatus('paused'));
  await client.call('runs.step', { run, count: 3 });
  await until(client, run, (record) => record.step === step + 3 && record.status === 'paused');
  const { quantities } = await client.call('runs.measure', { run, measure: 'gradient', options: {} });
  expect(quantities.length).toBeGreaterThan(0);
  const { run: fork } = await client.call('runs.fork', { run, step: 10, parameters: { steps: 40 }, backend: 'wasm' });
  expect(await until(client, fork, inStatus('finished'))).toMatchObject({ step: 40, provenance: { backend: 'wasm' } });
  await client.call('runs.stop', { run });
  await until(client, run, inStatus('stopped'));
});

it('a process that dies takes nothing along: its run goes on from the last checkpoint', async () => {
  const { client, workers } = await open();
  const run = await start(client, { ...single, steps: 2000 }, tensorflow);
  await until(client, run, ({ step }) => step > 50);
  // A checkpoint is kept every second.
  await wait(1500);
  workers[0]!.terminate();
  const { message } = await until(client, run, inStatus('interrupted'));
  expect(message).toMatch(/An engine worker ended unexpectedly \(ended by SIGKILL\)/);
  await client.call('runs.resume', { run });
  expect(await until(client, run, inStatus('finished'))).toMatchObject({ step: 2000 });
});

it('refuses f64 before anything is started', async () => {
  const { client, workers } = await open();
  const error = await refused(start(client, { precision: 'f64' }, tensorflow));
  expect(error.message).toContain('The backend tensorflow computes in f32 only');
  expect(workers).toHaveLength(0);
});

it('times every backend on a model in one process, and compares what they compute', async () => {
  const { client, workers } = await open();
  const input = { experiment: 'survival', preset: null, parameters: small(single) as Record<string, never>, seconds: 0.3 };
  const items = [];
  for await (const item of client.stream('engine.measure', input)) items.push(item);
  const { result } = items.at(-1)!;
  expect(items.map(({ fraction }) => fraction)).toEqual(items.map(({ fraction }) => fraction).toSorted((a, b) => a - b));
  expect(result!.backends.map(({ name }) => name)).toEqual(['wasm', 'wasm-relaxed', 'tensorflow']);
  for (const { stepsPerSecond, range, bursts, difference, leftOut } of result!.backends) {
    expect(leftOut).toBeNull();
    expect(stepsPerSecond).toBeGreaterThan(0);
    expect(range![0]).toBeLessThanOrEqual(range![1]);
    expect(bursts).toBeGreaterThanOrEqual(3);
    expect(difference).toBeLessThan(1e-4);
  }
  expect(speedAdvice(result!).words).toContain('TensorFlow');
  expect(workers).toHaveLength(1);
});

it('leaves TensorFlow out of a model in f64, saying why, and can be stopped', async () => {
  const { client } = await open();
  const input = { experiment: 'survival', preset: null, parameters: small() as Record<string, never>, seconds: 0.1 };
  let result = null;
  for await (const item of client.stream('engine.measure', input)) result = item.result;
  expect(result!.backends.at(-1)).toMatchObject({ stepsPerSecond: null, leftOut: expect.stringContaining('in f32 only') as string });
  const stop = new AbortController();
  let seen = 0;
  for await (const { fraction } of client.stream('engine.measure', { ...input, seconds: 30 }, { signal: stop.signal })) {
    seen = fraction;
    if (seen > 0) stop.abort();
  }
  expect(seen).toBeLessThan(1);
});
