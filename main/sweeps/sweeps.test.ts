import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { experimentById } from '#app/experiments/registry.ts';
import type { Contract } from '#app/protocol/contract.ts';
import type { Client } from '#app/protocol/define.ts';
import type { SweepDefinition, SweepPlace, SweepRecord, TrialResult } from '#app/protocol/sweep.ts';
import { finiteOutcomes } from '#app/runs/record.ts';
import { diskFiles, type Files } from '#main/store/files.ts';
import { freePort } from '#main/testing/daemons.ts';
import { refused, testServices, until, inStatus } from '#main/testing/service.ts';
import { temporaryFolder } from '#main/testing/temporary.ts';

const { open, close } = testServices();

const tiny = { modulus: 7, embeddingWidth: 6, hiddenWidths: [8], steps: 60, precision: 'f64' };

const definition = (changes: Partial<SweepDefinition> = {}, parameters: SweepDefinition['parameters'] = {}): SweepDefinition => ({
  name: 'learning rate and weight decay',
  experiment: 'survival',
  preset: null,
  parameters: { ...tiny, ...parameters },
  backend: 'wasm',
  axes: [
    { kind: 'range', parameter: 'learningRate', scale: 'log', from: 1e-3, to: 1e-1, count: 4 },
    { kind: 'range', parameter: 'weightDecay', scale: 'linear', from: 0, to: 1, count: 3 },
  ],
  sampling: { kind: 'grid' },
  seeds: { parameters: ['embeddingSeed', 'mlpSeed'], first: 5, count: 2 },
  keep: 'outcomes',
  ...changes,
});

const start = async (client: Client<Contract>, given = definition()): Promise<string> =>
  (await client.call('sweeps.start', { definition: given })).sweep;

/** The first record, as the sweep is watched, for which something holds, and all results that were told until then. */
async function follow(
  client: Client<Contract>,
  sweep: string,
  reached: (record: SweepRecord) => boolean = ({ status }) => status !== 'running',
): Promise<{ record: SweepRecord; told: TrialResult[] }> {
  const told: TrialResult[] = [];
  for await (const { record, results } of client.stream('sweeps.watch', { sweep })) {
    told.push(...results);
    if (reached(record)) return { record, told };
  }
  throw new Error('the stream ended');
}

const resultsOf = async (client: Client<Contract>, sweep: string): Promise<TrialResult[]> =>
  (await client.call('sweeps.results', { sweep })).results;

/** What is the same whoever trained it. */
const bitsOf = async (client: Client<Contract>, sweep: string): Promise<unknown[]> =>
  (await resultsOf(client, sweep)).map(({ point, seed, state, outcomes, step, message }) => ({
    point,
    seed,
    state,
    outcomes,
    step,
    message,
  }));

