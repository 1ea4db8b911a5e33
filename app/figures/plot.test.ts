import fc from 'fast-check';
import { Window } from 'happy-dom';
import { afterAll, describe, expect, it } from 'vitest';
import { drawnSize, sizeNames } from './drawing.ts';
import { layOut, paperMargin } from './layout.ts';
import { drawFigure, type DrawOptions, type SvgNode } from './plot.ts';
import type { Axis, ColourToken, FigureSpec, Mark } from './spec.ts';
import { textWidth } from './text.ts';

const window = new Window();
afterAll(() => window.close());
const options: DrawOptions = { document: window.document, theme: 'dark', width: 372, height: 200, fontFamily: 'Inter' };
const draw = (spec: FigureSpec, more: Partial<DrawOptions> = {}) => drawFigure(spec, { ...options, ...more });
const all = (svg: SvgNode, selector: string) => Array.from(svg.querySelectorAll(selector));

const steps = Float64Array.from({ length: 1501 }, (_, step) => step);
const line = (key: string, height: number, colour: ColourToken): Mark => ({
  kind: 'line',
  key,
  label: key.replace('=', ' = '),
  x: steps,
  y: steps.map((step) => height + 10 * Math.sin(step / 90)),
  colour,
  legend: colour !== 'dead',
});
const signals: FigureSpec = {
  id: 'signals',
  title: 'Signals sₖ(t) of 4 frequencies',
  aside: '2 ahead',
  x: { label: 'step', unit: '', scale: 'log' },
  y: { label: 'signal sₖ', unit: '', scale: 'linear' },
  marks: [
    line('k=1', 20, 'dead'),
    line('k=2', 30, 'dead'),
    line('k=3', 80, 'f1'),
    line('k=4', 81, 'f2'),
    { kind: 'rule', axis: 'x', at: 420, colour: 'accent', label: 'now' },
  ],
  notes: [{ text: 'describes, does not forecast', tone: 'warn' }],
};
const matrix: FigureSpec = {
  id: 'coupling',
  title: 'Coupling',
  x: { label: 'cause j', unit: '', scale: 'category' },
  y: { label: 'affected i', unit: '', scale: 'category' },
  marks: [
    {
      kind: 'cells',
      rows: Array.from({ length: 29 }, (_, i) => ({ label: `${i + 1}`, key: `k=${i + 1}`, ...(i === 4 ? { colour: 'f1' as const } : {}) })),
      columns: Array.from({ length: 29 }, (_, i) => ({ label: `${i + 1}`, key: `k=${i + 1}` })),
      values: Float64Array.from({ length: 841 }, (_, i) => Math.sin(i)),
      scale: 'diverging',
      domain: [-1, 1],
      valueLabel: 'Aᵢⱼ (1/step)',
    },
  ],
};

/** Places of all text, with translations of ancestors added up and widths estimated. */
function texts(svg: SvgNode): { text: string; left: number; right: number; y: number }[] {
  const found: { text: string; left: number; right: number; y: number }[] = [];
  const walk = (node: SvgNode, x: number, y: number, anchor: string, size: number): void => {
    const moved = /translate\(([-\d.e]+)(?:,\s*([-\d.e]+))?\)/.exec(node.getAttribute('transform') ?? '');
    const [left, top] = [x + Number(moved?.[1] ?? 0), y + Number(moved?.[2] ?? 0)];
    const here = node.getAttribute('text-anchor') ?? anchor;
    const own = Number(node.getAttribute('font-size') ?? size);
    if (node.tagName === 'text') {
      const width = textWidth(node.textContent ?? '', own);
      const at = left + Number(node.getAttribute('x') ?? 0);
      const shift = here === 'end' ? width : here === 'middle' ? width / 2 : 0;
      const raised = (node.getAttribute('y') ?? '0').endsWith('em')
        ? own * Number.parseFloat(node.getAttribute('y')!)
        : Number(node.getAttribute('y') ?? 0);
      found.push({ text: node.textContent ?? '', left: at - shift, right: at - shift + width, y: top + raised });
    }
    for (const child of Array.from(node.children)) walk(child, left, top, here, own);
  };
  walk(svg, 0, 0, 'start', 11);
  return found;
}

