import { Window } from 'happy-dom';
import { afterAll, describe, expect, it } from 'vitest';
import { drawFigure, type SvgNode } from '#app/figures/plot.ts';
import type { FigureSpec, Mark } from '#app/figures/spec.ts';
import { canBeSmoothed, mapFigure, mapNote, marginalFigure, trialTable } from './figure.ts';
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
    expect(mapNote(map(), { ...record, done: 12, planned: 12 })).toBe('The majority of 2 seeds a cell.');
    const oneSeed = new SweepMap(mapped, record, { seed: 1 });
    expect(mapNote(oneSeed, { ...record, done: 7, planned: 12 })).toBe('Seed 5 only. 7 of 12 trials are trained.');
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

describe('a map that refining divided', () => {
  // Planned at rates 1e-4, 1e-3, 1e-2 and decays 0, 1; a rate between the first two was added at decay 0 only.
  const between = { rate: 3e-4, decay: 0 };
  const refined = new SweepMap(mapped, { definition: definitionOf(3, 2), added: [between] });
  for (let point = 0; point < 7; point += 1) refined.put(resultOf(point, 0, { phase: point === 6 ? 'grokking' : 'confusion', loss: 1 }));
  const spec = mapFigure(mapped, refined, { title: 'Refined' });
  const svg = draw(spec);

  it('covers its frame with what is trained', () => {
    const [x, y, width, height] = svg.getAttribute('data-frame')!.split(' ').map(Number);
    const boxes = all(svg, 'rect[data-value]').map((rect) => ({
      value: Number(rect.getAttribute('data-value')),
      left: (Number(rect.getAttribute('x')) - x) / width,
      top: (Number(rect.getAttribute('y')) - y) / height,
      right: (Number(rect.getAttribute('x')) + Number(rect.getAttribute('width')) - x) / width,
      bottom: (Number(rect.getAttribute('y')) + Number(rect.getAttribute('height')) - y) / height,
    }));
    expect(boxes).toHaveLength(7);
    expect(boxes.at(-1)!.value).toBe(0);
    const at = (across: number, down: number): number | undefined =>
      boxes.findLast(({ left, right, top, bottom }) => across > left && across < right && down > top && down < bottom)?.value;
    for (let i = 0; i < 24; i += 1) for (let j = 0; j < 16; j += 1) expect(at((i + 0.5) / 24, (j + 0.5) / 16)).toBeTypeOf('number');
    // Between the first two rates, at the foot; above it what was planned goes on.
    expect(at(0.33, 0.9)).toBe(0);
    expect(at(0.33, 0.1)).toBe(3);
    expect(at(0.05, 0.9)).toBe(3);
  });

  it('cannot have smooth boundaries', () => {
    expect(canBeSmoothed(refined)).toBe(false);
    expect(cellsOf(mapFigure(mapped, refined, { title: 'Refined', smoothed: true })).smooth).toBeUndefined();
  });
});

it('a map with smooth boundaries is drawn in the colours of its phases and says so', () => {
  const spec = mapFigure(mapped, map(), { title: 'Smooth', smoothed: true });
  const svg = draw(spec);
  expect(all(svg, 'rect[data-value]')).toHaveLength(0);
  expect(
    all(svg, 'path[data-smooth]')
      .map((path) => path.getAttribute('data-smooth'))
      .sort(),
  ).toEqual(['Comprehension', 'Confusion', 'Grokking', 'Memorization']);
  expect(spec.notes!.some(({ text }) => text.includes('smoothed for display'))).toBe(true);
  expect(canBeSmoothed(map('loss'))).toBe(false);
});

it('an axis along a logarithm names powers of ten where not all values have room', () => {
  const definition = definitionOf(21, 2);
  const fine = new SweepMap(mapped, { definition, added: [] });
  const texts = all(draw(mapFigure(mapped, fine, { title: 'Fine' })), 'text').map((text) => text.textContent);
  for (const name of ['10⁻⁴', '10⁻³', '10⁻²']) expect(texts).toContain(name);
  expect(fine.x.names.slice(0, 3)).toEqual(['0.0001', '0.00013', '0.00016']);
  const closer = new SweepMap(mapped, { definition: definitionOf(401, 2), added: [] });
  expect(new Set(closer.x.names).size).toBe(401);
});
