/** Takes what lies in a .lotka file into the store, checked part by part. */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createReadStream, createWriteStream } from 'node:fs';
import { crc32 } from 'node:zlib';
import { LotkaError } from '#app/protocol/errors.ts';
import { insideOf, partsOf, placeOf } from '#main/store/parts.ts';
import type { Guest } from './guests.ts';

/** Takes one run, sweep or dataset in. @returns whether it was taken: one that is there already is not touched. */
export type Take = (kind: 'runs' | 'sweeps' | 'datasets', id: string, write: (folder: string) => Promise<void>) => Promise<boolean>;

export interface Unpacking {
  /** Bytes that were read so far, of `total`. */
  readonly done: number;
  readonly total: number;
  /** Ids of what was taken in, and of what was there already. */
  readonly taken: readonly string[];
  readonly known: readonly string[];
}

/** What belongs to one run, sweep or dataset. */
interface Bundle {
  readonly kind: 'runs' | 'sweeps' | 'datasets';
  readonly id: string;
  readonly bytes: number;
}

/**
 * Copies everything, datasets before the runs that learned from them. What was taken in before something failed stays, whole.
 * @throws LotkaError `bad-input` naming the damaged part, `disk-full` and the like
 */
export async function* unpack({ path, file, runs, sweeps, datasets }: Guest, take: Take, signal: AbortSignal): AsyncGenerator<Unpacking> {
  const parts = partsOf(path);
  const bundle = (kind: Bundle['kind'], id: string): Bundle => ({
    kind,
    id,
    bytes: sum(partsIn(parts, kind, id).map(({ length }) => length)),
  });
  const bundles = [
    ...datasets.map((id) => bundle('datasets', id)),
    ...sweeps.map(({ id }) => bundle('sweeps', id)),
    ...runs.map(({ id }) => bundle('runs', id)),
  ];
  const total = sum(bundles.map(({ bytes }) => bytes));
  const [taken, known]: [string[], string[]] = [[], []];
  let done = 0;
  yield { done, total, taken, known };
  for (const { kind, id, bytes } of bundles) {
    if (signal.aborted) return;
    const isNew = await take(kind, id, async (folder) => {
      for (const { name } of partsIn(parts, kind, id)) {
        const target = join(folder, ...name.split('/').slice(2));
        mkdirSync(dirname(target), { recursive: true });
        await copyPart(path, file, name, target, signal);
      }
    });
    (isNew ? taken : known).push(id);
    done += bytes;
    yield { done, total, taken: [...taken], known: [...known] };
  }
}

const partsIn = (parts: ReturnType<typeof partsOf>, kind: Bundle['kind'], id: string): { name: string; length: number }[] =>
  [...parts.values()].filter(({ name }) => name.startsWith(`${kind}/${id}/`));

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

async function copyPart(path: string, file: string, name: string, target: string, signal: AbortSignal): Promise<void> {
  await pipeline(checked(path, file, name), createWriteStream(target), { signal });
}

/**
 * Content of a part; fails at its end if it is not what was written.
 * @throws LotkaError `bad-input` naming the part
 */
export async function* checked(path: string, file: string, name: string): AsyncGenerator<Buffer> {
  const part = partsOf(path).get(name);
  const place = placeOf(insideOf(path, name));
  if (!part || !place) throw new LotkaError('bad-input', `"${file}" has no part ${name}.`);
  let checksum = 0;
  if (place.length > 0)
    for await (const chunk of createReadStream(path, { start: place.start, end: place.start + place.length - 1, highWaterMark: 1 << 20 })) {
      checksum = crc32(chunk as Buffer, checksum);
      yield chunk as Buffer;
    }
  if (checksum !== part.checksum)
    throw new LotkaError(
      'bad-input',
      `"${file}" is damaged: its part ${name} has another checksum. Ask for the file again, or copy it again.`,
    );
}
