import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toCsv } from './csv.ts';
import type { FigureSpec } from './spec.ts';
import { figureTable } from './table.ts';

/** A reader of RFC 4180, written apart from the writer. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let [row, field, quoted] = [[] as string[], '', false];
  for (let i = 0; i < text.length; i += 1) {
    const here = text[i];
    if (quoted) {
      if (here !== '"') field += here;
      else if (text[i + 1] === '"') [field, i] = [`${field}"`, i + 1];
      else quoted = false;
    } else if (here === '"') quoted = true;
    else if (here === ',') [row, field] = [[...row, field], ''];
    else if (here === '\r' && text[i + 1] === '\n') {
      rows.push([...row, field]);
      [row, field, i] = [[], '', i + 1];
    } else field += here;
  }
  return rows;
}

const axes = { x: { label: 'step', unit: '', scale: 'log' }, y: { label: 'loss', unit: 'nats', scale: 'log' } } as const;

it('lines over the same steps become one column each, the start included', () => {
  const x = Float64Array.of(0, 1, 2);
  const spec: FigureSpec = {
    id: 'a',
    title: 'A',
    ...axes,
    marks: [
      { kind: 'line', label: 'train', x, y: [3, 2, 1], colour: 'ink' },
      { kind: 'line', label: 'test', x: Float64Array.of(0, 1, 2), y: [4, Number.NaN, 1.5], colour: 'accent' },
      { kind: 'rule', axis: 'x', at: 1, colour: 'accent' },
    ],
  };
  const table = figureTable(spec);
  expect(table.columns).toEqual(['step', 'train', 'test']);
  expect(table.rows[1]).toEqual([1, 2, Number.NaN]);
});

it('bands are two lines', () => {
  const x = [1, 2];
  const spec: FigureSpec = {
    id: 'a',
    title: 'A',
    ...axes,
    marks: [
      { kind: 'band', label: 'train', x, low: [0, 1], high: [2, 3], colour: 'ink' },
      { kind: 'line', label: 'train', x, y: [1, 2], colour: 'ink' },
    ],
  };
  expect(figureTable(spec)).toEqual({
    columns: ['step', 'train, least', 'train, greatest', 'train'],
    rows: [
      [1, 0, 2, 1],
      [2, 1, 3, 2],
    ],
  });
});

it('lines over different steps, points and cells become long tables', () => {
  const spec: FigureSpec = {
    id: 'a',
    title: 'A',
    ...axes,
    marks: [
      { kind: 'line', label: 'train', x: [0, 1], y: [3, 2], colour: 'ink' },
      { kind: 'points', points: [{ x: 5, y: 6, key: 'k=5', colour: 'f1', filled: true }] },
    ],
  };
  expect(figureTable(spec)).toEqual({
    columns: ['series', 'step', 'loss (nats)'],
    rows: [
      ['train', 0, 3],
      ['train', 1, 2],
      ['k=5', 5, 6],
    ],
  });
  const cells: FigureSpec = {
    ...spec,
    marks: [
      {
        kind: 'cells',
        rows: [{ label: '1' }, { label: '−2.3', value: -2.345 }],
        columns: [{ label: 'a' }],
        values: [0.5, -0.5],
        scale: 'diverging',
        domain: [-1, 1],
        valueLabel: 'A',
      },
    ],
  };
  expect(figureTable(cells)).toEqual({
    columns: ['loss', 'step', 'A'],
    rows: [
      ['1', 'a', 0.5],
      [-2.345, 'a', -0.5],
    ],
  });
});

it('reads back as the same text and the same doubles', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), fc.double()), { minLength: 1 }), fc.string({ minLength: 1 }), (rows, name) => {
      const [header, ...body] = parse(toCsv({ columns: [name, 'value'], rows }));
      expect(header).toEqual([name, 'value']);
      expect(body.map(([text]) => text)).toEqual(rows.map(([text]) => text));
      body.forEach(([, value], index) => expect(Object.is(Number(value), rows[index][1])).toBe(true));
    }),
  );
});

it('writes comments first, one line each, and missing values as nothing', () => {
  expect(toCsv({ columns: ['a', 'b'], rows: [[1, null]] }, ['run x\ny'])).toBe('# run x\r\n# y\r\na,b\r\n1,\r\n');
});
