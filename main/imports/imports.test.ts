import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { circles, npz, row } from '#app/imports/testing.ts';
import { sendFiles } from '#app/imports/upload.ts';
import type { Contract } from '#app/protocol/contract.ts';
import type { Client } from '#app/protocol/define.ts';
import { npyHeader } from '#app/runs/npy.ts';
import { packageRoot } from '#main/paths.ts';
import { buildBundle } from '#main/testing/bundle.ts';
import { refused, testServices } from '#main/testing/service.ts';
import { temporaryFolder } from '#main/testing/temporary.ts';

const { open } = testServices();

/** A file of bytes in a folder of its own. */
function fileOf(name: string, bytes: Uint8Array): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, bytes);
  return path;
}
const training = (steps = 40) =>
  npz({ embedding: circles(steps, 7), train_loss: row(steps, (i) => 1 / (i + 1)), test_acc: row(steps, (i) => i / steps) });

async function imported(client: Client<Contract>, paths: readonly string[], mapping: object = {}): Promise<string> {
  const files: string[] = [];
  for (const path of paths) files.push((await client.call('imports.open', { path })).file);
  for await (const { run } of client.stream('imports.start', { files, mapping })) if (run !== null) return run;
  throw new Error('it ended without a run');
}

describe('an imported training', () => {
  it('is a finished run with series, frames, milestones and measures', async () => {
    const { client } = await open();
    const run = await imported(client, [fileOf('mine.npz', training())], { name: 'My network' });
    const { record, recording } = await client.call('runs.get', { run });
    expect(record).toMatchObject({ name: 'My network', experiment: 'imported', status: 'finished', step: 39, steps: 39, message: null });
    expect(record.provenance).toMatchObject({ backend: 'imported', imported: { files: 'mine.npz' } });
    expect(record.parameters).toMatchObject({ modulus: 7, embeddingWidth: 4, spacing: 1, files: ['mine.npz'] });
    expect(recording.series.map(({ name, width }) => [name, width])).toEqual([
      ['trainingStep', 1],
      ['trainLoss', 1],
      ['testAccuracy', 1],
      ['signals', 3],
      ['unpaired', 1],
      ['norms', 1],
    ]);
    const { values } = await client.call('runs.series', { run, names: ['trainLoss'], fromRow: 39 });
    expect([...values.trainLoss!]).toEqual([1 / 40]);
    const frame = await client.call('runs.frame', { run, name: 'embedding', step: 12 });
    expect([...frame.values]).toEqual([...circles(40, 7).values.slice(12 * 28, 13 * 28)]);
    expect((await client.call('runs.milestones', { run })).milestones.map(({ id, step }) => [id, step])).toContainEqual([
      'test-accuracy',
      38,
    ]);
    const { quantities } = await client.call('runs.measure', { run, measure: 'dynamics', options: {} });
    // Both circles move in straight lines, which the law rolls out from the first step.
    expect(quantities.find(({ id }) => id === 'rollout-least-squares')?.value).toBeLessThan(0.001);
    const figure = await client.call('export.figure', { run, figure: 'signals', format: 'svg' });
    expect(figure.bytes.length).toBeGreaterThan(1000);
  });

  it('cannot be resumed, forked or trained, and says why', async () => {
    const { client } = await open();
    const run = await imported(client, [fileOf('mine.npz', training())]);
    const why = 'This training was imported: its snapshots are here, but neither its network nor its data';
    for (const asked of [
      client.call('runs.resume', { run }),
      client.call('runs.step', { run, count: 1 }),
      client.call('runs.fork', { run, step: 3, parameters: {} }),
      client.call('runs.start', { experiment: 'imported', preset: null, parameters: {} }),
    ])
      expect((await refused(asked)).message).toContain(why);
  });

  it('of uneven steps has no law, and says why', async () => {
    const { client } = await open();
    const bytes = npz({ embedding: circles(30, 7), step: row(30, (i) => i * i) });
    const run = await imported(client, [fileOf('mine.npz', bytes)]);
    expect((await refused(client.call('runs.measure', { run, measure: 'dynamics', options: {} }))).message).toContain('not evenly spaced');
  });

  it('that fails or is left leaves nothing behind', async () => {
    const { client, root } = await open();
    const whole = training(400);
    expect((await refused(imported(client, [fileOf('cut.npz', whole.slice(0, -60))]))).message).toContain('damaged or cut off');
    const never = npz({ embedding: { shape: [20, 7, 4], values: new Float32Array(560).fill(NaN) } });
    expect((await refused(imported(client, [fileOf('nan.npz', never)]))).message).toContain('there is nothing to watch');
    const file = (await client.call('imports.open', { path: fileOf('mine.npz', whole) })).file;
    const leaving = new AbortController();
    leaving.abort();
    for await (const { run } of client.stream('imports.start', { files: [file], mapping: {} }, { signal: leaving.signal }))
      expect(run).toBeNull();
    await expect.poll(() => readdirSync(join(root, 'runs'))).toEqual([]);
    expect((await client.call('runs.list', {})).total).toBe(0);
  });
});

