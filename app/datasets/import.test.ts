import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LotkaError } from '#app/protocol/errors.ts';
import { imported, planned, refusal } from './testing.ts';

const lines = (header: string, ...rows: (string | number)[][]): string => [header, ...rows.map((row) => row.join(','))].join('\n');
const houses = lines(
  'rooms,town,garden,price',
  [3, 'Köln', 1, 210.5],
  [4, 'Bonn', 0, 330],
  [2, 'Köln', 0, 150],
  [5, 'Aachen', 1, 520],
  [4, 'Bonn', 1, 350],
);

describe('guesses', () => {
  it('takes the last column for the target and texts for categories', async () => {
    const plan = await planned(houses);
    expect(plan).toMatchObject({ target: 'price', task: 'regression', standardise: true, features: 5, trouble: null });
    expect(plan.columns.map(({ use }) => use)).toEqual(['number', 'category', 'number', 'target']);
  });

  it('takes a column by its usual name, and few whole numbers or texts for classes', async () => {
    expect(await planned(lines('label,x', [0, 1.5], [1, 2.5], [0, 3], [1, 4]))).toMatchObject({ target: 'label', task: 'classification' });
    expect(await planned(lines('x,kind', [1, 'a'], [2, 'b'], [3, 'a'], [4, 'b']))).toMatchObject({
      target: 'kind',
      task: 'classification',
    });
    expect(await planned(houses, 'data.csv', { target: 'rooms', task: 'regression' })).toMatchObject({
      target: 'rooms',
      task: 'regression',
    });
  });

  it('takes columns by whatever name', async () => {
    const plan = await planned(lines('constructor,__proto__,toString', [1, 2, 0], [2, 3, 1], [3, 5, 0], [4, 4, 1]));
    expect(plan.columns.map(({ use }) => use)).toEqual(['number', 'number', 'target']);
    expect(plan.trouble).toBeNull();
  });

  it('leaves out what tells nothing, and says why', async () => {
    const many = Array.from({ length: 70 }, (_, i) => [`name ${i}`, 'same', '', i, i % 2]);
    const { columns, trouble } = await planned(lines('name,constant,empty,x,y', ...many));
    expect(trouble).toBeNull();
    expect(columns.map(({ use, why }) => [use, why])).toEqual([
      ['skip', 'it has more than 64 different texts'],
      ['skip', 'it is the same in every row'],
      ['skip', 'nothing is in it'],
      ['number', null],
      ['target', null],
    ]);
  });
});

