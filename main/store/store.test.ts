import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { LotkaError } from '#app/protocol/errors.ts';
import { recording, recordOf, rowsOf } from '#main/testing/records.ts';
import { temporaryFolder } from '#main/testing/temporary.ts';
import { diskFiles, type Files } from './files.ts';
import { FolderRun } from './folder-run.ts';
import { storeLocation } from './location.ts';
import { checkpointSteps, framesPath, nearestCheckpoint, seriesPath } from './run-folder.ts';
import { Store } from './store.ts';

const open: Store[] = [];
afterEach(() => {
  for (const store of open.splice(0)) store.close();
});

function openStore(root = temporaryFolder(), options: Parameters<typeof Store.open>[1] = {}): Store {
  const store = Store.open(root, options);
  open.push(store);
  return store;
}

function refusal(action: () => unknown): LotkaError {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(LotkaError);
    expect((error as LotkaError).message).toMatch(/^[^\n]+\.$/);
    return error as LotkaError;
  }
  throw new Error('nothing was refused');
}

const checkpoint = (step: number) => ({ step, arrays: { w: { shape: [2], values: Float64Array.of(step, 1) } } });

async function addRun(store: Store, id: string, changes: Parameters<typeof recordOf>[1] = {}): Promise<void> {
  const writer = await store.create(recordOf(id, changes), recording);
  writer.append(rowsOf(0, 11));
  await writer.checkpoint(checkpoint(5), true);
  await writer.close();
}

