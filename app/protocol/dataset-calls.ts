/** The part of the contract that is about datasets. A file is sent in pieces, looked at as often as one likes, and imported. */
import { z } from 'zod';
import { ImportChoices } from '#app/datasets/choices.ts';
import { array } from './array.ts';
import { DatasetId, DatasetPreview, DatasetRecord } from './dataset.ts';
import { call } from './define.ts';

const nothing = z.object({});
const upload = z.string().max(80);
const dataset = z.object({ dataset: DatasetId });

/** Bytes of a piece at most: a message that every wire carries. */
export const pieceBytes = 4 * 1024 * 1024;

export const datasetCalls = {
  /** Bundled datasets, then imported ones by name; `unreadable` has a sentence for each that cannot be read. */
  'datasets.list': call({ input: nothing, output: z.object({ datasets: z.array(DatasetRecord), unreadable: z.array(z.string()) }) }),
  /** Begins to send a file of `bytes` bytes; fails at once if it is not one that is imported. */
  'datasets.upload': call({
    input: z.object({ file: z.string().min(1).max(255), bytes: z.number().int().min(0) }),
    output: z.object({ upload }),
  }),
  /** The next piece, at `offset`. */
  'datasets.add': call({ input: z.object({ upload, offset: z.number().int().min(0), bytes: array() }), output: nothing }),
  'datasets.preview': call({ input: z.object({ upload, choices: ImportChoices }), output: DatasetPreview }),
  /** Importing the same data under the same name again gives the dataset that is there. */
  'datasets.import': call({ input: z.object({ upload, choices: ImportChoices }), output: z.object({ dataset: DatasetRecord }) }),
  /** Forgets a file that was sent. */
  'datasets.discard': call({ input: z.object({ upload }), output: nothing }),
  /** Moves an imported dataset to the trash; `datasets.restore` undoes it. Runs on it stay, and need it to go on. */
  'datasets.remove': call({ input: dataset, output: nothing }),
  'datasets.restore': call({ input: dataset, output: nothing }),
};
