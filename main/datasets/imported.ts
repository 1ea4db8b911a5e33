/** Imported datasets in the store: `datasets/<id>/` with `dataset.json`, `inputs.npy` and `target.npy`, which open in NumPy. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ImportedData } from '#app/datasets/import.ts';
import type { Dataset, Target } from '#app/datasets/dataset.ts';
import { DatasetId, DatasetRecord } from '#app/protocol/dataset.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { readNpy, writeNpy } from '#app/runs/npy.ts';
import { datasetTrash } from '#main/store/store.ts';
import { diskError, type Files } from '#main/store/files.ts';

const folderOf = (root: string, id: string): string => join(root, 'datasets', DatasetId.parse(id));
const trashOf = (root: string, id: string): string => join(root, datasetTrash, DatasetId.parse(id));
const corrupt = (path: string, what: string, cause?: unknown): LotkaError =>
  new LotkaError('store-corrupt', `${path} ${what}; import the dataset again.`, { cause });

/** Ids of the imported datasets of a store, in order. */
export function importedIds(root: string): string[] {
  try {
    return readdirSync(join(root, 'datasets'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && DatasetId.safeParse(entry.name).success)
      .map((entry) => entry.name)
      .sort();
  } catch {
    return [];
  }
}

/** @throws LotkaError `store-newer` or `store-corrupt` */
export function readImportedRecord(root: string, id: string): DatasetRecord {
  const path = join(folderOf(root, id), 'dataset.json');
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw corrupt(path, 'cannot be read', cause);
  }
  const format = (value as { format?: unknown } | null)?.format;
  if (typeof format === 'number' && format > 1)
    throw new LotkaError('store-newer', `The dataset "${id}" was imported by a newer Lotka; update Lotka, or import it again.`);
  const record = DatasetRecord.safeParse(value);
  if (!record.success || record.data.id !== id) throw corrupt(path, 'is damaged', record.error);
  return record.data;
}

/** @throws LotkaError `store-newer`, or `store-corrupt` if the numbers are not those that were imported */
export function readImported(root: string, id: string): Dataset {
  const { name, rows, features, target: told, hash } = readImportedRecord(root, id);
  const values = (file: string, length: number): ReturnType<typeof readNpy>['values'] => {
    const path = join(folderOf(root, id), file);
    let bytes: Uint8Array;
    try {
      bytes = readFileSync(path);
    } catch (cause) {
      throw corrupt(path, 'cannot be read', cause);
    }
    const { values: read } = readNpy(bytes, path);
    if (read.length !== length) throw corrupt(path, `has ${read.length} numbers where ${length} belong`);
    return read;
  };
  const inputs = values('inputs.npy', rows * features);
  const numbers = values('target.npy', rows * (told.kind === 'class' ? 1 : told.width));
  const target = targetOf(told, numbers);
  if (!(inputs instanceof Float32Array) || !target) throw corrupt(folderOf(root, id), 'has arrays of another type than were imported');
  if (hashOf({ rows, features, inputs, target }) !== hash) throw corrupt(folderOf(root, id), 'has other numbers than were imported');
  return { id, name, rows, features, inputs, target, hash };
}

function targetOf(told: DatasetRecord['target'], numbers: ReturnType<typeof readNpy>['values']): Target | null {
  if (told.kind === 'class') return numbers instanceof Int32Array ? { kind: 'class', labels: numbers, classes: told.classes } : null;
  return numbers instanceof Float32Array ? { kind: 'number', values: numbers, width: told.width } : null;
}

/** SHA-256 of sizes, inputs and target. */
function hashOf({ rows, features, inputs, target }: Pick<ImportedData, 'rows' | 'features' | 'inputs' | 'target'>): string {
  const numbers = target.kind === 'class' ? target.labels : target.values;
  const shape = target.kind === 'class' ? target.classes : target.width;
  return createHash('sha256')
    .update(JSON.stringify([rows, features, target.kind, shape]))
    .update(new Uint8Array(inputs.buffer, inputs.byteOffset, inputs.byteLength))
    .update(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength))
    .digest('hex');
}