describe('data', () => {
  it('are standardised with the transformation recorded, categories one input each', async () => {
    const { inputs, target, transformation, rows, features } = await imported(houses, 'houses.csv', { name: 'Houses' });
    expect([rows, features]).toEqual([5, 5]);
    expect(transformation).toEqual({
      file: 'houses.csv',
      inputs: [
        { kind: 'number', column: 'rooms', mean: expect.closeTo(3.6, 12) as number, scale: expect.closeTo(Math.sqrt(1.04), 12) as number },
        { kind: 'category', column: 'town', categories: ['Aachen', 'Bonn', 'Köln'] },
        { kind: 'number', column: 'garden', mean: expect.closeTo(0.6, 12) as number, scale: expect.closeTo(Math.sqrt(0.24), 12) as number },
      ],
      target: [{ kind: 'number', column: 'price', mean: expect.closeTo(312.1, 9) as number, scale: expect.any(Number) as number }],
      leftOut: [],
      rowsLeftOut: 0,
    });
    expect([...inputs.subarray(0, 5)]).toEqual([
      expect.closeTo(-0.6 / Math.sqrt(1.04), 5),
      0,
      0,
      1,
      expect.closeTo(0.4 / Math.sqrt(0.24), 5),
    ]);
    expect(target.kind).toBe('number');
  });

  it('undo: what the transformation says gives the file back', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.tuple(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constantFrom('a', 'b', 'c'), fc.integer({ min: -50, max: 50 })),
          { minLength: 4, maxLength: 30 },
        ),
        fc.boolean(),
        async (rows, standardise) => {
          fc.pre([0, 1, 2].every((column) => new Set(rows.map((row) => row[column])).size > 1));
          const { inputs, target, transformation, features } = await imported(lines('x,kind,y', ...rows), 'data.csv', {
            standardise,
            task: 'regression',
            target: 'y',
          });
          const [x, kind] = transformation.inputs;
          if (x?.kind !== 'number' || kind?.kind !== 'category' || target.kind !== 'number') throw new Error('other kinds');
          const y = transformation.target[0]!;
          if (y.kind !== 'number') throw new Error('another kind');
          rows.forEach(([value, name, number], row) => {
            const tolerance = 1e-6 * (Math.abs(x.mean) + 10 * x.scale + Math.abs(value)) + 1e-30;
            expect(Math.abs(inputs[row * features]! * x.scale + x.mean - value)).toBeLessThanOrEqual(tolerance);
            expect(kind.categories[[...inputs.subarray(row * features + 1, (row + 1) * features)].indexOf(1)]).toBe(name);
            expect(target.values[row]! * y.scale + y.mean).toBeCloseTo(number, 3);
          });
        },
      ),
    );
  });

  it('leave rows out where told to, and say how many', async () => {
    const text = lines('x,y', [1, 'a'], ['', 'b'], [3, 'a'], [4, 'NA'], [5, 'b'], [6, 'a']);
    const data = await imported(text, 'data.csv', { missing: 'leave out', standardise: false });
    expect(data).toMatchObject({
      rows: 4,
      transformation: { rowsLeftOut: 2 },
      target: { labels: Int32Array.of(0, 0, 1, 0), classes: ['a', 'b'] },
    });
    expect([...data.inputs]).toEqual([1, 3, 5, 6]);
  });

  it('have labels in order of their numbers, not of their digits', async () => {
    const { target } = await imported(lines('x,y', [1, 10], [2, 9], [3, 2], [4, 10]), 'data.csv', { task: 'classification' });
    expect(target).toEqual({ kind: 'class', labels: Int32Array.of(2, 1, 0, 2), classes: ['2', '9', '10'] });
  });
});

describe('what is refused, with file, row and column', () => {
  const x = (...ys: (string | number)[]): string => lines('x,y', ...ys.map((y, i) => [i, y]));
  it.each([
    [
      'a missing value',
      lines('x,y', [1, 2], ['', 3], [3, 4.5], ['', 5]),
      {},
      'row 3, column "x": there is no value, nor in 1 more rows; fill it in, leave the column out, or leave such rows out.',
    ],
    ['a label that is NaN', x('a', 'b', 'NaN', 'b'), {}, 'row 4, column "y": there is no value; fill it in or leave such rows out.'],
    [
      'a text among numbers',
      lines('x,y', [1, 2], [2, 3], ['12 m', 4.5], [4, 5]),
      {},
      'row 4, column "x": "12 m" is not a number; correct it, use the column as categories, or leave it out.',
    ],
    [
      'a text among numbers to learn',
      x(1.5, 2, 'x', 3, 4),
      {},
      'row 4, column "y": "x" is not a number; correct it, learn classes instead.',
    ],
    [
      'a constant column that somebody wants',
      lines('x,c,y', [1, 7, 1], [2, 7, 0], [3, 7, 1], [4, 7, 0]),
      { columns: { c: 'number' } },
      'column "c": it is the same in every row and tells nothing; leave it out.',
    ],
    [
      'one class',
      x('a', 'a', 'a', 'a'),
      {},
      'column "y": there is one class only, "a", so nothing is to be learned; choose another column.',
    ],
    [
      'one number to learn',
      x(2.5, 2.5, 2.5, 2.5),
      {},
      'column "y": it is the same in every row, so nothing is to be learned; choose another column.',
    ],
    [
      'one column',
      'x\n1\n2\n3\n4',
      {},
      'it has one column only; one to learn and at least one to learn it from are needed: check the delimiter.',
    ],
    [
      'no inputs',
      lines('name,y', ['a', 1], ['a', 0], ['a', 1], ['a', 0]),
      {},
      'no column is left to learn from; use at least one besides the one to learn.',
    ],
    ['few rows', x(1, 0), {}, 'it has 2 rows; at least 4 are needed to train and test.'],
    ['an unknown target', x(1, 2, 3, 4), { target: 'z' }, 'it has no column "z"; it has "x", "y".'],
    ['infinity', x(1.5, 'inf', 2, 3), { target: 'y' }, 'row 3, column "y": "inf" is not a number; correct it, learn classes instead.'],
    [
      'a number beyond single precision',
      lines('x,y', [1, 1.5], [2, 2], ['1e39', 3], [4, 4]),
      {},
      'row 4, column "x": 1e+39 is too large for single precision, which ends at 3.4e38; use another unit.',
    ],
    [
      'nothing complete',
      lines('x,z,y', [1, '', 1], ['', 2, 0], [1, '', 0], ['', 2, 1]),
      { missing: 'leave out', columns: { x: 'number', z: 'number' } },
      null,
    ],
  ] as const)('%s', async (_what, text, told, sentence) => {
    const said = await refusal(text, 'data.csv', told);
    if (sentence === null) expect(said).toMatch(/^"data\.csv": of 4 rows something is missing in all but 0; at least 4 are needed\./);
    else expect(said).toBe(`"data.csv"${/^(row|column)/.test(sentence) ? ', ' : ': '}${sentence}`);
  });

  it('files of other kinds, and too large ones', async () => {
    expect(await refusal('x', 'data.xlsx')).toBe(
      '"data.xlsx": Lotka imports .csv (also .tsv and .txt), .npz and .parquet; save it as one of them.',
    );
    expect(await refusal(new Uint8Array(129 * 2 ** 20))).toBe(
      '"data.csv": it has 129 MB, more than the 128 MB that Lotka imports; take a sample.',
    );
    expect(await refusal('')).toBe('"data.csv": it is empty.');
  });
});

