import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { ImportChoices } from '#app/datasets/choices.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { buildBundle } from '#main/testing/bundle.ts';
import { refused } from '#main/testing/service.ts';
import { FileReader, type ReaderLimits } from './reader.ts';

let script: string;
beforeAll(async () => {
  script = join(await buildBundle('dataset-reader'), 'dataset-reader.js');
});

const golden = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(join(import.meta.dirname, '..', '..', 'app', 'datasets', 'golden', name)));
const choices = ImportChoices.parse({});
const readerOf = (file: string, bytes: Uint8Array, limits?: ReaderLimits): FileReader => new FileReader(file, bytes, limits, script);
const damaged = (bytes: Uint8Array, changes: readonly (readonly [number, number])[]): Uint8Array => {
  const copy = bytes.slice();
  for (const [at, value] of changes) copy[at] = value;
  return copy;
};

it('reads a file as often as it is asked, and again after it was left', async () => {
  const reader = readerOf('houses.parquet', golden('houses-zstd.parquet'));
  expect(await reader.preview(choices, {})).toMatchObject({ rows: 6, target: 'price' });
  expect(await reader.preview({ ...choices, target: 'rooms' }, {})).toMatchObject({ target: 'rooms' });
  const data = await reader.import({ ...choices, missing: 'leave out' }, {});
  expect(data).toMatchObject({ rows: 5, features: 6 });
  expect(data.inputs).toBeInstanceOf(Float32Array);
  reader.leave();
  expect(await reader.preview(choices, {})).toMatchObject({ rows: 6 });
  reader.leave();
});

it('gives up a file that would be read for ever, and one that would fill the memory', async () => {
  // A run of 2^29 equal values in a page of six.
  const endless = damaged(golden('houses-v2.parquet'), [
    [1295, 245],
    [274, 172],
    [232, 71],
    [223, 72],
  ]);
  const slow = readerOf('endless.parquet', endless, { megabytes: 4096, seconds: 1 });
  const begun = performance.now();
  const error = await refused(slow.preview(choices, {}));
  expect(error.message).toMatch(/^"endless\.parquet": .*damaged/);
  expect(performance.now() - begun).toBeLessThan(5000);
  const long = new TextEncoder().encode(`x,y\n${'1,2\n'.repeat(900_000)}`);
  const small = readerOf('long.csv', long, { megabytes: 4, seconds: 20 });
  expect((await refused(small.preview(choices, {}))).message).toBe(
    '"long.csv": reading it takes too much memory; it is damaged, or made to be so.',
  );
});

it('a damaged file gives data or a sentence soon, whatever its bytes are', async () => {
  const names = ['houses-none', 'houses-snappy', 'houses-gzip', 'houses-zstd', 'houses-brotli', 'houses-lz4', 'houses-v2'];
  const readers: FileReader[] = [];
  for (const name of names) {
    const bytes = golden(`${name}.parquet`);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }), async (changes) => {
        const reader = readerOf('houses.parquet', damaged(bytes, changes), { megabytes: 128, seconds: 1 });
        readers.push(reader);
        const begun = performance.now();
        await reader.preview(choices, {}).then(
          ({ rows }) => expect(rows).toBeGreaterThanOrEqual(0),
          (error: unknown) => {
            expect(error).toBeInstanceOf(LotkaError);
            expect((error as LotkaError).message).toMatch(/^"houses\.parquet".*\.$/);
          },
        );
        expect(performance.now() - begun).toBeLessThan(10_000);
        reader.leave();
      }),
      { numRuns: 8 },
    );
  }
}, 120_000);
