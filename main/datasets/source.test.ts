import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImportedData } from '#app/datasets/import.ts';
import { readNpy } from '#app/runs/npy.ts';
import { diskFiles } from '#main/store/files.ts';
import { temporaryFolder } from '#main/testing/temporary.ts';
import { importedIds, readImportedRecord, removeImported, restoreImported, saveImported } from './imported.ts';
import { datasetSource } from './source.ts';

const root = (): string => join(import.meta.dirname, '..', '..');

describe('the digits', () => {
  const digits = datasetSource(temporaryFolder);

  it('are the pixels of the mnist package, 2 x 2 of them in one where there are 14 x 14', () => {
    const folder = join(dirname(createRequire(import.meta.url).resolve('mnist/package.json')), 'src', 'digits');
    const [large, small] = [digits('digits-28'), digits('digits-14')];
    expect([large.rows, large.features, small.rows, small.features]).toEqual([10_000, 784, 10_000, 196]);
    if (large.target.kind !== 'class' || small.target.kind !== 'class') throw new Error('no classes');
    const counts = Array<number>(10).fill(0);
    large.target.labels.forEach((label) => counts[label]!++);
    expect(counts).toEqual([1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]);
    expect(small.target).toEqual(large.target);
    const first = counts.slice(0, 5).reduce((sum, count) => sum + count);
    const { data } = JSON.parse(readFileSync(join(folder, '5.json'), 'utf8')) as { data: number[] };
    for (const image of [0, 1, 862]) {
      const pixels = data.slice(image * 784, (image + 1) * 784);
      const ours = large.inputs.subarray((first + image) * 784, (first + image + 1) * 784);
      pixels.forEach((grey, i) => expect(Math.abs(ours[i]! - grey)).toBeLessThan(0.0006));
      const pooled = small.inputs.subarray((first + image) * 196, (first + image + 1) * 196);
      pooled.forEach((grey, i) => {
        const corner = 56 * Math.floor(i / 14) + 2 * (i % 14);
        const mean = (ours[corner]! + ours[corner + 1]! + ours[corner + 28]! + ours[corner + 29]!) / 4;
        expect(Math.abs(grey - mean)).toBeLessThan(0.5 / 255 + 1e-6);
      });
    }
  });

  it('are read once, have their licence beside them, and are packaged', () => {
    expect(digits('digits-14')).toBe(digits('digits-14'));
    expect(readFileSync(join(root(), 'assets', 'datasets', 'LICENSE-digits.txt'), 'utf8')).toContain('Copyright (c) 2015 Juan Cazala');
    expect(digits('digits-14').licence).toContain('MIT');
    expect(readFileSync(join(root(), 'electron-builder.yml'), 'utf8')).toContain('assets/datasets/**');
  });
});

const houses: ImportedData = {
  name: 'House prices, Köln',
  rows: 3,
  features: 2,
  inputs: Float32Array.of(1, 2, 3, 4, 5, 6),
  target: { kind: 'class', labels: Int32Array.of(0, 1, 0), classes: ['cheap', 'dear'] },
  transformation: { file: 'houses.csv', inputs: [], target: [], leftOut: [], rowsLeftOut: 0 },
};
const save = (store: string, data: ImportedData = houses) => saveImported(store, diskFiles, data, '2026-01-01T00:00:00.000Z');

