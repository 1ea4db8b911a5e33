/** Answers the part of the contract that is about datasets. */
import type { datasetCalls } from '#app/protocol/dataset-calls.ts';
import type { DatasetRecord } from '#app/protocol/dataset.ts';
import type { Handlers } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { describeDigits, digitIds } from '#main/datasets/digits.ts';
import { importedIds, readImportedRecord, removeImported, restoreImported, saveImported } from '#main/datasets/imported.ts';
import type { Uploads } from '#main/datasets/uploads.ts';
import type { Store } from '#main/store/store.ts';

export function datasetHandlers(store: Store, uploads: Uploads): Handlers<typeof datasetCalls> {
  return {
    'datasets.list': () => list(store.root),
    'datasets.upload': ({ file, bytes }) => ({ upload: uploads.begin(file, bytes) }),
    'datasets.add': ({ upload, offset, bytes }) => {
      uploads.add(upload, offset, new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      return {};
    },
    'datasets.preview': ({ upload, choices }, { signal }) => uploads.reader(upload).preview(choices, { signal }),
    'datasets.import': async ({ upload, choices }, { signal }) => {
      const data = await uploads.reader(upload).import(choices, { signal });
      const dataset = await saveImported(store.root, store.files, data, new Date().toISOString());
      uploads.discard(upload);
      return { dataset };
    },
    'datasets.discard': ({ upload }) => {
      uploads.discard(upload);
      return {};
    },
    'datasets.remove': ({ dataset }) => {
      removeImported(store.root, dataset);
      return {};
    },
    'datasets.restore': ({ dataset }) => {
      restoreImported(store.root, dataset);
      return {};
    },
  };
}

function list(root: string): { datasets: DatasetRecord[]; unreadable: string[] } {
  const unreadable: string[] = [];
  const readable = (ids: readonly string[], record: (id: string) => DatasetRecord): DatasetRecord[] =>
    ids.flatMap((id) => {
      try {
        return [record(id)];
      } catch (error) {
        if (!(error instanceof LotkaError)) throw error;
        unreadable.push(error.message);
        return [];
      }
    });
  const imported = readable(importedIds(root), (id) => readImportedRecord(root, id));
  imported.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return { datasets: [...readable(digitIds, bundledRecord), ...imported], unreadable };
}

function bundledRecord(id: string): DatasetRecord {
  const { classes, ...description } = describeDigits(id);
  return {
    format: 1,
    ...description,
    source: 'bundled',
    target: { kind: 'class', classes },
    created: null,
    transformation: null,
  };
}
