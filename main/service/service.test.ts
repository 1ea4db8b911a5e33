import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunUpdate } from '#app/protocol/contract.ts';
import { diskFiles, type Files } from '#main/store/files.ts';
import { checkpointSteps } from '#main/store/run-folder.ts';
import { everything, inStatus, long, refused, start, testServices, until } from '#main/testing/service.ts';

const { open, close } = testServices();

describe('the service', () => {
  it('trains a run, shows it live without gaps, and keeps it', async () => {
    const { client, service, root } = await open();
    const run = await start(client, long);
    const rows: number[] = [];
    const frameSteps: number[] = [];
    let last: RunUpdate | null = null;
    for await (const update of client.stream('runs.watch', { run })) {
      expect(update.rows.from).toBe(rows.length);
      rows.push(...(update.rows.values.norm as Float64Array));
      expect(update.rows.values.signals!.length).toBe(3 * update.rows.values.norm!.length);
      frameSteps.push(...(update.frameSteps.embedding ?? []));
      if (update.frames.embedding) expect(update.frames.embedding.step).toBe(frameSteps.at(-1));
      last = update;
      if (update.record.status === 'finished' && rows.length === 20_001) break;
    }
    expect(last!.record).toMatchObject({
      step: 20_000,
      steps: 20_000,
      message: null,
      headline: { testAccuracy: expect.any(Number) as number },
    });
    expect(last!.record.provenance).toMatchObject({
      backend: 'wasm',
      precision: 'f64',
      engine: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
    });
    expect(frameSteps).toEqual((await client.call('runs.frameSteps', { run, name: 'embedding' })).steps);
    expect((await client.call('runs.series', { run, names: ['norm'], fromRow: 100, toRow: 110 })).values.norm).toEqual(
      Float64Array.from(rows.slice(100, 110)),
    );
    const before = await everything(client, run);
    await close(service);
    const again = await open(root);
    expect((await again.client.call('runs.list', {})).runs).toEqual([last!.record]);
    expect(await everything(again.client, run)).toEqual(before);
  });

  it('sends a long past in pieces that stay below a megabyte', async () => {
    const { client } = await open();
    const run = await start(client, long);
    await until(client, run, inStatus('finished'));
    let rows = 0;
    let messages = 0;
    for await (const update of client.stream('runs.watch', { run })) {
      const bytes = Object.values(update.rows.values).reduce((sum, values) => sum + values.byteLength, 0);
      expect(bytes).toBeLessThanOrEqual(1 << 20);
      expect(update.rows.from).toBe(rows);
      rows += update.rows.values.norm!.length;
      messages++;
      if (rows === 20_001) break;
    }
    expect(messages).toBeGreaterThan(1);
  });

  it('pauses within 100 ms, steps exactly, resumes to the bits of an undisturbed run', async () => {
    const { client } = await open();
    const whole = await start(client, long);
    await until(client, whole, inStatus('finished'));
    const run = await start(client, long);
    await until(client, run, (record) => record.step > 100);
    const asked = performance.now();
    await client.call('runs.pause', { run });
    const paused = await until(client, run, inStatus('paused'));
    expect(performance.now() - asked).toBeLessThan(process.env.LOTKA_STRICT_TIMES ? 100 : 1000);
    expect(paused.step).toBeLessThan(20_000);
    await client.call('runs.step', { run, count: 7 });
    const stepped = await until(client, run, (record) => record.step === paused.step + 7);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect((await client.call('runs.get', { run })).record).toMatchObject({ status: 'paused', step: stepped.step });
    await client.call('runs.resume', { run });
    await until(client, run, inStatus('finished'));
    expect(await everything(client, run)).toEqual(await everything(client, whole));
  });

  it('stops with a checkpoint and goes on later, in another process, to the same bits', async () => {
    const { client, service, root } = await open();
    const whole = await start(client, long);
    await until(client, whole, inStatus('finished'));
    const run = await start(client, long);
    await until(client, run, (record) => record.step > 500);
    await client.call('runs.stop', { run });
    const stopped = await until(client, run, inStatus('stopped'));
    expect(stopped.step).toBeLessThan(20_000);
    await close(service);
    const again = await open(root);
    await again.client.call('runs.resume', { run });
    await until(again.client, run, inStatus('finished'));
    expect(await everything(again.client, run)).toEqual(await everything(again.client, whole));
    expect(readFileSync(join(root, 'runs', run, 'series', 'signals.npy'))).toEqual(
      readFileSync(join(root, 'runs', whole, 'series', 'signals.npy')),
    );
  });

  it('saves everything when it closes, and offers to go on', async () => {
    const { client, service, root } = await open();
    const run = await start(client, { steps: 100_000 });
    await until(client, run, (record) => record.step > 1000);
    await close(service);
    const again = await open(root);
    const { record } = await again.client.call('runs.get', { run });
    expect(record.status).toBe('interrupted');
    expect(record.message).toMatch(/resume goes on/);
    expect(checkpointSteps(again.service.store.folderOf(run)).at(-1)).toBe(record.step);
  });

  it('begins paused at the picture of step 0', async () => {
    const { client } = await open();
    const run = await start(client, {}, { paused: true });
    await until(client, run, inStatus('paused'));
    expect((await client.call('runs.frame', { run, name: 'embedding', step: 0 })).shape).toEqual([7, 6]);
    await client.call('runs.step', { run, count: 3 });
    await until(client, run, (record) => record.step === 3);
    expect((await client.call('runs.series', { run, names: ['norm'], fromRow: 0 })).values.norm).toHaveLength(4);
    await client.call('runs.stop', { run });
    await until(client, run, inStatus('stopped'));
  });

  it('lets runs wait for a worker, and paused ones make room', async () => {
    const { client } = await open(undefined, { size: 1 });
    const first = await start(client, { steps: 100_000 });
    const second = await start(client, { steps: 100_000, mlpSeed: 1 });
    await until(client, first, (record) => record.step > 10);
    expect((await client.call('runs.get', { run: second })).record.status).toBe('queued');
    await client.call('runs.pause', { run: first });
    await until(client, second, (record) => record.step > 10);
    await client.call('runs.resume', { run: first });
    expect((await client.call('runs.get', { run: first })).record.status).toBe('queued');
    await client.call('runs.stop', { run: second });
    const at = (await client.call('runs.get', { run: first })).record.step;
    await until(client, first, (record) => record.step > at);
    const third = await start(client);
    await client.call('runs.pause', { run: third });
    await until(client, third, inStatus('paused'));
    await client.call('runs.stop', { run: first });
    await client.call('runs.resume', { run: third });
    await until(client, third, inStatus('finished'));
  });

  it('outlives a worker: its run is interrupted, resumes to the same bits, others train on', async () => {
    const { client, workers } = await open();
    const whole = await start(client, long);
    await until(client, whole, inStatus('finished'));
    const run = await start(client, long);
    await until(client, run, (record) => record.step > 300);
    workers[0]!.terminate();
    const broken = await until(client, run, inStatus('interrupted'));
    expect(broken.message).toMatch(/worker ended unexpectedly.*resume/);
    await client.call('runs.resume', { run });
    await until(client, run, inStatus('finished'));
    expect(workers).toHaveLength(2);
    expect(await everything(client, run)).toEqual(await everything(client, whole));
  });

  it('says when a run diverges, keeps what it has, and does not resume it', async () => {
    const { client } = await open();
    const run = await start(client, { learningRate: 10, weightDecay: 10, steps: 100_000 });
    const record = await until(client, run, inStatus('diverged', 'finished'));
    expect(record.status).toBe('diverged');
    expect(record.message).toMatch(/^Training diverged at step \d+: .* try a smaller learning rate than 10/);
    expect((await client.call('runs.series', { run, names: ['norm'], fromRow: 0 })).values.norm!.length).toBeGreaterThan(1);
    expect((await refused(client.call('runs.resume', { run }))).code).toBe('conflict');
  });

  it('forks from any step: the past is copied, the future has the changed parameters', async () => {
    const { client } = await open();
    const source = await start(client, { steps: 400 });
    await until(client, source, inStatus('finished'));
    const { run: same } = await client.call('runs.fork', { run: source, step: 123, parameters: {} });
    const { run: changed } = await client.call('runs.fork', { run: source, step: 123, parameters: { weightDecay: 0 }, name: 'no decay' });
    const record = await until(client, changed, inStatus('finished'));
    await until(client, same, inStatus('finished'));
    expect(record).toMatchObject({ name: 'no decay', forkedFrom: { run: source, step: 123 }, parameters: { weightDecay: 0 } });
    expect(await everything(client, same)).toEqual(await everything(client, source));
    const norms = async (run: string) =>
      (await client.call('runs.series', { run, names: ['norm'], fromRow: 0 })).values.norm as Float64Array;
    const [before, after] = [await norms(source), await norms(changed)];
    expect(after.slice(0, 124)).toEqual(before.slice(0, 124));
    expect(after[400]).toBeGreaterThan(before[400]!);
    expect((await refused(client.call('runs.fork', { run: source, step: 401, parameters: {} }))).code).toBe('bad-input');
    expect((await refused(client.call('runs.fork', { run: source, step: 1, parameters: { modulus: 11 } }))).message).toContain('sizes');
  });

  it('computes measures in a worker, from the recording and from the network at a step', async () => {
    const { client } = await open();
    const run = await start(client, { steps: 400 });
    await until(client, run, inStatus('finished'));
    for (const measure of ['survivors', 'circularity', 'dynamics', 'subset-losses']) {
      const { quantities } = await client.call('runs.measure', { run, measure, options: {} });
      expect(quantities.length).toBeGreaterThan(0);
    }
    expect((await refused(client.call('runs.measure', { run, measure: 'nonsense', options: {} }))).code).toBe('not-found');
  });

  it('lets a short measure pass a long one, which can be cancelled, and measures forks from where they begin', async () => {
    const { client } = await open();
    const run = await start(client, { steps: 400 });
    await until(client, run, inStatus('finished'));
    const gaveUp = new AbortController();
    const order: string[] = [];
    const long = refused(
      client.call('runs.measure', { run, measure: 'plane-section', options: { resolution: 129 } }, { signal: gaveUp.signal }),
    ).then(({ code }) => order.push(code));
    await client.call('runs.measure', { run, measure: 'survivors', options: {} });
    order.push('survivors');
    gaveUp.abort();
    await long;
    expect(order).toEqual(['survivors', 'cancelled']);
    const { run: fork } = await client.call('runs.fork', { run, step: 123, parameters: { weightDecay: 0 } });
    await until(client, fork, inStatus('finished'));
    const { quantities } = await client.call('runs.measure', { run: fork, measure: 'line-section', options: { resolution: 5 } });
    expect(quantities[0]).toMatchObject({ id: 'steps', value: '123 and 400' });
  });

  it('refuses bad parameters with one sentence and leaves nothing behind', async () => {
    const { client, root } = await open();
    const bad: [Record<string, unknown>, RegExp][] = [
      [{ modulus: 3 }, /^modulus = 3 .*5 to 199/],
      [{ embeddingWidth: 2.5 }, /^embeddingWidth = 2.5/],
      [{ embeddingSeed: 'seven' }, /^embeddingSeed = "seven"/],
      [{ nonsense: 1 }, /no parameter "nonsense"/],
    ];
    for (const [parameters, sentence] of bad) {
      const error = await refused(
        client.call('runs.start', { experiment: 'survival', preset: 'fast', parameters: parameters as Record<string, never> }),
      );
      expect(error.code).toBe('bad-input');
      expect(error.message).toMatch(sentence);
    }
    expect((await refused(client.call('runs.start', { experiment: 'survival', preset: 'nope', parameters: {} }))).message).toContain(
      '"nope"',
    );
    expect((await refused(client.call('runs.start', { experiment: 'nope', preset: null, parameters: {} }))).code).toBe('not-found');
    expect((await refused(client.call('runs.get', { run: '../../etc' }))).code).toBe('bad-input');
    expect(readdirSync(join(root, 'runs'))).toEqual([]);
  });

  it('renames, deletes and restores, and tells everybody', async () => {
    const { client } = await open();
    const run = await start(client);
    await until(client, run, inStatus('finished'));
    const controller = new AbortController();
    const told: string[] = [];
    const listening = (async () => {
      for await (const change of client.stream('runs.changes', {}, { signal: controller.signal }))
        told.push(`${change.kind} ${change.record?.name ?? ''}`);
    })();
    await new Promise((resolve) => setTimeout(resolve, 20));
    const soon = () => new Promise((resolve) => setTimeout(resolve, 50));
    await client.call('runs.rename', { run, name: 'the best' });
    await soon();
    await client.call('runs.delete', { run });
    await soon();
    expect((await client.call('runs.list', {})).total).toBe(0);
    await client.call('runs.restore', { run });
    await soon();
    controller.abort();
    await listening;
    // The end of the training itself may still be told first.
    expect(told.slice(told.indexOf('changed the best'))).toEqual(['changed the best', 'removed ', 'changed the best']);
    expect((await client.call('runs.list', { search: 'best' })).total).toBe(1);
  });

  it('pauses a run while the disk is full and loses nothing', async () => {
    let full = false;
    const noSpace = (): void => {
      if (full) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    };
    const files: Files = {
      async openGrowing(path) {
        const file = await diskFiles.openGrowing(path);
        return { ...file, write: async (bytes, position) => (noSpace(), file.write(bytes, position)) };
      },
      writeAtomic: async (path, bytes) => (noSpace(), diskFiles.writeAtomic(path, bytes)),
    };
    const { client, root } = await open(undefined, { files });
    const run = await start(client, { steps: 30_000, mlpSeed: 3 });
    await until(client, run, (record) => record.step > 50);
    full = true;
    const paused = await until(client, run, inStatus('paused'));
    expect(paused.message).toMatch(
      /The disk that holds .* is full; free some space .*(the run is paused|saved as soon as there is space)\.$/,
    );
    expect((await refused(client.call('runs.resume', { run }))).code).toBe('disk-full');
    full = false;
    await client.call('runs.resume', { run });
    const finished = await until(client, run, inStatus('finished'));
    expect(finished.message).toBeNull();
    const whole = await start(client, { steps: 30_000, mlpSeed: 3 });
    await until(client, whole, inStatus('finished'));
    expect(await everything(client, run)).toEqual(await everything(client, whole));
    expect(readFileSync(join(root, 'runs', run, 'series', 'norm.npy'))).toEqual(
      readFileSync(join(root, 'runs', whole, 'series', 'norm.npy')),
    );
  });

  it('says what runs where and what is wrong', async () => {
    const { client, root, service } = await open();
    const run = await start(client);
    await until(client, run, inStatus('finished'));
    expect((await client.call('app.info', {})).checks.filter((check) => check.state === 'problem')).toEqual([]);
    await close(service);
    writeFileSync(join(root, 'runs', run, 'run.json'), '{');
    const again = await open(root);
    const { checks } = await again.client.call('app.info', {});
    expect(checks.find((check) => check.id === 'store')).toMatchObject({
      state: 'problem',
      detail: expect.stringContaining('run.json') as string,
    });
  });

  it('keeps settings', async () => {
    const { client } = await open();
    await client.call('settings.write', { theme: 'dark' });
    await client.call('settings.write', { font: 12 });
    expect(await client.call('settings.read', {})).toEqual({ theme: 'dark', font: 12 });
  });
});
