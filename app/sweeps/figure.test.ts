import { Window } from 'happy-dom';
import { afterAll, describe, expect, it } from 'vitest';
import { drawFigure, type SvgNode } from '#app/figures/plot.ts';
import type { FigureSpec, Mark } from '#app/figures/spec.ts';
import { mapFigure, mapNote, marginalFigure, trialTable } from './figure.ts';
import { SweepMap } from './map.ts';
import { definitionOf, mapped, resultOf } from './testing.ts';

const window = new Window();
afterAll(() => window.close());
const draw = (spec: FigureSpec): SvgNode =>
  drawFigure(spec, { document: window.document, theme: 'light', width: 460, height: 320, fontFamily: 'Inter', paper: true });
const all = (svg: SvgNode, selector: string): SvgNode[] => Array.from(svg.querySelectorAll(selector));
const cellsOf = (spec: FigureSpec) => spec.marks[0] as Extract<Mark, { kind: 'cells' }>;

const record = { definition: definitionOf(3, 2, { seeds: { parameters: ['seed'], first: 4, count: 2 } }), added: [] };
const phases = ['grokking', 'confusion', 'memorization', 'comprehension', 'grokking'];
const map = (outcome?: string): SweepMap => {
  const made = new SweepMap(mapped, record, { outcome });
  phases.forEach((phase, point) => made.put(resultOf(point, 0, { phase, loss: 10 ** -point })));
  made.put(resultOf(0, 1, { phase: 'confusion', loss: 1 }));
  return made;
};

describe('a map of phases as a figure', () => {
  const spec = mapFigure(mapped, map(), { title: 'Phases' });
  const svg = draw(spec);

  it('grows upwards, in the colours of the phases, hatched where seeds disagree', () => {
    const cells = cellsOf(spec);
    expect(cells.rows.map(({ label }) => label)).toEqual(['1', '0']);
    expect(Array.from(cells.values)).toEqual([1, 0, Number.NaN, 0, 3, 2]);
    expect(cells.hatches).toEqual([{ label: 'seeds disagree', cells: [3] }]);
    const fills = all(svg, 'rect[data-value]').map((cell) => cell.getAttribute('fill'));
    expect(fills).toEqual(['#35a06b', '#f0c23c', 'none', '#f0c23c', '#2b3038', '#7a4fb5']);
    expect(all(svg, 'path[data-hatch="seeds disagree"]')).toHaveLength(1);
  });

  it('names its phases and fills its frame', () => {
    for (const { label } of mapped.phases) expect(svg.textContent).toContain(label);
    const [, , width, height] = svg.getAttribute('data-frame')!.split(' ').map(Number);
    const cell = all(svg, 'rect[data-value]')[0];
    expect(Number(cell.getAttribute('width'))).toBeCloseTo(width / 3, 1);
    expect(Number(cell.getAttribute('height'))).toBeCloseTo(height / 2, 1);
  });

  it('says what a cell is made of', () => {
    expect(mapNote(map(), record)).toBe('The majority of 2 seeds a cell.');
  });
});

it('a map of numbers has a colour bar and lines of equal value', () => {
  const spec = mapFigure(mapped, map('loss'), { title: 'Loss', isoLines: true });
  const cells = cellsOf(spec);
  expect(cells).toMatchObject({ scale: 'sequential', logarithmic: true });
  expect(cells.domain[0]).toBeCloseTo(1e-4);
  expect(cells.domain[1]).toBe(1);
  expect(cells.lines!.some(({ pieces }) => pieces.length > 0)).toBe(true);
  expect(draw(spec).textContent).toContain('Loss (nats)');
});

it('a marginal curve has the share of every phase', () => {
  const spec = marginalFigure(mapped, map(), 'x') as FigureSpec;
  const lines = spec.marks.filter((mark) => mark.kind === 'line');
  expect(lines.map(({ label }) => label)).toEqual(['Grokking', 'Comprehension', 'Memorization', 'Confusion']);
  expect(Array.from(lines[0].y)).toEqual([1 / 3, 0.5, 0]);
});

it('the table has one row a trial with its seed', () => {
  const table = trialTable(mapped, record, [resultOf(3, 1, { phase: 'grokking', loss: 2 }), resultOf(0, 0, {}, 'failed')]);
  expect(table.columns.slice(0, 5)).toEqual(['point', 'seed', 'rate', 'decay', 'state']);
  expect(table.rows.map((row) => row.slice(0, 5))).toEqual([
    [0, 4, 1e-4, 0, 'failed'],
    [3, 5, 1e-4, 1, 'finished'],
  ]);
});