describe('files', () => {
  it('are sent in pieces, and forgotten', async () => {
    const { client } = await open();
    const files: string[] = [];
    const fractions: number[] = [];
    const bytes = training();
    await sendFiles(client, [{ name: 'mine.npz', size: bytes.length, piece: (from, to) => bytes.slice(from, to) }], {
      progress: (fraction) => fractions.push(fraction),
      sent: (file) => files.push(file),
      signal: new AbortController().signal,
    });
    expect(fractions.at(-1)).toBe(1);
    expect((await client.call('imports.inspect', { files, mapping: {} })).sentence).toContain('40 steps of an embedding of 7 tokens');
    await client.call('imports.discard', { files });
    expect((await refused(client.call('imports.inspect', { files, mapping: {} }))).message).toBe(
      'The file is no longer held; choose it again.',
    );
    expect((await refused(client.call('imports.upload', { file: 'model.pt', bytes: 5 }))).message).toContain('it is a pickle');
    expect((await refused(client.call('imports.upload', { file: 'a.npz', bytes: 2 ** 33 }))).message).toContain('lotka import');
  });

  it('of 50 GB are opened by their headers at once, and refused in a sentence', async () => {
    const { client } = await open();
    const path = fileOf('large.npy', npyHeader('<f4', [2_000_000, 113, 64]));
    truncateSync(path, 128 + 2_000_000 * 113 * 64 * 4);
    const { file } = await client.call('imports.open', { path });
    const begun = performance.now();
    const found = await client.call('imports.inspect', { files: [file], mapping: { roles: { large: 'embedding' } } });
    expect(performance.now() - begun).toBeLessThan(2000);
    expect(found.trouble).toContain('more than the 512 MB of an array that is read');
    expect((await refused(client.call('imports.open', { path: '/nowhere/a.npz' }))).message).toBe('There is no file /nowhere/a.npz.');
  });
});

describe('the recorder of the documentation', () => {
  let cli: string;
  beforeAll(async () => {
    cli = join(await buildBundle('cli', 'engine-worker', 'import-reader'), 'cli.js');
  });
  const blocks = [...readFileSync(join(packageRoot(), 'docs', 'imports.md'), 'utf8').matchAll(/```python\n([\s\S]*?)```/g)].map(
    ([, code]) => code!,
  );
  const check = `
import numpy as np, json
saved = np.load("training.npz")
p = saved["embedding"].shape[1]
s = np.linalg.norm(np.fft.fft(saved["embedding"][-1].astype(float), axis=0), axis=1)
print(json.dumps({"signals": list(s[1:(p + 1) // 2]), "loss": float(saved["test_loss"][-1])}))
`;
  const python = [process.env.LOTKA_PYTHON, 'python3']
    .filter((path) => path !== undefined)
    .find((path) => spawnSync(path, ['-c', 'import torch, numpy'], { stdio: 'ignore' }).status === 0);

  it('is there, and what PyTorch recorded with it has the same circles here, where there is PyTorch', () => {
    expect(blocks).toHaveLength(2);
    if (python === undefined) return;
    const folder = temporaryFolder();
    const told = JSON.parse(execFileSync(python, ['-c', [...blocks, check].join('\n')], { cwd: folder, encoding: 'utf8' })) as {
      signals: number[];
      loss: number;
    };
    const lotka = (...args: string[]): string =>
      execFileSync(process.execPath, [cli, ...args], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, LOTKA_STORE: join(folder, 'store'), LOTKA_WORKERS: '1' },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    expect(lotka('import', 'training.npz', '--inspect')).toContain('its name says so, and it has 301 steps of 13 × 16 numbers');
    const { run, sentence } = JSON.parse(lotka('import', 'training.npz', '--json')) as { run: string; sentence: string };
    expect(sentence).toBe('301 steps of an embedding of 13 tokens in 16 dimensions, with training loss and test loss.');
    const series = (name: string) => readFileSync(join(folder, 'store', 'runs', run, 'series', `${name}.npy`));
    const last = (name: string, count: number): number[] => {
      const bytes = series(name);
      return Array.from({ length: count }, (_, i) => bytes.readDoubleLE(bytes.length - 8 * (count - i)));
    };
    expect(last('testLoss', 1)[0]).toBe(told.loss);
    for (const [i, signal] of last('signals', 6).entries()) expect(signal).toBeCloseTo(told.signals[i]!, 4);
    expect(existsSync(join(folder, 'store', 'runs', run, 'frames', 'embedding.npy'))).toBe(true);
  }, 120_000);
});
