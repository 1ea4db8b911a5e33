import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LotkaError } from '#app/protocol/errors.ts';
import { delimiters, readCsv, type CsvChoices, type Delimiter } from './csv.ts';
import { cellOf } from './table.ts';
import { bytesOf, noTurn, refusal } from './testing.ts';

async function cells(text: string | Uint8Array, choices: CsvChoices = {}) {
  const table = await readCsv(typeof text === 'string' ? bytesOf(text) : text, 'data.csv', choices, noTurn);
  return {
    names: table.columns.map(({ name }) => name),
    rows: Array.from({ length: table.rows }, (_, row) => table.columns.map((column) => column.cell(row))),
    firstRow: table.firstRow,
    choices: table.choices,
  };
}

describe('what it finds out', () => {
  it.each(delimiters.map((delimiter) => ({ delimiter })))('the delimiter $delimiter', async ({ delimiter }) => {
    const text = [
      ['name', 'a', 'b'],
      ['x, y; z', '1', '2'],
      ['q|w\tv', '3', '4.5'],
    ]
      .map(([name, ...others]) => [name === 'name' ? name : `"${name}"`, ...others].join(delimiter))
      .join('\r\n');
    expect(await cells(text)).toEqual({
      names: ['name', 'a', 'b'],
      rows: [
        ['x, y; z', 1, 2],
        ['q|w\tv', 3, 4.5],
      ],
      firstRow: 2,
      choices: { delimiter, header: true, decimal: '.' },
    });
  });

  it('whether there is a header, and takes being told otherwise', async () => {
    expect(await cells('1,2\n3,4')).toMatchObject({ names: ['column 1', 'column 2'], firstRow: 1 });
    expect(await cells('a,b\n3,4', { header: false })).toMatchObject({
      rows: [
        ['a', 'b'],
        [3, 4],
      ],
      firstRow: 1,
    });
    expect(await cells('1999,2000\n3,4', { header: true })).toMatchObject({ names: ['1999', '2000'], rows: [[3, 4]] });
    expect((await cells('a,a,\n1,2,3', { header: true })).names).toEqual(['a', 'a (2)', 'column 3']);
  });

  it('a header that has nothing above the row numbers, as pandas writes it', async () => {
    expect(await cells(',a,b\n0,1,2\n1,3,4')).toMatchObject({ names: ['column 1', 'a', 'b'], firstRow: 2 });
    expect(await cells(',\n1,2')).toMatchObject({ names: ['column 1', 'column 2'], firstRow: 1 });
  });

  it('a decimal comma, where commas are not between cells', async () => {
    expect(await cells('a;b\n3,5;-1,25e2\n4;x')).toMatchObject({
      rows: [
        [3.5, -125],
        [4, 'x'],
      ],
      choices: { decimal: ',' },
    });
    expect(await cells('a;b\n3,5;1', { decimal: '.' })).toMatchObject({ rows: [['3,5', 1]] });
  });

  it('cells as numbers, texts or nothing', () => {
    expect(['1', ' -2.5e-3 ', '.5', '7.', '+1', 'NA', '', 'nan', 'null', '1,000', '0x10', 'Infinity', '1e999', '12 m'].map(cellOf)).toEqual(
      [1, -0.0025, 0.5, 7, 1, null, null, null, null, '1,000', '0x10', 'Infinity', '1e999', '12 m'],
    );
  });

  it('leaves a mark of byte order, blank ends, and either end of line aside', async () => {
    expect((await cells('\ufeffa,b\r\n1,2\r\n\r\n  \n')).rows).toEqual([[1, 2]]);
    expect((await cells('a,b\r1,\r')).rows).toEqual([[1, null]]);
    expect((await cells('a\tb\n1\t')).rows).toEqual([[1, null]]);
  });
});

const field = fc.oneof(
  fc.string(),
  fc.constantFrom('', '"', 'a"b', 'x,y', 'line\nbreak', 'ä;ö|\t', '\r\n', '3.5'),
  fc.double({ noNaN: true }).map(String),
);
const clean = (text: string): string => text.replace(/[\0\ufeff\ufffd\p{Cs}]/gu, '');