describe('a sweep', () => {
  it('trains every point with every seed, tells each result once, and keeps them', async () => {
    const { client, service, root } = await open(undefined, { size: 2 });
    const sweep = await start(client);
    const { record, told } = await follow(client, sweep);
    expect(record).toMatchObject({ status: 'finished', planned: 24, done: 24, failed: 0, diverged: 0, message: null });
    expect(record.trainingSeconds).toBeGreaterThan(0);
    expect(told).toHaveLength(24);
    const results = await resultsOf(client, sweep);
    expect(results.map(({ point, seed }) => [point, seed])).toEqual(Array.from({ length: 24 }, (_, i) => [Math.floor(i / 2), i % 2]));
    const bits = await bitsOf(client, sweep);

    // A trial is what a run with its parameters comes to.
    const { run } = await client.call('sweeps.openTrial', { sweep, trial: { point: 5, seed: 1 } });
    const ended = await until(client, run, inStatus('finished'));
    expect(ended.parameters).toMatchObject({ ...tiny, weightDecay: 0.5, embeddingSeed: 6, mlpSeed: 6 });
    expect(ended.parameters.learningRate).toBeCloseTo(1e-3 * 100 ** (1 / 3), 12);
    const survival = experimentById('survival');
    expect(finiteOutcomes(survival.outcomesOf(service.runs.recorded(run)))).toEqual(results[11]!.outcomes);
    expect((await client.call('sweeps.openTrial', { sweep, trial: { point: 5, seed: 1 } })).run).toBe(run);

    await close(service);
    const again = await open(root);
    expect((await again.client.call('sweeps.list', {})).sweeps).toEqual([record]);
    expect(await bitsOf(again.client, sweep)).toEqual(bits);
    expect((await refused(again.client.call('sweeps.resume', { sweep }))).message).toBe(`Sweep ${sweep} has all its results.`);
  });

  it('pauses, is interrupted by the end of the service, and comes to the same map', async () => {
    const long = definition({}, { steps: 1500 });
    const whole = await open(undefined, { size: 2 });
    const undisturbed = await start(whole.client, long);
    await follow(whole.client, undisturbed);
    const expected = await bitsOf(whole.client, undisturbed);

    const { client, service, root } = await open();
    const sweep = await start(client, long);
    await follow(client, sweep, ({ done }) => done >= 3);
    await client.call('sweeps.pause', { sweep });
    const paused = await client.call('sweeps.get', { sweep });
    expect(paused.status).toBe('paused');
    expect(paused.done).toBeLessThan(24);
    expect((await refused(client.call('sweeps.pause', { sweep }))).code).toBe('conflict');
    await client.call('sweeps.resume', { sweep });
    await follow(client, sweep, ({ done }) => done > paused.done + 2);
    await close(service);

    const again = await open(root, { size: 2 });
    const interrupted = await again.client.call('sweeps.get', { sweep });
    expect(interrupted).toMatchObject({
      status: 'interrupted',
      message: 'Lotka was closed while this sweep was training; resume trains what is missing.',
    });
    expect(interrupted.done).toBeGreaterThan(paused.done);
    await again.client.call('sweeps.resume', { sweep });
    expect((await follow(again.client, sweep)).record).toMatchObject({ status: 'finished', message: null });
    expect(await bitsOf(again.client, sweep)).toEqual(expected);
    // Nothing was trained twice that had been recorded.
    const lines = readFileSync(join(root, 'sweeps', sweep, 'results.jsonl'), 'utf8')
      .trim()
      .split('\n');
    expect(lines).toHaveLength(24);
  });

  it('takes further seeds while it trains and afterwards', async () => {
    const { client } = await open();
    const sweep = await start(client, definition({ seeds: { parameters: ['mlpSeed'], first: 0, count: 1 } }));
    await client.call('sweeps.addSeeds', { sweep, count: 1 });
    expect((await follow(client, sweep)).record).toMatchObject({ planned: 24, done: 24 });
    const before = await bitsOf(client, sweep);
    await client.call('sweeps.addSeeds', { sweep, count: 2 });
    expect((await follow(client, sweep)).record).toMatchObject({ status: 'finished', planned: 48, done: 48 });
    expect((await bitsOf(client, sweep)).filter((result) => (result as TrialResult).seed < 2)).toEqual(before);
  });

  it('takes points between those of a region, while it trains and afterwards', async () => {
    const { client } = await open();
    const sweep = await start(client, definition({}, { steps: 300 }));
    const region = { learningRate: [1e-3, 6e-3], weightDecay: [0, 0.5] } as Record<string, [number, number]>;
    const { added } = await client.call('sweeps.refine', { sweep, region });
    // Between two values of each axis there is one more: 3 x 3 places, of which 4 were there.
    expect(added).toBe(5);
    expect((await follow(client, sweep)).record).toMatchObject({ status: 'finished', planned: 34, done: 34 });
    const again = await client.call('sweeps.refine', { sweep, region: { learningRate: [1e-3, 6e-3], weightDecay: [0, 0.5] } });
    expect(again.added).toBeGreaterThan(5);
    const { record } = await follow(client, sweep);
    expect(record).toMatchObject({ status: 'finished', planned: 34 + 2 * again.added });
    expect(record.added).toHaveLength(5 + again.added);
    const { run } = await client.call('sweeps.openTrial', { sweep, trial: { point: 12, seed: 0 } });
    expect((await client.call('runs.get', { run })).record.parameters).toMatchObject(record.added[0]!);
  });

  it('trains an adaptive sweep in rounds, stops when no boundary is left, and picks up in the middle', async () => {
    const { client, service, root } = await open(undefined, { size: 2 });
    const given = definition({
      axes: [
        { kind: 'range', parameter: 'learningRate', scale: 'log', from: 1e-3, to: 1e-1, count: 9 },
        { kind: 'range', parameter: 'weightDecay', scale: 'linear', from: 0, to: 1, count: 9 },
      ],
      sampling: { kind: 'adaptive', stride: 4, outcome: 'testAccuracy' },
      seeds: { parameters: ['mlpSeed'], first: 0, count: 1 },
    });
    const whole = await start(client, given);
    const { record } = await follow(client, whole);
    expect(record.status).toBe('finished');
    expect(record.planned).toBeGreaterThan(9);
    expect(record.done).toBe(record.planned);
    const expected = await bitsOf(client, whole);

    const sweep = await start(client, given);
    await follow(client, sweep, ({ done }) => done >= 9);
    await close(service);
    const again = await open(root);
    if ((await again.client.call('sweeps.get', { sweep })).status !== 'finished') {
      await again.client.call('sweeps.resume', { sweep });
      await follow(again.client, sweep);
    }
    expect(await bitsOf(again.client, sweep)).toEqual(expected);
  });

  it('exports its map as a figure and as a table, the same bytes each time', async () => {
    const { client } = await open();
    const sweep = await start(client);
    await follow(client, sweep);
    const request = { sweep, outcome: 'testAccuracy' } as const;
    for (const format of ['svg', 'png', 'csv'] as const) {
      const file = await client.call('export.map', { ...request, format });
      expect(file.name).toBe(`${sweep}-testAccuracy.${format}`);
      expect((await client.call('export.map', { ...request, format })).bytes).toEqual(file.bytes);
      if (format === 'png') continue;
      const text = new TextDecoder().decode(file.bytes);
      expect(text).toContain(sweep);
      expect(text).toContain(format === 'csv' ? '# axis learningRate=0.001..0.1:4:log' : '"steps":60');
    }
    expect((await refused(client.call('export.map', { ...request, outcome: 'nothing', format: 'svg' }))).message).toMatch(
      /no outcome "nothing"/,
    );
    expect((await refused(client.call('export.map', { ...request, overlay: 'nothing', format: 'svg' }))).message).toMatch(
      /no published map "nothing"/,
    );
  });

  it('records what diverges as a result', async () => {
    const { client } = await open();
    const sweep = await start(
      client,
      definition({
        axes: [{ kind: 'list', parameter: 'learningRate', values: [0.01, 10] }],
        parameters: { ...tiny, precision: 'f32', weightDecay: 10, steps: 2000 },
        seeds: { parameters: ['mlpSeed'], first: 0, count: 1 },
      }),
    );
    expect((await follow(client, sweep)).record).toMatchObject({ status: 'finished', done: 2, diverged: 1, failed: 0 });
    expect((await resultsOf(client, sweep))[1]).toMatchObject({
      state: 'diverged',
      message: expect.stringMatching(/^Training diverged at step/) as string,
    });
    expect((await refused(client.call('sweeps.retry', { sweep }))).message).toBe(`No trial of sweep ${sweep} failed.`);
  });

  it('says why trials failed, and trains them again when told to', async () => {
    const { client } = await open();
    const large = definition(
      { axes: [{ kind: 'list', parameter: 'weightDecay', values: [0, 0.5, 1] }], seeds: { parameters: ['mlpSeed'], first: 0, count: 1 } },
      { hiddenWidths: [900, 900], steps: 30 },
    );
    const sweep = await start(client, large);
    await follow(client, sweep, ({ done }) => done > 0);
    await client.call('sweeps.pause', { sweep });
    const { done } = await client.call('sweeps.get', { sweep });
    expect(done).toBeLessThan(3);
    await client.call('settings.write', { runMemory: 16 });
    await client.call('sweeps.resume', { sweep });
    expect((await follow(client, sweep)).record).toMatchObject({ status: 'finished', done: 3, failed: 3 - done });
    expect((await resultsOf(client, sweep)).at(-1)).toMatchObject({
      state: 'failed',
      attempt: 1,
      message: expect.stringMatching(/^This run needs \d+ MB of memory .* and may take 17 MB/) as string,
    });
    expect((await refused(client.call('sweeps.resume', { sweep }))).message).toMatch(
      /has nothing left to train but \d failed trials?; retry them/,
    );
    await client.call('settings.write', { runMemory: 1000 });
    await client.call('sweeps.retry', { sweep });
    expect((await follow(client, sweep)).record).toMatchObject({ status: 'finished', done: 3, failed: 0 });
    expect((await resultsOf(client, sweep)).at(-1)).toMatchObject({ state: 'finished', attempt: 2, message: null });
  });

  it('keeps trials as runs, and writes none twice', async () => {
    const { client, service, root } = await open();
    const given = definition({ keep: 'runs', axes: [{ kind: 'list', parameter: 'weightDecay', values: [0, 1] }] });
    const sweep = await start(client, given);
    await follow(client, sweep);
    const results = await resultsOf(client, sweep);
    expect(results.map(({ run }) => run)).toEqual([0, 1, 2, 3].map((i) => `${sweep}-p${i >> 1}-s${i % 2}`));
    const { runs } = await client.call('runs.list', {});
    expect(runs).toHaveLength(4);
    const { run } = await client.call('sweeps.openTrial', { sweep, trial: { point: 1, seed: 0 } });
    expect(run).toBe(results[2]!.run);
    // The very run that would have been trained by itself.
    const { parameters } = await client.call('runs.get', { run }).then(({ record }) => record);
    const own = (await client.call('runs.start', { experiment: 'survival', preset: null, parameters })).run;
    await until(client, own, inStatus('finished'));
    const [kept, trained] = [service.runs.recorded(run), service.runs.recorded(own)];
    expect(kept.steps).toBe(60);
    for (const { name } of kept.seriesInfo) expect(kept.series(name).values).toEqual(trained.series(name).values);
    expect(kept.frameSteps('embedding')).toEqual(trained.frameSteps('embedding'));
    expect((await client.call('runs.get', { run })).record).toMatchObject({ status: 'finished', step: 60, steps: 60 });
    // Other measures replay it from its checkpoint.
    const { run: fork } = await client.call('runs.fork', { run, step: 30, parameters: {} });
    await until(client, fork, inStatus('finished'));
    await close(service);
    const again = await open(root);
    expect((await again.client.call('runs.list', { search: sweep })).runs.filter(({ status }) => status !== 'finished')).toEqual([]);
  });

  it('can be renamed, deleted and brought back', async () => {
    const { client } = await open();
    const sweep = await start(client, definition({}, { steps: 5000 }));
    await follow(client, sweep, ({ done }) => done > 0);
    await client.call('sweeps.rename', { sweep, name: 'another name' });
    await client.call('sweeps.delete', { sweep });
    expect((await client.call('sweeps.list', {})).sweeps).toEqual([]);
    expect((await refused(client.call('sweeps.get', { sweep }))).code).toBe('not-found');
    expect((await refused(client.call('sweeps.resume', { sweep }))).code).toBe('not-found');
    await client.call('sweeps.restore', { sweep });
    expect((await client.call('sweeps.get', { sweep })).definition.name).toBe('another name');
    expect((await client.call('sweeps.get', { sweep })).status).toBe('paused');
    expect((await resultsOf(client, sweep)).length).toBeGreaterThan(0);
    await client.call('sweeps.delete', { sweep });
    expect(await client.call('runs.trash', {})).toMatchObject({ runs: 0, sweeps: 1 });
    await client.call('runs.emptyTrash', {});
    expect(await client.call('runs.trash', {})).toEqual({ runs: 0, sweeps: 0, datasets: 0, bytes: 0 });
    expect((await refused(client.call('sweeps.restore', { sweep }))).code).toBe('not-found');
    expect((await refused(client.call('sweeps.restore', { sweep: 'sweep-nothing' }))).message).toMatch(
      /no sweep "sweep-nothing" in the trash/,
    );
  });
});

