import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { LotkaError } from '#app/protocol/errors.ts';
import { readParquet } from './parquet.ts';
import { imported, noTurn, refusal } from './testing.ts';

const golden = (name: string): Uint8Array => new Uint8Array(readFileSync(join(import.meta.dirname, 'golden', name)));

describe('what Arrow wrote', () => {
  it.each(['none', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4', 'v2'])('houses, %s', async (how) => {
    const table = await readParquet(golden(`houses-${how}.parquet`), 'houses.parquet', noTurn);
    expect(table.rows).toBe(6);
    expect(table.columns.map(({ name, cell }) => [name, ...Array.from({ length: 6 }, (_, row) => cell(row))])).toEqual([
      ['rooms', 3, 4, 2, 5, 4, 3],
      ['area', 52.5, 81, 38.25, 120, null, 60],
      ['garden', 1, 0, 0, 1, 1, 0],
      ['town', 'Köln', 'Bonn', 'Köln', 'Aachen', 'Bonn', 'Köln'],
      ['price', 210, 330, 150, 520, 350, 240],
    ]);
  });

  it('dates, as texts', async () => {
    const { columns } = await readParquet(golden('dates.parquet'), 'dates.parquet', noTurn);
    expect(columns.map(({ name, cell }) => [name, cell(0), cell(3)])).toEqual([
      ['day', '1970-01-02T00:00:00.000Z', '1970-01-05T00:00:00.000Z'],
      ['y', 1, 4],
    ]);
  });

  it('becomes a dataset', async () => {
    const data = await imported(golden('houses-snappy.parquet'), 'houses.parquet', {
      missing: 'leave out',
      standardise: false,
      task: 'regression',
    });
    expect(data).toMatchObject({ rows: 5, features: 6, target: { kind: 'number', width: 1 } });
    expect(data.target.kind === 'number' && [...data.target.values]).toEqual([210, 330, 150, 520, 240]);
    expect([...data.inputs.subarray(0, 6)]).toEqual([3, 52.5, 1, 0, 0, 1]);
  });
});

describe('bad files', () => {
  it('tells structures and bytes apart from what is learned', async () => {
    const written = (columnData: Parameters<typeof parquetWriteBuffer>[0]['columnData']) =>
      refusal(new Uint8Array(parquetWriteBuffer({ columnData })), 'a.parquet');
    const y = { name: 'y', data: [1, 2, 3, 4] };
    expect(await written([{ name: 'place', data: [{ x: 1 }, { x: 2 }, { x: 3 }, { x: 4 }], type: 'JSON' }, y])).toBe(
      '"a.parquet", row 1, column "place": it holds values that are no numbers or texts; leave the column out of the file.',
    );
    expect(await written([{ name: 'x', data: [1, 2, NaN, 4], type: 'DOUBLE' }, y])).toBe(
      '"a.parquet", row 3, column "x": there is no value; fill it in, leave the column out, or leave such rows out.',
    );
    expect(await written([{ name: 'x', data: [1, 2, Infinity, 4], type: 'DOUBLE' }, y])).toBe(
      '"a.parquet", row 3, column "x": "Infinity" is not a number; correct it, use the column as categories, or leave it out.',
    );
  });

  it('names row and column', async () => {
    expect(await refusal(golden('houses-zstd.parquet'), 'houses.parquet', { target: 'price' })).toBe(
      '"houses.parquet", row 5, column "area": there is no value; fill it in, leave the column out, or leave such rows out.',
    );
    expect(await refusal(golden('nested.parquet'), 'nested.parquet')).toBe(
      '"nested.parquet", column "list": it holds lists or structures; write one column for each of their numbers.',
    );
    expect(await refusal(new Uint8Array(50), 'a.parquet')).toBe(
      '"a.parquet": it is not a Parquet file that can be read: it is damaged or cut off.',
    );
  });

  it('a file that was cut off or has another end', async () => {
    const bytes = golden('houses-snappy.parquet');
    for (let end = 0; end < bytes.length; end += 13)
      expect(await refusal(bytes.subarray(0, end), 'houses.parquet')).toMatch(/^"houses\.parquet": it is/);
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 9), fc.uint8Array({ minLength: 1, maxLength: 40 }), async (end, rest) => {
        const other = Uint8Array.of(...bytes.subarray(0, end), ...rest, ...bytes.subarray(-8));
        await readParquet(other, 'houses.parquet', noTurn).catch((error: unknown) => expect(error).toBeInstanceOf(LotkaError));
      }),
    );
  });
});
