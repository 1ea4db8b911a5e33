import { describe, expect, it } from 'vitest';
import type { FigureSpec } from '#app/figures/spec.ts';
import { formulaHtml, pieces } from './formula.ts';
import { quantityText } from './numbers.ts';
import { valueRows } from './values.ts';

describe('quantities', () => {
  it.each([
    [0.99812, '0.9981'],
    [265432100, '265,432,100'],
    [-1234.5678, '−1,235'],
    [3.2e-7, '3.2 × 10⁻⁷'],
    [0, '0'],
    [Number.NaN, '–'],
    [Infinity, '∞'],
    ['finished', 'finished'],
    [[4, 5, 11], '4, 5, 11'],
    [[], 'none'],
  ])('%s is written %s', (value, text) => expect(quantityText(value)).toBe(text));

  it('cuts long lists and says how long they are', () => {
    expect(quantityText(Array.from({ length: 29 }, (_, index) => index))).toBe('0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, … (29)');
  });
});

describe('formulas in text', () => {
  it('are what stands between dollar signs', () => {
    expect(pieces('signals $s_k$ of 29').map((piece) => (piece.kind === 'text' ? piece.text : `[${piece.source}]`))).toEqual([
      'signals ',
      '[s_k]',
      ' of 29',
    ]);
  });

  it('leave a lone dollar sign alone', () => {
    expect(pieces('costs 5 $')).toEqual([{ kind: 'text', text: 'costs 5 $' }]);
  });

  it('never carry markup of their own', () => {
    const html = formulaHtml('\\href{javascript:alert(1)}{x} <img src=x>');
    expect(html).not.toContain('<img');
    expect(html).not.toMatch(/href="javascript/);
  });
});

describe('values as a table', () => {
  const axis = { unit: '', scale: 'linear' } as const;
  it('tells the ends, extremes and the present value of lines', () => {
    const spec: FigureSpec = {
      id: 'f',
      title: 'f',
      x: { ...axis, label: 'step' },
      y: { ...axis, label: 'loss' },
      marks: [{ kind: 'line', label: 'train', x: [0, 1, 2, 3], y: [4, 1, 2, 3], colour: 'ink' }],
    };
    const table = valueRows(spec, 2);
    expect(table.columns).toEqual(['line', 'first', 'at step 2', 'last', 'least', 'greatest']);
    expect(table.rows).toEqual([['train', '4', '2', '3', '1', '4']]);
    expect(valueRows({ ...spec, marks: [{ ...spec.marks[0], x: [], y: [] } as (typeof spec.marks)[0]] }, 2).rows).toEqual([
      ['train', '', '', '', '', ''],
    ]);
  });

  it('puts the largest cells first and says how many are left out', () => {
    const names = Array.from({ length: 9 }, (_, index) => ({ label: String(index + 1) }));
    const spec: FigureSpec = {
      id: 'f',
      title: 'f',
      x: { ...axis, label: 'cause' },
      y: { ...axis, label: 'affected' },
      marks: [
        {
          kind: 'cells',
          rows: names,
          columns: names,
          values: Array.from({ length: 81 }, (_, index) => (index === 12 ? -5 : index / 100)),
          scale: 'diverging',
          domain: [-5, 5],
          valueLabel: 'A',
        },
      ],
    };
    const table = valueRows(spec, 0);
    expect(table.rows[0]).toEqual(['2', '4', '−5']);
    expect(table.rows).toHaveLength(60);
    expect(table.remark).toContain('21 more');
  });
});