describe('the folder of a sweep', () => {
  it('gives up a torn line, and what is no line, and nothing else', async () => {
    const { client, service, root } = await open();
    const sweep = await start(client);
    await follow(client, sweep);
    const expected = await bitsOf(client, sweep);
    await close(service);
    const path = join(root, 'sweeps', sweep, 'results.jsonl');
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    lines[4] = '{"point": 1, nonsense';
    writeFileSync(path, `${lines.slice(0, 20).join('\n')}\n${lines[20]!.slice(0, 50)}`);
    const again = await open(root);
    expect(await resultsOf(again.client, sweep)).toHaveLength(19);
    await again.client.call('sweeps.resume', { sweep });
    await follow(again.client, sweep);
    expect(await bitsOf(again.client, sweep)).toEqual(expected);
  });

  it('is refused when a newer Lotka wrote it, or when it is damaged, with a sentence, and the others are there', async () => {
    const { client, service, root } = await open();
    const [newer, damaged, whole] = [await start(client), await start(client), await start(client)];
    for (const sweep of [newer, damaged, whole]) await follow(client, sweep);
    await close(service);
    const path = join(root, 'sweeps', newer, 'sweep.json');
    writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, 'utf8')) as object), format: 2 }));
    writeFileSync(join(root, 'sweeps', damaged, 'sweep.json'), '{');
    const again = await open(root);
    const { sweeps } = await again.client.call('sweeps.list', {});
    expect(sweeps.map(({ id, status }) => [id, status]).sort()).toEqual(
      [
        [newer, 'failed'],
        [damaged, 'failed'],
        [whole, 'finished'],
      ].sort(),
    );
    expect((await refused(again.client.call('sweeps.results', { sweep: newer }))).message).toMatch(
      /sweep\.json was written by a newer Lotka \(format 2, this one knows 1\); update Lotka/,
    );
    expect((await refused(again.client.call('sweeps.resume', { sweep: damaged }))).message).toMatch(
      /sweep\.json is damaged, so nobody knows/,
    );
    expect(await resultsOf(again.client, whole)).toHaveLength(24);
  });

  it('does not keep what a kill left half made', async () => {
    const { client, service, root } = await open();
    const sweep = await start(client);
    await follow(client, sweep);
    await close(service);
    const [prepared, temporary] = [join(root, 'sweeps', '.new-sweep-x'), join(root, 'sweeps', sweep, 'sweep.json.7-3.tmp')];
    mkdirSync(prepared);
    writeFileSync(join(prepared, 'sweep.json'), '{');
    writeFileSync(temporary, '{');
    const again = await open(root);
    expect((await again.client.call('sweeps.list', {})).sweeps).toHaveLength(1);
    expect([prepared, temporary].filter((path) => existsSync(path))).toEqual([]);
  });

  it('pauses the sweep while the disk is full, and nothing that was told is lost', async () => {
    let full = false;
    const files: Files = {
      async openGrowing(path) {
        const file = await diskFiles.openGrowing(path);
        return {
          ...file,
          async write(bytes, position) {
            if (!full) return file.write(bytes, position);
            // A full disk takes a part before it refuses.
            await file.write(bytes.subarray(0, bytes.length >> 1), position);
            throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
          },
        };
      },
      writeAtomic: diskFiles.writeAtomic,
    };
    const { client } = await open(undefined, { files });
    const sweep = await start(client, definition({}, { steps: 1500 }));
    await follow(client, sweep, ({ done }) => done >= 2);
    full = true;
    const { record } = await follow(client, sweep);
    expect(record.status).toBe('paused');
    expect(record.message).toMatch(/The disk that holds .* is full; free some space .*; the sweep is paused\.$/);
    full = false;
    const before = await bitsOf(client, sweep);
    await client.call('sweeps.resume', { sweep });
    expect((await follow(client, sweep)).record).toMatchObject({ status: 'finished', done: 24, message: null });
    expect(await bitsOf(client, sweep)).toEqual(expect.arrayContaining(before));
  });
});