/** Numbers of all path data, in the order x, y, x, y. */
const coordinates = (svg: SvgNode): number[][] =>
  all(svg, 'path').flatMap((path) => {
    const numbers = (path.getAttribute('d') ?? '').match(/-?\d+(\.\d+)?(e-?\d+)?/g)?.map(Number) ?? [];
    return numbers.flatMap((_, i) => (i % 2 === 0 ? [[numbers[i], numbers[i + 1]]] : []));
  });

describe('what is shaded', () => {
  const spread: Mark = {
    kind: 'band',
    label: 'seeds',
    x: steps,
    low: steps.map((step) => 10 + step / 100),
    high: steps.map((step) => 20 + step / 100),
    colour: 'f3',
  };

  it('lies between two lines, within the frame, and widens the axis', () => {
    const svg = draw({ ...signals, marks: [spread, line('k=1', 14, 'f1')] });
    const [band] = all(svg, 'path[data-label="seeds"]');
    expect(band.getAttribute('d')).toMatch(/Z$/);
    const [, top, , height] = svg.getAttribute('data-frame')!.split(' ').map(Number);
    for (const [, y] of coordinates(svg)) {
      expect(y).toBeGreaterThan(top - 1);
      expect(y).toBeLessThan(top + height + 1);
    }
  });

  it('reaches the edge where an end has no place on the axis, such as zero on a logarithmic one', () => {
    const logarithmic: FigureSpec = { ...signals, y: { ...signals.y, scale: 'log' }, marks: [{ ...spread, low: steps.map(() => 0) }] };
    const svg = draw(logarithmic);
    const [, top, , height] = svg.getAttribute('data-frame')!.split(' ').map(Number);
    expect(Math.max(...coordinates(svg).map(([, y]) => y))).toBeCloseTo(top + height, 0);
  });

  it('covers a stretch of an axis, as far as the figure shows it', () => {
    const marks: Mark[] = [{ kind: 'span', axis: 'x', from: 100, to: 1e9, colour: 'good' }, line('k=1', 20, 'f1')];
    const svg = draw({ ...signals, marks });
    const [left, top, width, height] = svg.getAttribute('data-frame')!.split(' ').map(Number);
    const [box] = all(svg, 'rect').filter((rect) => rect.getAttribute('y') !== null);
    const [x, y, across, down] = ['x', 'y', 'width', 'height'].map((name) => Number(box.getAttribute(name)));
    expect([x + across, y, down]).toEqual([expect.closeTo(left + width, 0), expect.closeTo(top, 0), expect.closeTo(height, 0)]);
    expect(x).toBeGreaterThan(left + width / 3);
    expect(
      all(draw({ ...signals, marks: [{ kind: 'span', axis: 'x', from: 1e8, to: 1e9, colour: 'good' }, marks[1]] }), 'rect'),
    ).toHaveLength(0);
  });
});

