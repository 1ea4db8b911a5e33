import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Experiment } from '#app/experiments/experiment.ts';
import { experimentById } from '#app/experiments/registry.ts';
import type { RunRecord } from '#app/protocol/contract.ts';
import { everything, inStatus, long, refused, start, testServices, until } from '#main/testing/service.ts';
import { small } from '#main/testing/small.ts';
import { describeBackend, listBackends } from '#main/workers/backends.ts';

const { open, close } = testServices();

/** Changes what a stored run says of where it came from. */
function pretend(root: string, run: string, changes: Partial<RunRecord['provenance']>): void {
  const path = join(root, 'runs', run, 'run.json');
  const record = JSON.parse(readFileSync(path, 'utf8')) as RunRecord;
  writeFileSync(path, JSON.stringify({ ...record, provenance: { ...record.provenance, ...changes } }));
}

describe('the backend of a run', () => {
  it('is told, chosen in Settings, or the deterministic one; the run says which, and its build', async () => {
    const { client } = await open();
    const provenanceOf = async (run: string) => (await until(client, run, inStatus('finished'))).provenance;
    const [plain, relaxed] = await Promise.all([describeBackend('wasm'), describeBackend('wasm-relaxed')]);
    expect(await client.call('engine.backends', {})).toMatchObject({ backends: await listBackends(), chosen: 'wasm' });
    expect(await provenanceOf(await start(client))).toMatchObject({ backend: 'wasm', engine: plain.build });
    await client.call('settings.write', { backend: 'wasm-relaxed' });
    expect((await client.call('engine.backends', {})).chosen).toBe('wasm-relaxed');
    expect(await provenanceOf(await start(client))).toMatchObject({ backend: 'wasm-relaxed', engine: relaxed.build });
    expect(await provenanceOf(await start(client, {}, { backend: 'wasm' }))).toMatchObject({ backend: 'wasm', engine: plain.build });
  });

  it('repeats its own bits, which are not those of the other rounding', async () => {
    const { client } = await open(undefined, { size: 2 });
    const parameters = { steps: 400, precision: 'f32' };
    const runs = await Promise.all(
      (['wasm', 'wasm', 'wasm-relaxed', 'wasm-relaxed'] as const).map((backend) => start(client, parameters, { backend })),
    );
    for (const run of runs) await until(client, run, inStatus('finished'));
    const [plain, plainAgain, relaxed, relaxedAgain] = await Promise.all(runs.map((run) => everything(client, run)));
    expect(plainAgain).toEqual(plain);
    expect(relaxedAgain).toEqual(relaxed);
    expect(relaxed).not.toEqual(plain);
    // Both round the same mathematics: what they see at first is the same to single precision.
    const signals = async (run: string) =>
      (await client.call('runs.series', { run, names: ['norm'], fromRow: 0, toRow: 20 })).values.norm as Float64Array;
    const [a, b] = await Promise.all([signals(runs[0]!), signals(runs[2]!)]);
    for (const [i, value] of a.entries()) expect(Math.abs(value - b[i]!)).toBeLessThan(1e-4 * Math.abs(value));
  });

  it('resumes a relaxed run after everything was closed, to the bits of an undisturbed one', async () => {
    const { client, service, root } = await open();
    const options = { backend: 'wasm-relaxed' } as const;
    const whole = await start(client, long, options);
    await until(client, whole, inStatus('finished'));
    const run = await start(client, long, options);
    await until(client, run, (record) => record.step > 500);
    await client.call('runs.stop', { run });
    await close(service);
    const again = await open(root);
    await again.client.call('runs.resume', { run });
    expect(await until(again.client, run, inStatus('finished'))).toMatchObject({ message: null, provenance: options });
    expect(await everything(again.client, run)).toEqual(await everything(again.client, whole));
  });

  it('is kept by a fork, unless that asks for another', async () => {
    const { client } = await open();
    const source = await start(client, { steps: 400 }, { backend: 'wasm-relaxed' });
    await until(client, source, inStatus('finished'));
    const { run: same } = await client.call('runs.fork', { run: source, step: 123, parameters: {} });
    const { run: other } = await client.call('runs.fork', { run: source, step: 123, parameters: {}, backend: 'wasm' });
    expect((await until(client, same, inStatus('finished'))).provenance.backend).toBe('wasm-relaxed');
    expect((await until(client, other, inStatus('finished'))).provenance.backend).toBe('wasm');
    expect(await everything(client, same)).toEqual(await everything(client, source));
    expect(await everything(client, other)).not.toEqual(await everything(client, source));
  });

  it('must be here to resume and to replay, in words; a state that is stored can be forked all the same', async () => {
    const { client, service, root } = await open();
    const run = await start(client, { steps: 400 });
    await until(client, run, inStatus('finished'));
    const going = await start(client, long);
    await until(client, going, (record) => record.step > 200);
    await client.call('runs.stop', { run: going });
    await close(service);
    const missing = (await listBackends()).find(({ state }) => state !== 'ready');
    // Where everything is installed there is a backend of another Lotka that is not.
    const backend = missing?.name ?? 'newer';
    for (const id of [run, going]) pretend(root, id, { backend });
    const again = await open(root);
    const resumed = await refused(again.client.call('runs.resume', { run: going }));
    expect(resumed.message).toContain(`was trained by the backend ${backend} and goes on with no other.`);
    expect(resumed.message).toContain(missing ? missing.why : 'There is no backend');
    expect((await again.client.call('runs.get', { run: going })).record.status).toBe('stopped');
    expect((await refused(again.client.call('runs.fork', { run, step: 1, parameters: {}, backend: 'wasm' }))).message).toContain(
      missing ? missing.why : 'There is no backend',
    );
    if (!missing) return;
    const { run: fork } = await again.client.call('runs.fork', {
      run: going,
      step: (await again.client.call('runs.get', { run: going })).record.step,
      parameters: {},
      backend: 'wasm',
    });
    expect((await until(again.client, fork, inStatus('finished'))).provenance.backend).toBe('wasm');
  });

  it('says so when another build goes on with a run or replays it', async () => {
    const { client, service, root } = await open();
    const run = await start(client, long);
    await until(client, run, (record) => record.step > 500);
    await client.call('runs.stop', { run });
    await close(service);
    pretend(root, run, { engine: '0123456789abcdef' });
    const again = await open(root);
    const { quantities } = await again.client.call('runs.measure', { run, measure: 'subset-losses', options: { step: 7 } });
    expect(quantities.at(-1)).toMatchObject({ id: 'replay', note: expect.stringMatching(/^Replayed by another build/) as string });
    const { run: fork } = await again.client.call('runs.fork', { run, step: 7, parameters: {} });
    expect((await again.client.call('runs.get', { run: fork })).record.message).toMatch(/^Replayed by another build/);
    await again.client.call('runs.stop', { run: fork });
    await again.client.call('runs.resume', { run });
    expect((await until(again.client, run, inStatus('finished', 'running'))).message).toMatch(/with another build of the engine/);
  });
});