it('starts ten thousand cells within a moment and keeps little of each', async () => {
  const { client, service, root } = await open(undefined, { size: 2 });
  const given = definition(
    {
      axes: [
        { kind: 'range', parameter: 'learningRate', scale: 'log', from: 1e-4, to: 1, count: 100 },
        { kind: 'range', parameter: 'weightDecay', scale: 'linear', from: 0, to: 2, count: 100 },
      ],
      seeds: { parameters: ['mlpSeed'], first: 0, count: 1 },
    },
    { steps: 4 },
  );
  const begun = performance.now();
  const sweep = await start(client, given);
  const seconds = (performance.now() - begun) / 1000;
  const { record } = await follow(client, sweep, ({ done }) => done >= 200);
  expect(record.planned).toBe(10_000);
  await client.call('sweeps.pause', { sweep });
  const { done } = service.sweeps.record(sweep);
  const folder = join(root, 'sweeps', sweep);
  const perCell = statSync(join(folder, 'results.jsonl')).size / done;
  expect(perCell).toBeLessThan(1000);
  expect(statSync(join(folder, 'sweep.json')).size).toBeLessThan(10_000);
  expect(seconds).toBeLessThan(process.env.LOTKA_STRICT_TIMES ? 1 : 10);
});

it('trains networks of other shapes along an axis, and refuses a shape in the middle that cannot be, before anything runs', async () => {
  const { client } = await open();
  const shapes = (parameter: string, values: SweepDefinition['parameters'][string][]): SweepDefinition =>
    definition({ axes: [{ kind: 'list', parameter, values }], seeds: { parameters: ['mlpSeed'], first: 0, count: 1 } });
  const sweep = await start(client, shapes('hiddenWidths', [[8], [5, 4, 3], [16]]));
  expect((await follow(client, sweep)).record).toMatchObject({ status: 'finished', done: 3, failed: 0, diverged: 0 });
  const { run } = await client.call('sweeps.openTrial', { sweep, trial: { point: 1, seed: 0 } });
  expect((await until(client, run, inStatus('finished'))).parameters.hiddenWidths).toEqual([5, 4, 3]);
  expect((await refused(start(client, shapes('modulus', [7, 4, 11])))).message).toMatch(/^modulus = 4 cannot be used/);
  expect((await refused(start(client, shapes('hiddenWidths', [[8], [0], [16]])))).message).toMatch(/^hiddenWidths = \[0\] cannot be used/);
  expect((await client.call('sweeps.list', {})).sweeps).toHaveLength(1);
});

