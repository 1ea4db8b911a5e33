/** Where experiments get datasets from, in every process that builds or estimates a training. */
import type { Dataset, DatasetSource } from '#app/datasets/dataset.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { storeLocation } from '#main/store/location.ts';
import { digitIds, readDigits } from './digits.ts';
import { importedIds, readImported } from './imported.ts';

/** Bytes of datasets that are kept once read, since trainings that differ in seeds share one; the latest is always kept. */
const usuallyKept = 128 * 1024 * 1024;

/**
 * Datasets that come with Lotka, and those imported into a store.
 * @param root gives the folder of the store when it is needed
 */
export function datasetSource(root: () => string, keptBytes = usuallyKept): DatasetSource {
  const kept = new Map<string, Dataset>();
  return (id) => {
    const dataset = kept.get(id) ?? read(root(), id);
    // Ids of imported datasets contain a hash of what is in them, so what was kept never becomes wrong.
    kept.delete(id);
    kept.set(id, dataset);
    let bytes = [...kept.values()].reduce((sum, { inputs }) => sum + inputs.byteLength, 0);
    for (const [oldest, { inputs }] of kept) {
      if (bytes <= keptBytes || oldest === id) break;
      kept.delete(oldest);
      bytes -= inputs.byteLength;
    }
    return dataset;
  };
}

function read(root: string, id: string): Dataset {
  if (digitIds.includes(id)) return readDigits(id);
  const imported = importedIds(root);
  if (imported.includes(id)) return readImported(root, id);
  const listed = [...digitIds, ...imported].join(', ');
  throw new LotkaError(
    'not-found',
    id === ''
      ? `No dataset is chosen; there are: ${listed}. A file is imported with: lotka datasets import <file>`
      : `There is no dataset "${id}"; there are: ${listed}. A file is imported with: lotka datasets import <file>`,
  );
}

/** Datasets of this user's store. @throws LotkaError `not-found` naming a dataset that is not here, `unavailable` or `store-corrupt` */
export const datasets: DatasetSource = datasetSource(storeLocation);