describe('RFC 4180', () => {
  it('every table that is written by its rules is read as it was', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc
          .integer({ min: 2, max: 5 })
          .chain((width) => fc.array(fc.array(field.map(clean), { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 })),
        fc.constantFrom<Delimiter>(...delimiters),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        async (rows, delimiter, end, finished) => {
          const quoted = (cell: string): string =>
            /["\r\n,;\t|]/.test(cell) || cell.trim() === '' ? `"${cell.replaceAll('"', '""')}"` : cell;
          const text = rows.map((row) => row.map(quoted).join(delimiter)).join(end) + (finished ? end : '');
          const read = await cells(text, { delimiter, header: false, decimal: '.' });
          expect(read.rows).toEqual(rows.map((row) => row.map(cellOf)));
        },
      ),
    );
  });

  it('any bytes give a table or a sentence', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', ';', 'a', '1', ' ') }).map(bytesOf),
        ),
        async (bytes) => {
          await cells(bytes).then(
            ({ rows, names }) => expect(rows.every((row) => row.length === names.length)).toBe(true),
            (error: unknown) => {
              expect(error).toBeInstanceOf(LotkaError);
              expect((error as LotkaError).code).toBe('bad-input');
              expect((error as LotkaError).message).toMatch(/^"data\.csv".*\.$/);
            },
          );
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('bad files', () => {
  it('names row and column', async () => {
    expect(await refusal('a,b,c\n1,2,3\n4,5\n')).toBe(
      '"data.csv", row 3: it has 2 cells, and the first row has 3, between commas; check that row, or choose another delimiter.',
    );
    expect(await refusal('a,b\n1,2\n\n3,4')).toBe('"data.csv", row 3: it is empty; delete it.');
    expect(await refusal('a,b\n1,"2\n3,4')).toBe('"data.csv", row 2, column 2: its quotation mark is never closed.');
    expect(await refusal('a,b\n1,"2"3\n')).toBe(
      '"data.csv", row 2, column 2: something follows its closing quotation mark; a quotation mark inside a cell is written twice.',
    );
    expect(await refusal('a,b\n')).toBe('"data.csv": it has a header and no rows below it.');
    expect(await refusal('\n\n')).toBe('"data.csv": it is empty; a table has a row for each sample.');
  });

  it('tells a wrong delimiter', async () => {
    expect(await refusal('a,b\n1,2\n3,4\n5,6\n7,8', 'data.csv', { delimiter: ';' })).toBe(
      '"data.csv": it has one column between these delimiters; "," stands between more, choose it.',
    );
  });

  it('tells what is no UTF-8 text', async () => {
    expect(await refusal(Uint8Array.of(0xff, 0xfe, 97, 0))).toBe('"data.csv": it is written in UTF-16; save it as UTF-8.');
    expect(await refusal(Uint8Array.of(97, 44, 98, 10, 0xe4, 44, 49))).toBe(
      '"data.csv", line 2: a character there is not in UTF-8; save the file as UTF-8.',
    );
    expect(await refusal(Uint8Array.of(1, 0, 0))).toBe('"data.csv": it is no text: there are bytes of zero in it.');
  });

  it('refuses ten million rows soon, in so many words', async () => {
    const bytes = bytesOf(`a,b\n${'1,2\n'.repeat(10_000_000)}`);
    const begun = performance.now();
    expect(await refusal(bytes)).toBe(
      '"data.csv": it has 10,000,000 rows, more than the 1,000,000 that Lotka imports; take a sample of them.',
    );
    expect(performance.now() - begun).toBeLessThan(5000);
  });

  it('refuses a row of too many columns before it has read them all', async () => {
    expect(await refusal(bytesOf(','.repeat(1_000_000)))).toMatch(/columns, more than the 8,192 that Lotka imports/);
  });
});
