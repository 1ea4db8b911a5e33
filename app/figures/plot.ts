/** Draws figure specs with Observable Plot, alike in a window and in Node. */
import * as Plot from '@observablehq/plot';
import { tokens } from './colours.ts';
import { axisText, layOut, paperMargin, position, sizes, type Layout } from './layout.ts';
import { plotMark } from './marks.ts';
import { finishCells } from './matrix.ts';
import { nameLines, namePoints, nameRules } from './names.ts';
import { rounded, type DrawOptions, type Pen, type SvgDocument, type SvgNode } from './pen.ts';
import type { Axis, ColourToken, FigureSpec } from './spec.ts';
import { shorten, textWidth } from './text.ts';

export type { DrawOptions, SvgNode } from './pen.ts';

/**
 * Draws a figure. Marks carry `data-key`, values `data-x`, `data-y`, `data-value`, so that hovering works by delegation;
 * the drawing carries `data-figure` and, for overlays, its frame as `data-frame="x y width height"`.
 * @typeParam E element type of the document given, e.g. SVGSVGElement in a page
 */
export function drawFigure<E = SvgNode>(spec: FigureSpec, options: DrawOptions): E {
  const { theme, fontFamily, paper = false } = options;
  const margin = paper ? paperMargin : 0;
  const { magnification = 1 } = options;
  const [width, height] = [options.width / magnification - 2 * margin, options.height / magnification - 2 * margin];
  const ground = paper ? tokens[theme].ground : tokens[theme].panel;
  const layout = layOut(spec, width, height, paper);
  const { frame, cells } = layout;
  const colour = (token: ColourToken) => tokens[theme][token];

  const svg = Plot.plot({
    document: options.document as never,
    className: 'lotka-figure',
    width,
    height,
    marginLeft: frame.x,
    marginTop: frame.y,
    marginRight: width - frame.x - frame.width,
    marginBottom: height - frame.y - frame.height,
    x: { ...scaleOptions(spec.x, layout.x.domain, cells?.columns.length), axis: null },
    y: { ...scaleOptions(spec.y, layout.y.domain, cells?.rows.length), axis: null },
    color: { type: 'identity' },
    marks: [...axes(layout, colour), ...spec.marks.flatMap((mark) => plotMark(mark, spec, layout, options, ground))],
  }) as unknown as SvgNode;

  settle(svg, spec, layout, options, ground);
  const document = options.document as SvgDocument;
  const add: Pen['add'] = (name, attributes, text, parent = svg) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    if (name === 'text') element.setAttribute('text-anchor', 'start');
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, typeof value === 'number' ? rounded(value) : value);
    if (text !== undefined) element.textContent = text;
    parent.appendChild(element);
    return element;
  };
  const pen: Pen = {
    spec,
    layout,
    options,
    colour,
    ground,
    add,
    x: (value) => frame.x + frame.width * position(spec.x.scale, layout.x.domain, value),
    y: (value) => frame.y + frame.height * (1 - position(spec.y.scale, layout.y.domain, value)),
  };
  if (paper) writeHeading(pen);
  writeAxes(pen);
  if (cells) finishCells(pen, cells);
  nameLines(pen);
  namePoints(pen);
  nameRules(pen);
  svg.setAttribute('font-family', fontFamily);
  return svg as E;
}

function scaleOptions({ scale }: Axis, domain: readonly [number, number], categories: number | undefined): Plot.ScaleOptions {
  if (categories !== undefined)
    return { type: 'band', domain: Array.from({ length: categories }, (_, index) => index), padding: 0, round: false };
  return { type: scale === 'category' ? 'linear' : scale, domain: [...domain], ...(scale === 'symlog' ? { constant: 1 } : {}) };
}

function axes(layout: Layout, colour: Pen['colour']): Plot.Markish[] {
  if (layout.cells) return [];
  const { x, y } = layout;
  const grid = { stroke: colour('line'), strokeOpacity: 1, strokeWidth: 1 };
  const text = { label: null, tickSize: 0, tickPadding: 6, fill: colour('ink-3'), fontSize: sizes.tick };
  const labelOf = (ticks: Layout['x']['ticks']) => (value: number) => ticks.find((tick) => tick.value === value)?.label ?? '';
  return [
    Plot.gridX(
      x.ticks.map((tick) => tick.value),
      grid,
    ),
    Plot.gridY(
      y.ticks.map((tick) => tick.value),
      grid,
    ),
    Plot.axisX(
      x.ticks.map((tick) => tick.value),
      { ...text, anchor: 'bottom', tickFormat: labelOf(x.ticks) },
    ),
    Plot.axisY(
      y.ticks.map((tick) => tick.value),
      { ...text, anchor: 'left', tickFormat: labelOf(y.ticks) },
    ),
  ];
}