describe('a run that cannot be', () => {
  it('is refused when it needs more memory than a run may take, with what would fit', async () => {
    const { client, root } = await open();
    await client.call('settings.write', { runMemory: 16 });
    const parameters = small({ hiddenWidths: [1000, 1000], precision: 'f64' }) as Record<string, never>;
    const begin = (changed = {}) =>
      client.call('runs.start', {
        experiment: 'survival',
        preset: null,
        parameters: { ...parameters, ...changed } as Record<string, never>,
      });
    const error = await refused(begin());
    expect(error.code).toBe('bad-input');
    const fitting = /^This run needs \d+ MB of memory \(.*\) and may take 17 MB; hiddenWidths = (\d+),(\d+) would fit, or allow/.exec(
      error.message,
    );
    expect(fitting).not.toBeNull();
    const { run } = await begin({ hiddenWidths: fitting!.slice(1).map(Number) });
    await client.call('runs.stop', { run });
    await client.call('settings.write', { runMemory: 1024 });
    await client.call('runs.stop', { run: (await begin()).run });
    expect(root).not.toBe('');
  });
});

describe('what is watched first', () => {
  it('takes the worker of a claim, which goes on later to the same bits', async () => {
    const claimed = small(long);
    const experiment: Experiment = {
      ...experimentById('survival'),
      claims: [{ id: 'tiny', statement: 'A claim.', source: '', how: '', plan: () => [claimed], check: () => expect.unreachable() }],
    };
    const { client, service } = await open(undefined, { experimentById: () => experiment });
    const whole = await start(client, { ...long, splitSeed: small(long).splitSeed }, { backend: 'wasm' });
    await until(client, whole, inStatus('finished'));
    await client.call('runs.delete', { run: whole });
    const leaving = new AbortController();
    const checking = (async () => {
      for await (const item of client.stream('claims.check', { experiment: 'survival', claims: ['tiny'] }, { signal: leaving.signal }))
        if (item.fraction >= 0.9) return;
    })();
    const listed = async () => (await client.call('runs.list', {})).runs;
    while ((await listed())[0]?.status !== 'running') await new Promise((resolve) => setTimeout(resolve, 5));
    const claim = (await listed())[0]!.id;
    const mine = await start(client, { steps: 3000, mlpSeed: 5 });
    // Nobody looks yet: a claim that trains is not disturbed.
    expect((await client.call('runs.get', { run: mine })).record.status).toBe('queued');
    const seen: string[] = [];
    for await (const { record } of client.stream('runs.watch', { run: mine })) {
      seen.push((await client.call('runs.get', { run: claim })).record.status);
      if (record.status === 'finished') break;
    }
    expect(seen).toContain('queued');
    expect(await until(client, claim, inStatus('finished'))).toMatchObject({ status: 'finished', message: null });
    await checking;
    await client.call('runs.restore', { run: whole });
    expect(await everything(client, claim)).toEqual(await everything(client, whole));
    expect(service.runs.record(claim).provenance.backend).toBe('wasm');
    leaving.abort();
  });
});

it('lets a claim check be left within 100 ms', async () => {
  const experiment: Experiment = {
    ...experimentById('survival'),
    claims: [
      {
        id: 'tiny',
        statement: 'A claim.',
        source: '',
        how: '',
        plan: () => [small({ steps: 100_000 })],
        check: () => expect.unreachable(),
      },
    ],
  };
  const { client } = await open(undefined, { experimentById: () => experiment });
  const leaving = new AbortController();
  let asked = 0;
  for await (const { fraction } of client.stream('claims.check', { experiment: 'survival' }, { signal: leaving.signal })) {
    expect(fraction).toBeLessThan(1);
    asked = performance.now();
    leaving.abort();
  }
  const [record] = (await client.call('runs.list', {})).runs;
  await until(client, record!.id, inStatus('stopped'));
  expect(performance.now() - asked).toBeLessThan(process.env.LOTKA_STRICT_TIMES ? 150 : 1000);
});