describe('Store', () => {
  it('keeps runs as folders and finds them again', async () => {
    const root = temporaryFolder();
    const store = openStore(root);
    await addRun(store, 'survival-a');
    const [again] = [store, open.splice(0)];
    again.close();
    const reopened = openStore(root);
    expect(reopened.get('survival-a')).toEqual(recordOf('survival-a'));
    const run = reopened.open('survival-a');
    expect(run.steps).toBe(10);
    expect(run.series('signals')).toEqual({ width: 3, rows: 11, values: rowsOf(0, 11).rows.signals });
    expect(run.frame('embedding', 7)).toEqual({ step: 7, shape: [2, 2], values: Float32Array.of(7, 1, 2, 3) });
    expect(run.frame('embedding', 1e9).step).toBe(10);
    expect(() => run.series('nothing')).toThrow(RangeError);
    expect(nearestCheckpoint(reopened.folderOf('survival-a'), 9)).toEqual(checkpoint(5));
  });

  it('opens in NumPy, where there is one', async () => {
    const store = openStore();
    await addRun(store, 'survival-a');
    const script = `
import numpy as np
s = np.load('series/signals.npy'); assert s.shape == (11, 3) and s.dtype == '<f8' and s[4, 2] == 42, s
l = np.load('series/loss.npy'); assert l.shape == (11,) and l[10] == 10
f = np.load('frames/embedding.npy'); assert f.shape == (11, 2, 2) and f[3, 0, 0] == 3
assert list(np.load('frames/embedding.steps.npy')) == list(range(11))
c = np.load('checkpoints/5.npz'); assert c['step'] == 5 and list(c['w']) == [5, 1]
print('read')`;
    const python = ['python3'].find((name) => {
      try {
        execFileSync(name, ['-c', 'import numpy'], { stdio: 'ignore' });
        return true;
      } catch {
        return false;
      }
    });
    if (python) expect(execFileSync(python, ['-c', script], { cwd: store.folderOf('survival-a'), encoding: 'utf8' })).toBe('read\n');
  });

  it('lists newest first, and searches names, states and parameters', async () => {
    const store = openStore();
    const at = (minute: number) => ({ ...recordOf('x').provenance, created: `2026-11-22T15:0${minute}:00.000Z` });
    await addRun(store, 'survival-a', { name: 'Two circles', provenance: at(1) });
    await addRun(store, 'survival-b', { parameters: { weightDecay: 0.25 }, provenance: at(2) });
    await addRun(store, 'survival-c', { status: 'diverged', experiment: 'other', provenance: at(3) });
    const ids = (query: Partial<Parameters<Store['list']>[0]>) => store.list({ limit: 10, ...query }).runs.map((run) => run.id);
    expect(ids({})).toEqual(['survival-c', 'survival-b', 'survival-a']);
    expect(ids({ search: 'two CIRCLES' })).toEqual(['survival-a']);
    expect(ids({ search: 'weightDecay=0.5' })).toEqual(['survival-c', 'survival-a']);
    expect(ids({ search: 'diverged' })).toEqual(['survival-c']);
    expect(ids({ search: '100%_' })).toEqual([]);
    expect(ids({ experiment: 'survival' })).toEqual(['survival-b', 'survival-a']);
    expect(store.list({ limit: 1 })).toMatchObject({ total: 3, runs: [{ id: 'survival-c' }] });
  });

  it('moves runs to the trash and back', async () => {
    const store = openStore();
    await addRun(store, 'survival-a');
    store.delete('survival-a');
    expect(store.list({ limit: 10 }).total).toBe(0);
    expect(refusal(() => store.get('survival-a')).code).toBe('not-found');
    expect(store.restore('survival-a')).toEqual(recordOf('survival-a'));
    expect(store.open('survival-a').series('loss').rows).toBe(11);
    expect(refusal(() => store.restore('survival-a')).code).toBe('not-found');
  });

  it('empties the trash for good and nothing else', async () => {
    const store = openStore();
    for (const id of ['survival-a', 'survival-b', 'survival-c']) await addRun(store, id);
    expect(store.trash()).toEqual({ runs: 0, sweeps: 0, datasets: 0, bytes: 0 });
    store.delete('survival-a');
    store.delete('survival-c');
    const { runs, bytes } = store.trash();
    expect(runs).toBe(2);
    expect(bytes).toBeGreaterThan(1000);
    expect(store.emptyTrash().sort()).toEqual(['survival-a', 'survival-c']);
    expect(store.trash()).toEqual({ runs: 0, sweeps: 0, datasets: 0, bytes: 0 });
    expect(refusal(() => store.restore('survival-a')).code).toBe('not-found');
    expect(store.open('survival-b').series('loss').rows).toBe(11);
  });

  it.each([
    ['deleted', (path: string) => rmSync(path)],
    ['cut off', (path: string) => truncateSync(path, 5000)],
    ['noise', (path: string) => writeFileSync(path, Buffer.alloc(20_000, 0x5a))],
    ['empty', (path: string) => truncateSync(path, 0)],
  ])('makes its index again when it is %s', async (_how, damage) => {
    const root = temporaryFolder();
    const store = Store.open(root);
    for (let i = 0; i < 40; i++) await addRun(store, `survival-${i}x`);
    store.close();
    damage(join(root, 'index.db'));
    const reopened = openStore(root);
    expect(reopened.list({ limit: 100 }).total).toBe(40);
    expect(reopened.get('survival-7x')).toEqual(recordOf('survival-7x'));
  });

  it('notices runs that were copied in or changed by hand', async () => {
    const root = temporaryFolder();
    const store = Store.open(root);
    await addRun(store, 'survival-a');
    store.close();
    const path = join(root, 'runs', 'survival-a', 'run.json');
    writeFileSync(path, JSON.stringify({ ...recordOf('survival-a'), name: 'changed' }));
    expect(openStore(root).get('survival-a').name).toBe('changed');
  });

  it('marks runs interrupted that nobody trains any more', async () => {
    const root = temporaryFolder();
    const store = Store.open(root);
    await addRun(store, 'survival-a', { status: 'running', step: 3 });
    await addRun(store, 'survival-b', { status: 'queued', step: 0 });
    await addRun(store, 'survival-c', { status: 'paused' });
    store.close();
    // Somebody who only looks sees it and changes nothing; beside a Lotka that is open, running is running.
    const path = join(root, 'runs', 'survival-a', 'run.json');
    const before = readFileSync(path, 'utf8');
    const looking = Store.open(root, { readOnly: true });
    expect(looking.get('survival-a').status).toBe('interrupted');
    looking.close();
    writeFileSync(join(root, 'lock'), JSON.stringify({ pid: process.pid, began: null }));
    const beside = Store.open(root, { readOnly: true });
    expect(beside.get('survival-a').status).toBe('running');
    beside.close();
    expect(readFileSync(path, 'utf8')).toBe(before);
    rmSync(join(root, 'lock'));
    const reopened = openStore(root);
    expect(reopened.get('survival-a')).toMatchObject({
      status: 'interrupted',
      step: 10,
      message: 'Lotka ended while this run was training; resume goes on from step 5.',
    });
    expect(reopened.get('survival-b').status).toBe('interrupted');
    expect(reopened.get('survival-c').status).toBe('paused');
    expect(JSON.parse(readFileSync(join(root, 'runs', 'survival-a', 'run.json'), 'utf8'))).toMatchObject({ status: 'interrupted' });
  });

  it.each([
    ['not JSON', '{"format":'],
    ['empty', ''],
    ['another shape', '{"format": 1, "id": 7}'],
    ['another run', JSON.stringify(recordOf('survival-other'))],
  ])('lists a run whose run.json is %s as failed, with a sentence, and the others as ever', async (_how, text) => {
    const root = temporaryFolder();
    const store = Store.open(root);
    await addRun(store, 'survival-a');
    await addRun(store, 'survival-b');
    store.close();
    writeFileSync(join(root, 'runs', 'survival-a', 'run.json'), text);
    const reopened = openStore(root);
    expect(reopened.list({ limit: 10 }).total).toBe(2);
    expect(reopened.get('survival-a')).toMatchObject({ status: 'failed', message: expect.stringMatching(/run\.json .*\.$/) as string });
    expect(reopened.get('survival-b')).toEqual(recordOf('survival-b'));
    // Nobody may write what stands in for it over what is left of it.
    expect(refusal(() => reopened.getWhole('survival-a')).code).toBe('store-corrupt');
    expect(readFileSync(join(root, 'runs', 'survival-a', 'run.json'), 'utf8')).toBe(text);
  });

  it('reads whole rows only, whatever the last moment left behind', async () => {
    const store = openStore();
    await addRun(store, 'survival-a');
    const folder = store.folderOf('survival-a');
    for (const [path, cut] of [
      [seriesPath(folder, 'loss'), 8 * 2 + 3],
      [seriesPath(folder, 'signals'), 24 + 8],
      [framesPath(folder, 'embedding'), 1],
    ] as const) {
      truncateSync(path, readFileSync(path).length - cut);
    }
    const run = new FolderRun(folder);
    expect(run.series('loss')).toEqual({ width: 1, rows: 8, values: rowsOf(0, 8).rows.loss });
    expect(run.series('signals')).toEqual({ width: 3, rows: 8, values: rowsOf(0, 8).rows.signals });
    expect(run.frameSteps('embedding')).toEqual(Array.from({ length: 10 }, (_, i) => i));
    expect(checkpointSteps(store.folderOf('survival-a'), store.open('survival-a').rows).at(-1)).toBe(5);

    truncateSync(seriesPath(folder, 'loss'), 60);
    expect(refusal(() => new FolderRun(folder).series('loss')).code).toBe('store-corrupt');
    rmSync(seriesPath(folder, 'loss'));
    expect(new FolderRun(folder).steps).toBe(0);
  });

  it('goes back to a step and writes on from there', async () => {
    const store = openStore();
    await addRun(store, 'survival-a');
    const writer = await store.reopen('survival-a', 5, 5);
    writer.append({ rows: rowsOf(5, 2).rows, frames: rowsOf(6, 1).frames });
    await writer.checkpoint(checkpoint(7), false);
    await writer.checkpoint(checkpoint(8), false);
    await writer.close();
    const run = new FolderRun(store.folderOf('survival-a'));
    expect(run.series('signals').values).toEqual(rowsOf(0, 7).rows.signals);
    expect(run.frameSteps('embedding')).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(checkpointSteps(store.folderOf('survival-a'))).toEqual([5, 8]);
  });

  it('passes over damaged checkpoints', async () => {
    const store = openStore();
    const writer = await store.create(recordOf('survival-a'), recording);
    for (const step of [2, 4, 6]) await writer.checkpoint(checkpoint(step), true);
    await writer.close();
    const folder = store.folderOf('survival-a');
    truncateSync(join(folder, 'checkpoints', '6.npz'), 100);
    expect(nearestCheckpoint(folder, 100)?.step).toBe(4);
    expect(nearestCheckpoint(folder, 3)?.step).toBe(2);
    expect(nearestCheckpoint(folder, 1)).toBeNull();
  });

  it('refuses a store of a newer version and touches nothing', () => {
    const root = temporaryFolder();
    writeFileSync(join(root, 'store.json'), '{"format": 99}');
    const error = refusal(() => Store.open(root));
    expect(error.code).toBe('store-newer');
    expect(error.message).toContain('update Lotka');
    expect(readdirSync(root)).toEqual(['store.json']);
    expect(readFileSync(join(root, 'store.json'), 'utf8')).toBe('{"format": 99}');
  });

  it.each(['', '{', '[]', '{"format": "one"}', 'null'])('refuses a damaged store.json (%s) with a sentence', (text) => {
    const root = temporaryFolder();
    writeFileSync(join(root, 'store.json'), text);
    expect(refusal(() => Store.open(root)).code).toBe('store-corrupt');
  });

  it('refuses a place that is a file', () => {
    const path = join(temporaryFolder(), 'store');
    writeFileSync(path, '');
    expect(refusal(() => Store.open(path)).code).toBe('store-corrupt');
  });

  it('is used by one Lotka at a time; a dead one does not count', async () => {
    const root = temporaryFolder();
    const store = Store.open(root);
    const error = refusal(() => Store.open(root));
    expect(error.code).toBe('store-locked');
    expect(error.message).toContain(String(process.pid));
    store.close();

    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    await once(child, 'spawn');
    const began = existsSync('/proc/self/stat') ? readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[19]! : null;
    writeFileSync(join(root, 'lock'), JSON.stringify({ pid: child.pid, began }));
    expect(refusal(() => Store.open(root)).message).toContain(`process ${child.pid}`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    Store.open(root).close();
    expect(existsSync(join(root, 'lock'))).toBe(false);
  });

  it('takes over the lock of a process whose number another one has by now, and of a torn file', () => {
    const root = temporaryFolder();
    mkdirSync(root, { recursive: true });
    if (existsSync('/proc/self/stat')) {
      writeFileSync(join(root, 'lock'), JSON.stringify({ pid: process.ppid, began: '1' }));
      Store.open(root).close();
    }
    writeFileSync(join(root, 'lock'), '{"pi');
    Store.open(root).close();
  });

  it('keeps everything in memory while the disk is full, and writes it when there is space', async () => {
    let full = false;
    const noSpace = (): void => {
      if (full) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    };
    const files: Files = {
      async openGrowing(path) {
        const file = await diskFiles.openGrowing(path);
        return {
          ...file,
          async write(bytes, position) {
            // A full disk takes a part before it refuses.
            if (full) await file.write(bytes.subarray(0, bytes.length >> 1), position);
            noSpace();
            await file.write(bytes, position);
          },
        };
      },
      async writeAtomic(path, bytes) {
        noSpace();
        await diskFiles.writeAtomic(path, bytes);
      },
    };
    const store = openStore(temporaryFolder(), { files });
    const writer = await store.create(recordOf('survival-a'), recording);
    writer.append(rowsOf(0, 4));
    await writer.flush();
    full = true;
    for (const [from, count] of [
      [4, 3],
      [7, 4],
    ] as const) {
      writer.append(rowsOf(from, count));
      await expect(writer.flush()).rejects.toMatchObject({
        code: 'disk-full',
        message: expect.stringMatching(/full; free some space/) as string,
      });
    }
    await expect(writer.checkpoint(checkpoint(5), true)).rejects.toMatchObject({ code: 'disk-full' });
    await expect(store.save(recordOf('survival-a', { name: 'new' }), writer)).rejects.toMatchObject({ code: 'disk-full' });
    expect(new FolderRun(store.folderOf('survival-a')).series('loss').values.slice(0, 4)).toEqual(rowsOf(0, 4).rows.loss);
    await expect(store.create(recordOf('survival-b'), recording)).rejects.toMatchObject({ code: 'disk-full' });
    full = false;
    await writer.checkpoint(checkpoint(5), true);
    await writer.close();
    const run = new FolderRun(store.folderOf('survival-a'));
    expect(run.series('signals').values).toEqual(rowsOf(0, 11).rows.signals);
    expect(run.frameSteps('embedding')).toEqual(Array.from({ length: 11 }, (_, i) => i));
    expect(readdirSync(join(store.root, 'runs'))).toEqual(['survival-a']);
    expect(store.get('survival-a').name).toBe('survival-a');
  });

  it('keeps settings and claims, and takes damaged ones for none', async () => {
    const root = temporaryFolder();
    const store = openStore(root);
    const claim = {
      id: 'c',
      statement: 's',
      measured: 'm',
      expected: 'e',
      tolerance: '',
      holds: true,
      runs: ['survival-a'],
      checkedAt: 'now',
    };
    await store.saveSettings({ theme: 'dark' });
    await store.saveClaims('survival', [claim]);
    expect([store.settings(), store.claims('survival')]).toEqual([{ theme: 'dark' }, [claim]]);
    writeFileSync(join(root, 'settings.json'), '{');
    writeFileSync(join(root, 'claims', 'survival.json'), '{}');
    expect([store.settings(), store.claims('survival')]).toEqual([{}, []]);
  });
});

describe('storeLocation', () => {
  it('is LOTKA_STORE, else where the platform keeps data', () => {
    expect(storeLocation({ LOTKA_STORE: '/a/b' }, 'linux')).toBe('/a/b');
    expect(storeLocation({ XDG_DATA_HOME: '/data' }, 'linux')).toBe('/data/lotka');
    expect(storeLocation({}, 'linux')).toMatch(/\.local\/share\/lotka$/);
    expect(storeLocation({}, 'darwin')).toMatch(/Library\/Application Support\/Lotka$/);
    expect(storeLocation({ APPDATA: '/roaming' }, 'win32')).toBe(join('/roaming', 'Lotka'));
  });
});