it('whatever a text table holds and whatever is chosen, there is a dataset without gaps or a sentence', async () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'y', '', '__proto__', 'constructor', 'toString', ' ', '"', 'x\ny', 'ä');
  const kinds = [
    fc.double({ min: -1e6, max: 1e6, noNaN: true }).map(String),
    fc.constantFrom('0', '1', '2'),
    fc.constantFrom('red', 'blue', '"', 'x\ny'),
    fc.constantFrom('1', '2', '', 'NaN'),
    fc.oneof(fc.constantFrom('1', 'red', '', 'inf', '1e39', '3,5', '-0'), fc.double().map(String)),
  ];
  const column = (rows: number) =>
    fc.tuple(
      name,
      fc.constantFrom(...kinds).chain((cell) => fc.array(cell, { minLength: rows, maxLength: rows })),
    );
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const table = fc
    .tuple(
      fc.integer({ min: 0, max: 12 }).chain((rows) => fc.array(column(rows), { minLength: 1, maxLength: 4 })),
      fc.constantFrom(',', ';', '\t', '|'),
    )
    .map(([columns, delimiter]) => {
      const line = (cells: string[]): string => cells.map(quoted).join(delimiter);
      return [line(columns.map(([title]) => title)), ...columns[0]![1].map((_, row) => line(columns.map(([, cells]) => cells[row]!)))].join(
        '\n',
      );
    });
  const choices = fc.record(
    {
      delimiter: fc.constantFrom(',' as const, ';' as const),
      header: fc.boolean(),
      decimal: fc.constantFrom('.' as const, ',' as const),
      target: name,
      task: fc.constantFrom('classification' as const, 'regression' as const),
      columns: fc.dictionary(name, fc.constantFrom('number' as const, 'category' as const, 'skip' as const), { maxKeys: 3 }),
      standardise: fc.boolean(),
      missing: fc.constantFrom('refuse' as const, 'leave out' as const),
    },
    { requiredKeys: [] },
  );
  let read = 0;
  await fc.assert(
    fc.asyncProperty(table, fc.oneof(fc.constant({}), choices), async (text, told) => {
      const data = await imported(text, 'data.csv', told).catch((error: unknown) => {
        expect(error).toBeInstanceOf(LotkaError);
        expect((error as LotkaError).message).toMatch(/^"data\.csv".*\.$/s);
        return null;
      });
      if (!data) return;
      read++;
      const { rows, features, inputs, target } = data;
      const numbers = target.kind === 'class' ? target.labels : target.values;
      expect([inputs.length, numbers.length]).toEqual([rows * features, rows]);
      expect([...inputs, ...numbers].every(Number.isFinite)).toBe(true);
    }),
    { numRuns: 2000 },
  );
  expect(read).toBeGreaterThan(50);
});