describe('imported datasets', () => {
  it('come back as they were, by an id that says name and contents, and open in NumPy', async () => {
    const store = temporaryFolder();
    const { id, hash } = await save(store);
    expect(id).toBe(`house-prices-koln-${hash.slice(0, 8)}`);
    const { licence, transformation, ...data } = { ...houses, licence: undefined };
    expect([licence, transformation.file]).toEqual([undefined, 'houses.csv']);
    expect(datasetSource(() => store)(id)).toEqual({ ...data, id, hash });
    expect(readNpy(readFileSync(join(store, 'datasets', id, 'inputs.npy')), 'inputs').shape).toEqual([3, 2]);
    expect(readImportedRecord(store, id)).toMatchObject({ id, source: 'imported', transformation: { file: 'houses.csv' } });
    const numbers = await save(store, { ...houses, target: { kind: 'number', values: Float32Array.of(1, 2, 3, 4, 5, 6), width: 2 } });
    expect(datasetSource(() => store)(numbers.id).target).toEqual({ kind: 'number', values: Float32Array.of(1, 2, 3, 4, 5, 6), width: 2 });
  });

  it('are there once, however often they are imported, and another number is another dataset', async () => {
    const store = temporaryFolder();
    await save(store);
    await save(store);
    expect(importedIds(store)).toHaveLength(1);
    await save(store, { ...houses, inputs: Float32Array.of(1, 2, 3, 4, 5, 7) });
    expect(importedIds(store)).toHaveLength(2);
  });

  it('go to the trash and come back', async () => {
    const store = temporaryFolder();
    const { id } = await save(store);
    removeImported(store, id);
    expect(() => datasetSource(() => store)(id)).toThrow(`There is no dataset "${id}"; there are: digits-14, digits-28.`);
    expect(() => removeImported(store, id)).toThrow('There is no imported dataset');
    restoreImported(store, id);
    expect(datasetSource(() => store)(id).rows).toBe(3);
  });

  it('that were damaged are not learned from', async () => {
    const store = temporaryFolder();
    const { id } = await save(store);
    const path = join(store, 'datasets', id, 'inputs.npy');
    const bytes = readFileSync(path);
    const changed = Uint8Array.from(bytes);
    changed[changed.length - 1]! ^= 1;
    writeFileSync(path, changed);
    expect(() => datasetSource(() => store)(id)).toThrow('has other numbers than were imported; import the dataset again.');
    writeFileSync(path, bytes.subarray(0, bytes.length - 3));
    expect(() => datasetSource(() => store)(id)).toThrow('shorter than its header says');
    writeFileSync(join(store, 'datasets', id, 'dataset.json'), '{"format":2}');
    expect(() => datasetSource(() => store)(id)).toThrow('was imported by a newer Lotka');
    writeFileSync(join(store, 'datasets', id, 'dataset.json'), '{');
    expect(() => datasetSource(() => store)(id)).toThrow('cannot be read; import the dataset again.');
  });

  it('leave nothing half done when the disk is full', async () => {
    const store = temporaryFolder();
    const full = Object.assign(new Error('full'), { code: 'ENOSPC' });
    let writes = 0;
    const files = {
      ...diskFiles,
      writeAtomic: (...args: Parameters<typeof diskFiles.writeAtomic>) =>
        ++writes === 3 ? Promise.reject(full) : diskFiles.writeAtomic(...args),
    };
    await expect(saveImported(store, files, houses, '')).rejects.toMatchObject({ code: 'disk-full' });
    expect(importedIds(store)).toEqual([]);
    const { id } = await save(store);
    expect(existsSync(join(store, 'datasets', id))).toBe(true);
  });

  it('are kept once read, and those used longest ago forgotten when they are many', async () => {
    const store = temporaryFolder();
    const ids: string[] = [];
    for (const value of [1, 2, 3]) ids.push((await save(store, { ...houses, inputs: new Float32Array(6).fill(value) })).id);
    const [first, second, third] = ids as [string, string, string];
    const source = datasetSource(() => store, 2 * 6 * Float32Array.BYTES_PER_ELEMENT);
    const kept = source(first);
    source(second);
    expect(source(first) === kept).toBe(true);
    source(third);
    expect(source(first) === kept).toBe(true);
    source(second);
    source(third);
    expect(source(first) === kept).toBe(false);
  });

  it('a folder that is none is no dataset', () => {
    const store = temporaryFolder();
    mkdirSync(join(store, 'datasets', '.new-x'), { recursive: true });
    expect(importedIds(store)).toEqual([]);
    rmSync(join(store, 'datasets'), { recursive: true });
    expect(importedIds(store)).toEqual([]);
    expect(() => datasetSource(() => store)('')).toThrow('No dataset is chosen; there are: digits-14, digits-28.');
  });
});