/** Replaces what Plot says of itself (its stylesheet, labels on inner groups) by one accessible image. */
function settle(svg: SvgNode, spec: FigureSpec, { frame }: Layout, options: DrawOptions, ground: string): void {
  const inner = (selector: string) => Array.from(svg.querySelectorAll(selector));
  for (const style of inner('style')) style.remove();
  for (const element of inner('[aria-label], [aria-description]')) {
    element.removeAttribute('aria-label');
    element.removeAttribute('aria-description');
  }
  for (const group of inner('[data-key=""]')) group.removeAttribute('data-key');
  // Plot numbers its clip paths for the life of the process; a file must not depend on what was drawn before it.
  if (options.paper) {
    inner('clipPath').forEach((clip, index) => {
      const id = clip.getAttribute('id');
      clip.setAttribute('id', `${spec.id}-clip-${index}`);
      for (const user of inner(`[clip-path="url(#${id})"]`)) user.setAttribute('clip-path', `url(#${spec.id}-clip-${index})`);
    });
  }
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', summary(spec));
  svg.setAttribute('font-size', String(sizes.tick));
  svg.setAttribute('font-variant', 'tabular-nums');
  svg.setAttribute('overflow', 'visible');
  svg.setAttribute('data-figure', spec.id);
  svg.setAttribute('data-frame', [frame.x, frame.y, frame.width, frame.height].map(rounded).join(' '));
  if (!options.paper) return;
  const first = (name: string): SvgNode => {
    const element = (options.document as SvgDocument).createElementNS('http://www.w3.org/2000/svg', name);
    svg.insertBefore(element, svg.children[0] ?? null);
    return element;
  };
  const paper = first('rect');
  const { width, height, magnification = 1 } = options;
  const [across, down] = [rounded(width / magnification), rounded(height / magnification)];
  for (const [name, value] of Object.entries({ x: -paperMargin, y: -paperMargin, width: across, height: down, fill: ground }))
    paper.setAttribute(name, String(value));
  if (options.transparent) paper.setAttribute('fill', 'none');
  for (const [name, value] of Object.entries({ viewBox: `${-paperMargin} ${-paperMargin} ${across} ${down}`, width, height }))
    svg.setAttribute(name, String(value));
  first('desc').textContent = summary(spec);
  first('title').textContent = spec.title;
}

/** What a screen reader says of a figure. */
export function summary(spec: FigureSpec): string {
  const axes = [axisText(spec.y), axisText(spec.x)].filter((text) => text !== '').join(' against ');
  return [spec.title, spec.aside, axes, ...(spec.notes ?? []).map((note) => note.text)].filter((text) => text).join('. ');
}

function writeHeading({ spec, layout, colour, add }: Pen): void {
  const style = { 'font-size': sizes.title, 'font-weight': 600, fill: colour('ink') };
  layout.titleLines.forEach((line, index) => add('text', { x: 2, y: layout.titleY + index * sizes.titleLine, ...style }, line));
  if (spec.aside && layout.asideFits)
    add('text', { x: layout.width - 2, y: layout.titleY, 'text-anchor': 'end', fill: colour('ink-2') }, spec.aside);
  for (const { text, tone, y } of layout.notes) add('text', { x: 2, y, 'font-size': sizes.note, fill: colour(tone ?? 'ink-2') }, text);
}

function writeAxes({ spec, layout, colour, add }: Pen): void {
  const { frame, width } = layout;
  const style = { 'font-size': sizes.label, fill: colour('ink-3') };
  const yText = shorten(axisText(spec.y), sizes.label, width - 4);
  if (yText !== '') add('text', { x: 2, y: layout.yLabelY, ...style }, yText);
  const xText = shorten(axisText(spec.x), sizes.label, width - 4);
  if (xText === '') return;
  const half = textWidth(xText, sizes.label) / 2;
  const middle = Math.max(half + 2, Math.min(width - half - 2, frame.x + frame.width / 2));
  add('text', { x: middle, y: layout.xLabelY, 'text-anchor': 'middle', ...style }, xText);
}