describe('lines', () => {
  const svg = draw(signals);

  it('draws one path a line, linked by its key, with no more points than the screen shows', () => {
    expect(['k=1', 'k=2', 'k=3', 'k=4'].map((key) => all(svg, `path[data-key="${key}"]`).length)).toEqual([1, 1, 1, 1]);
    for (const path of all(svg, 'path[data-key]')) {
      const points = path.getAttribute('d')!.split('L').length;
      expect(points).toBeGreaterThan(100);
      expect(points).toBeLessThan(400);
    }
  });

  it('labels the axes with round numbers, thousands separated', () => {
    const labels = texts(svg).map(({ text }) => text);
    expect(labels).toEqual(expect.arrayContaining(['1', '10', '100', '1,000', 'step', 'signal sₖ', 'now', 'k = 3', 'k = 4']));
  });

  it('keeps names at the line ends apart', () => {
    const [one, other] = texts(svg).filter(({ text }) => text === 'k = 3' || text === 'k = 4');
    expect(Math.abs(one.y - other.y)).toBeGreaterThan(11);
  });

  it('is one image with a name, and nothing inside it claims another role', () => {
    expect(svg.getAttribute('role')).toBe('img');
    expect(svg.getAttribute('aria-label')).toContain('Signals sₖ(t) of 4 frequencies');
    expect(all(svg, '[aria-label], [aria-description], style, [style]')).toHaveLength(0);
  });

  it('leaves title and notes to the panel on screen and writes them on paper', () => {
    expect(texts(svg).some(({ text }) => text === signals.title)).toBe(false);
    const paper = draw(signals, { paper: true, theme: 'light' });
    expect(texts(paper).map(({ text }) => text)).toEqual(
      expect.arrayContaining([signals.title, '2 ahead', 'describes, does not forecast']),
    );
    expect(all(paper, 'title')[0].textContent).toBe(signals.title);
    expect(all(paper, 'rect')[0].getAttribute('fill')).toBe('#ffffff');
  });

  it('makes the highlighted key stand out', () => {
    const [chosen, other] = ['k=3', 'k=4'].map((key) => all(draw(signals, { highlight: 'k=3' }), `path[data-key="${key}"]`)[0]);
    expect(Number(chosen.getAttribute('stroke-opacity') ?? 1)).toBe(1);
    const group = (path: SvgNode) => (path as unknown as { parentNode: SvgNode }).parentNode;
    expect(Number(group(other).getAttribute('stroke-opacity'))).toBeLessThan(0.5);
  });
});

describe('cells', () => {
  it('draws a square cell a value, with both keys and the value on it', () => {
    const svg = draw(matrix, { height: 300 });
    const cells = all(svg, 'rect[data-value]');
    expect(cells).toHaveLength(841);
    const cell = cells[29 * 4 + 7];
    expect([cell.getAttribute('data-key'), cell.getAttribute('data-column-key'), Number(cell.getAttribute('data-value'))]).toEqual([
      'k=5',
      'k=8',
      Math.sin(29 * 4 + 7),
    ]);
    expect(Number(cell.getAttribute('width'))).toBeCloseTo(Number(cell.getAttribute('height')), 6);
    expect(texts(svg).map(({ text }) => text)).toEqual(expect.arrayContaining(['1', '5', '29', 'cause j', 'affected i', 'Aᵢⱼ (1/step)']));
  });
});