describe('bad input', () => {
  it('about the place is refused with a sentence before anything is recorded', async () => {
    const { client } = await open();
    const sentence = async (place: SweepPlace): Promise<string> =>
      (await refused(client.call('sweeps.start', { definition: definition(), place }))).message;
    const redis = { kind: 'redis', url: `redis://:sesame@127.0.0.1:${await freePort()}`, queue: 'lotka' } as const;
    expect(await sentence(redis)).toMatch(/^Redis at redis:\/\/127\.0\.0\.1:\d+ cannot be used: nothing listens at port \d+\. Start/);
    expect(await sentence({ ...redis, queue: 'a:b' })).toMatch(/^The queue cannot be named "a:b"/);
    const slurm: Extract<SweepPlace, { kind: 'slurm' }> = { kind: 'slurm', folder: temporaryFolder(), trialsPerTask: null, options: [] };
    vi.stubEnv('PATH', '/nowhere');
    expect(await sentence(slurm)).toBe(
      "scontrol was not found: sweeps on Slurm are started on a machine that has Slurm's commands, such as a login node.",
    );
    expect(await sentence({ ...slurm, folder: 'here' })).toMatch(/^The folder "here" cannot be used for Slurm: its path does not begin/);
    vi.unstubAllEnvs();
    expect((await client.call('sweeps.list', {})).sweeps).toEqual([]);
  });

  it('is refused with a sentence before anything is recorded', async () => {
    const { client } = await open();
    const sentence = async (given: SweepDefinition): Promise<string> =>
      (await refused(client.call('sweeps.start', { definition: given }))).message;
    expect(await sentence(definition({ experiment: 'nothing' }))).toMatch(/no experiment "nothing"/);
    expect(await sentence(definition({}, { modulus: 4 }))).toMatch(/^modulus = 4 cannot be used/);
    await client.call('settings.write', { runMemory: 16 });
    expect(await sentence(definition({}, { hiddenWidths: [1000, 1000] }))).toMatch(/^This run needs .* hiddenWidths = \d+,\d+ would fit/);
    await client.call('settings.write', { runMemory: 1000 });
    const fine = (parameter: string, to: number) => ({ kind: 'range', parameter, scale: 'linear', from: 0.1, to, count: 100 }) as const;
    const endless = definition(
      { axes: [fine('learningRate', 1), fine('weightDecay', 2)] },
      { steps: 100_000, modulus: 59, embeddingWidth: 128, hiddenWidths: [100, 100] },
    );
    expect(await sentence(endless)).toMatch(
      /^These 20000 trials would train for about \d+ days on this machine, and a week is the most; take fewer points, seeds or steps/,
    );
    expect((await client.call('sweeps.list', {})).sweeps).toEqual([]);
  });
});