/** Letters of a name that an id may have: `House prices` is `house-prices`. */
const slug = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '') || 'dataset';

/**
 * Puts data into the store. The folder appears complete or not at all; the same data under the same name are there once.
 * @throws LotkaError `disk-full` and the like
 */
export async function saveImported(root: string, files: Files, data: ImportedData, created: string): Promise<DatasetRecord> {
  const { name, rows, features, inputs, target, transformation } = data;
  const hash = hashOf(data);
  const id = `${slug(name)}-${hash.slice(0, 8)}`;
  const folder = folderOf(root, id);
  const record: DatasetRecord = {
    format: 1,
    id,
    name,
    source: 'imported',
    licence: null,
    rows,
    features,
    target: target.kind === 'class' ? { kind: 'class', classes: [...target.classes] } : { kind: 'number', width: target.width },
    hash,
    created,
    transformation,
  };
  const prepared = join(root, 'datasets', `.new-${id}`);
  try {
    rmSync(prepared, { recursive: true, force: true });
    mkdirSync(prepared, { recursive: true });
    await files.writeAtomic(join(prepared, 'inputs.npy'), writeNpy(inputs, [rows, features]));
    const [numbers, shape] = target.kind === 'class' ? [target.labels, [rows]] : [target.values, [rows, target.width]];
    await files.writeAtomic(join(prepared, 'target.npy'), writeNpy(numbers, shape));
    await files.writeAtomic(join(prepared, 'dataset.json'), `${JSON.stringify(record, null, 2)}\n`);
    // What is there already may be damaged, and is the same if it is not.
    rmSync(folder, { recursive: true, force: true });
    renameSync(prepared, folder);
  } catch (error) {
    rmSync(prepared, { recursive: true, force: true });
    throw diskError(error, folder);
  }
  return record;
}

/** Where an imported dataset lies. */
export const importedFolder = folderOf;

/**
 * Takes in a dataset whose files `write` puts into a folder. It appears complete or not at all.
 * @returns whether it was taken in: one that is there already, and can be read, is the same by its id
 * @throws LotkaError `store-corrupt` if what was written is no dataset of that id, `disk-full` and the like
 */
export async function adoptImported(root: string, id: string, write: (folder: string) => Promise<void>): Promise<boolean> {
  if (importedIds(root).includes(id)) return false;
  const folder = folderOf(root, id);
  const prepared = join(root, 'datasets', `.new-${id}`);
  try {
    rmSync(prepared, { recursive: true, force: true });
    mkdirSync(prepared, { recursive: true });
    await write(prepared);
    renameSync(prepared, folder);
    readImported(root, id);
    return true;
  } catch (error) {
    rmSync(prepared, { recursive: true, force: true });
    if (error instanceof LotkaError) rmSync(folder, { recursive: true, force: true });
    throw diskError(error, folder);
  }
}

/** Moves a dataset to the trash. @throws LotkaError `not-found` */
export function removeImported(root: string, id: string): void {
  if (!importedIds(root).includes(id)) throw new LotkaError('not-found', `There is no imported dataset "${id}" in the store ${root}.`);
  try {
    mkdirSync(join(root, datasetTrash), { recursive: true });
    rmSync(trashOf(root, id), { recursive: true, force: true });
    renameSync(folderOf(root, id), trashOf(root, id));
  } catch (error) {
    throw diskError(error, folderOf(root, id));
  }
}

/** Brings a dataset back from the trash. @throws LotkaError `not-found` or `conflict` */
export function restoreImported(root: string, id: string): void {
  if (!existsSync(trashOf(root, id))) throw new LotkaError('not-found', `There is no dataset "${id}" in the trash of ${root}.`);
  if (existsSync(folderOf(root, id))) throw new LotkaError('conflict', `The dataset "${id}" has been imported again.`);
  renameSync(trashOf(root, id), folderOf(root, id));
}