describe('any figure', () => {
  const number = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.double({ min: -100, max: 100, noNaN: true }),
    fc.constantFrom(0, 1, -1, 5e-324, 1e308, 1e-300),
  );
  const colour = fc.constantFrom<ColourToken>('ink', 'dead', 'f1', 'f8', 'accent');
  const label = fc.string({ maxLength: 12 });
  const axis: fc.Arbitrary<Axis> = fc.record(
    {
      label,
      unit: fc.constantFrom('', 'nats'),
      scale: fc.constantFrom('linear', 'log', 'symlog', 'category'),
      domain: fc.tuple(number, number),
    },
    { requiredKeys: ['label', 'unit', 'scale'] },
  );
  const header = fc.record({ label, key: fc.constant('k=1'), colour }, { requiredKeys: ['label'] });
  const mark: fc.Arbitrary<Mark> = fc.oneof(
    fc
      .record({ label, colour, legend: fc.boolean(), dash: fc.boolean(), values: fc.array(fc.tuple(number, number), { maxLength: 30 }) })
      .map(({ values, ...rest }): Mark => ({ kind: 'line', ...rest, x: values.map(([x]) => x), y: values.map(([, y]) => y) })),
    fc
      .array(fc.record({ x: number, y: number, colour, filled: fc.boolean(), label }, { requiredKeys: ['x', 'y', 'colour', 'filled'] }), {
        maxLength: 20,
      })
      .map((points): Mark => ({ kind: 'points', points })),
    fc
      .record({ axis: fc.constantFrom('x' as const, 'y' as const), at: number, label, colour })
      .map((rule): Mark => ({ kind: 'rule', ...rule })),
    fc.record({ label, colour, values: fc.array(fc.tuple(number, number, number), { maxLength: 30 }) }).map(({ values, ...rest }): Mark => {
      const [x, low, high] = [0, 1, 2].map((place) => values.map((value) => value[place]));
      return { kind: 'band', ...rest, x, low, high };
    }),
    fc
      .record({ axis: fc.constantFrom('x' as const, 'y' as const), from: number, to: number, colour })
      .map((span): Mark => ({ kind: 'span', ...span })),
  );
  const cells = fc
    .record({
      rows: fc.array(header, { minLength: 1, maxLength: 6 }),
      columns: fc.array(header, { minLength: 1, maxLength: 6 }),
      values: fc.array(number, { maxLength: 36 }),
      scale: fc.constantFrom('diverging' as const, 'sequential' as const),
      domain: fc.tuple(number, number),
      valueLabel: label,
    })
    .map((rest): Mark => ({ kind: 'cells', ...rest, values: rest.values.slice(0, rest.rows.length * rest.columns.length) }));
  const spec: fc.Arbitrary<FigureSpec> = fc.record({
    id: fc.constant('any'),
    title: label,
    x: axis,
    y: axis,
    marks: fc.oneof({ weight: 3, arbitrary: fc.array(mark, { maxLength: 4 }) }, { weight: 1, arbitrary: cells.map((one) => [one]) }),
    notes: fc.array(fc.record({ text: label }), { maxLength: 2 }),
  });

  it('with finite numbers is drawn without a broken number, within its bounds', async () => {
    await fc.assert(
      fc.asyncProperty(
        spec,
        fc.integer({ min: 200, max: 900 }),
        fc.integer({ min: 150, max: 600 }),
        fc.boolean(),
        async (figure, width, height, paper) => {
          // The document holds what it drew by weak references, and those let go only between tasks.
          await new Promise((resume) => setImmediate(resume));
          const svg = draw(figure, { width, height, paper });
          const margin = paper ? 12 : 0;
          for (const element of all(svg, '*')) {
            for (const name of ['d', 'x', 'y', 'width', 'height', 'x1', 'x2', 'y1', 'y2', 'cx', 'cy', 'r', 'transform']) {
              expect(element.getAttribute(name) ?? '').not.toMatch(/NaN|Infinity|undefined/);
            }
            for (const name of ['width', 'height', 'r']) expect(Number(element.getAttribute(name) ?? 0)).toBeGreaterThanOrEqual(0);
          }
          const clipped = all(svg, '[clip-path] path');
          const free = coordinates(svg).length - clipped.length;
          if (clipped.length === 0 && free > 0) {
            for (const [x, y] of coordinates(svg)) {
              expect(x).toBeGreaterThanOrEqual(-margin - 4);
              expect(x).toBeLessThanOrEqual(width - margin + 4);
              expect(y).toBeGreaterThanOrEqual(-margin - 4);
              expect(y).toBeLessThanOrEqual(height - margin + 4);
            }
          }
          for (const { text, left, right, y } of texts(svg)) {
            if (text.trim() === '') continue;
            expect(left, text).toBeGreaterThanOrEqual(-margin - 1.5);
            expect(right, text).toBeLessThanOrEqual(width - margin + 1.5);
            expect(y, text).toBeGreaterThanOrEqual(-margin);
            expect(y, text).toBeLessThanOrEqual(height - margin + 1);
          }
          expect(svg.textContent).not.toContain('⚠');
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('a drawing that stands alone', () => {
  const words = fc.array(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 30 }).map((parts) => parts.join(' '));
  const wordy = fc.record({
    title: words,
    aside: fc.option(words, { nil: undefined }),
    notes: fc.array(
      words.map((text) => ({ text })),
      { maxLength: 4 },
    ),
  });

  it('leaves its plot room, however many words there are and however large', () => {
    fc.assert(
      fc.property(wordy, fc.constantFrom(...sizeNames), fc.double({ min: 0.5, max: 3, noNaN: true }), (said, size, letters) => {
        for (const base of [signals, matrix]) {
          const spec: FigureSpec = { ...base, ...said };
          const { width, height, magnification } = drawnSize(spec, { size, letters });
          const [across, down] = [width / magnification - 2 * paperMargin, height / magnification - 2 * paperMargin];
          const layout = layOut(spec, across, down, true);
          expect(layout.room).toBeGreaterThanOrEqual(95.9);
          expect(layout.frame.y).toBeGreaterThan(layout.yLabelY);
          const below = layout.notes[0]?.y ?? layout.height + 12;
          expect(layout.xLabelY).toBeLessThanOrEqual(below - 11);
          expect(layout.notes.at(-1)?.y ?? 0).toBeLessThanOrEqual(layout.height);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('breaks a title before it cuts it, and puts what stands beside it below', () => {
    const title = 'A title that is too long for a column of a journal';
    const narrow = layOut({ ...signals, title }, 180, 300, true);
    expect(narrow.titleLines.join(' ')).toBe(title);
    expect(narrow.titleLines.length).toBeGreaterThan(1);
    expect(narrow.notes[0]!.text).toBe('2 ahead');
    const wide = layOut({ ...signals, title }, 600, 300, true);
    expect([wide.titleLines, wide.asideFits, wide.notes.length]).toEqual([[title], true, 1]);
  });

  it('names lines where they leave the axes that were chosen, or in a legend that is not cut', () => {
    const falling: Mark = { kind: 'line', label: 'falling', x: [0, 50, 100], y: [10, 5, 0], colour: 'f1', legend: true };
    const rising: Mark = { kind: 'line', label: 'rising', x: [0, 50, 100], y: [0, 4, 10], colour: 'f2', legend: true };
    const spec: FigureSpec = { ...signals, marks: [falling, rising], notes: [], x: { label: 'step', unit: '', scale: 'linear' } };
    const heightOf = (svg: SvgNode, text: string): number => texts(svg).find((one) => one.text === text)!.y;
    const whole = draw(spec, { paper: true });
    expect(heightOf(whole, 'rising')).toBeLessThan(heightOf(whole, 'falling'));
    const half = draw({ ...spec, x: { ...spec.x, domain: [0, 50] } }, { paper: true });
    expect(heightOf(half, 'rising')).toBeGreaterThan(heightOf(half, 'falling'));
    const low = draw({ ...spec, y: { ...spec.y, domain: [0, 6] } }, { paper: true });
    expect(layOut({ ...spec, y: { ...spec.y, domain: [0, 6] } }, 372, 200, true).naming).toBe('rows');
    expect(texts(low).map(({ text }) => text)).toEqual(expect.arrayContaining(['falling', 'rising']));
  });

  it('draws a map of a single value, on a logarithmic scale too', () => {
    const one: FigureSpec = {
      ...matrix,
      marks: [
        {
          kind: 'cells',
          rows: [{ label: 'a' }],
          columns: [{ label: '0.10', value: 0.1 }, { label: 'c' }],
          values: [57, NaN],
          scale: 'sequential',
          logarithmic: true,
          domain: [57, 57],
          valueLabel: 'steps',
        },
      ],
    };
    const [there, missing] = all(draw(one, { paper: true }), 'rect[data-value]').map((cell) => cell.getAttribute('fill'));
    expect(there).toMatch(/^#[0-9a-f]{6}$/);
    expect(missing).toBe('none');
  });
});
