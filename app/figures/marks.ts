/** Marks of a figure as marks of Observable Plot. */
import * as Plot from '@observablehq/plot';
import { divergingColour, sequentialColour, tokens } from './colours.ts';
import { decimate } from './decimate.ts';
import { hasPlace } from './domain.ts';
import { readable } from './format.ts';
import type { BandMark, CellsMark, Layout, LineMark, SpanMark } from './layout.ts';
import { position } from './layout.ts';
import { fewPoints, isShown, presence, type DrawOptions, type SvgDocument, type SvgNode } from './pen.ts';
import type { Axis, ColourToken, FigureSpec, LinkKey, Mark } from './spec.ts';

/** Width in px of the pieces of the x axis in each of which a line keeps its lowest and highest point. */
const grain = 2.5;

/** Lets `annotate` write attributes on every element a Plot mark draws; the index is that of the datum. */
function annotated(annotate: (element: SvgNode, index: number) => void): { render: Plot.RenderFunction } {
  return {
    render: (index, scales, values, dimensions, context, next) => {
      const group = next!(index, scales, values, dimensions, context);
      const children = (group as unknown as SvgNode).children;
      for (let i = 0; i < children.length; i += 1) annotate(children[i], index[i]);
      return group;
    },
  };
}

/** @param ground colour behind the marks, where a diverging map has its zero */
export function plotMark(mark: Mark, spec: FigureSpec, layout: Layout, options: DrawOptions, ground: string): Plot.Markish[] {
  const { theme, highlight, paper } = options;
  const colour = (token: ColourToken) => tokens[theme][token];
  if (mark.kind === 'line') return lineMarks(mark, spec, layout, colour(mark.colour), highlight);
  if (mark.kind === 'band') return [bandArea(mark, spec, layout, colour(mark.colour))];
  if (mark.kind === 'span') return spanArea(mark, layout, colour(mark.colour));
  if (mark.kind === 'rule') {
    const style = { stroke: colour(mark.colour), strokeWidth: 1, strokeDasharray: mark.dash ? '4 3' : undefined };
    const axis = mark.axis === 'x' ? spec.x : spec.y;
    const share = position(axis.scale, mark.axis === 'x' ? layout.x.domain : layout.y.domain, mark.at);
    if (!(share >= 0 && share <= 1)) return [];
    return [mark.axis === 'x' ? Plot.ruleX([mark.at], style) : Plot.ruleY([mark.at], style)];
  }
  if (mark.kind === 'points') {
    const points = mark.points.filter((point) => isShown(point, spec, layout));
    return [
      Plot.dot(points, {
        x: 'x',
        y: 'y',
        r: 3.5,
        fill: (point: (typeof points)[number]) => (point.filled ? colour(point.colour) : 'none'),
        stroke: (point: (typeof points)[number]) => colour(point.colour),
        strokeWidth: 1.25,
        opacity: (point: (typeof points)[number]) => presence(point.key, highlight),
        ...annotated((element, index) => {
          const point = points[index];
          describe(element, point.key, { x: point.x, y: point.y });
          if (paper)
            titleOf(element, options, `${point.label ?? point.key ?? ''} x ${readable(point.x, 4)} y ${readable(point.y, 4)}`.trim());
        }),
      }),
    ];
  }
  // What is not one cell beside the other, `map-key.ts` draws.
  if (mark.tiles || mark.smooth) return [];
  const columns = mark.columns.length;
  const shade = shadeOf(mark, theme, ground);
  const indices = Array.from({ length: Math.min(mark.values.length, columns * mark.rows.length) }, (_, index) => index);
  return [
    Plot.cell(indices, {
      x: (index: number) => index % columns,
      y: (index: number) => Math.floor(index / columns),
      fill: (index: number) => shade(mark.values[index]),
      inset: 0,
      shapeRendering: 'crispEdges',
      ...annotated((element, index) => {
        const [row, column] = [mark.rows[Math.floor(index / columns)], mark.columns[index % columns]];
        describe(element, row.key, { value: mark.values[index] });
        element.setAttribute('data-row', row.label);
        element.setAttribute('data-column', column.label);
        if (column.key !== undefined) element.setAttribute('data-column-key', column.key);
        if (paper) titleOf(element, options, `${row.label}, ${column.label}: ${cellText(mark, mark.values[index])}`);
      }),
    }),
  ];
}

/** Opacity of what is shaded behind lines. */
const [bandOpacity, spanOpacity] = [0.18, 0.1];

/** The area between two lines; an end without a place on the axis, such as 0 on a logarithmic one, is the edge of the frame. */
function bandArea(mark: BandMark, spec: FigureSpec, layout: Layout, colour: string): Plot.Markish {
  const { domain } = layout.y;
  const indices = decimate(
    mark.x,
    mark.high,
    (value) => position(spec.x.scale, layout.x.domain, value),
    Math.ceil(layout.frame.width / grain),
  );
  const edge = (value: number, end: number): number => (Number.isNaN(value) || hasPlace(value, spec.y.scale) ? value : end);
  return Plot.areaY(indices, {
    x: (index: number) => (hasPlace(mark.x[index], spec.x.scale) ? mark.x[index] : Number.NaN),
    y1: (index: number) => edge(mark.low[index], domain[0]),
    y2: (index: number) => edge(mark.high[index], domain[1]),
    fill: colour,
    fillOpacity: bandOpacity,
    clip: spec.x.domain || spec.y.domain ? 'frame' : undefined,
    ...annotated((element) => element.setAttribute('data-label', mark.label)),
  });
}

function spanArea(mark: SpanMark, layout: Layout, colour: string): Plot.Markish[] {
  const { domain } = mark.axis === 'x' ? layout.x : layout.y;
  const [low, high] = [Math.max(domain[0], Math.min(mark.from, mark.to)), Math.min(domain[1], Math.max(mark.from, mark.to))];
  if (!(low < high)) return [];
  const along = mark.axis === 'x' ? { x1: low, x2: high } : { y1: low, y2: high };
  const [y1, y2] = layout.y.domain;
  const [x1, x2] = layout.x.domain;
  return [Plot.rect([0], { x1, x2, y1, y2, ...along, fill: colour, fillOpacity: spanOpacity })];
}

/** The colours of a map's values; `none` for a value that has none. */
export function shadeOf(mark: CellsMark, theme: DrawOptions['theme'], ground: string): (value: number) => string {
  const [low, high] = mark.domain;
  const limit = Math.max(Math.abs(low), Math.abs(high)) || 1;
  return (value) => {
    if (!Number.isFinite(value)) return 'none';
    if (mark.scale === 'category') return categoryColour(mark, value, (token) => tokens[theme][token]);
    // A map of one value has the middle of the colours.
    const share = (at: (value: number) => number): number => (high > low ? shareOf(at(value), at(low), at(high)) : 0.5);
    if (mark.logarithmic) return value > 0 ? sequentialColour(share(Math.log)) : 'none';
    return mark.scale === 'diverging' ? divergingColour(value / limit, theme, ground) : sequentialColour(share((plain) => plain));
  };
}

/** The colour of a cell of categories; none for a value that is no category. */
export const categoryColour = (mark: CellsMark, value: number, colour: (token: ColourToken) => string): string => {
  const category = mark.categories?.[value];
  return category ? colour(category.colour) : 'none';
};

/** What a value of a map means. */
export const cellText = (mark: CellsMark, value: number): string =>
  mark.scale === 'category' ? (mark.categories?.[value]?.label ?? 'nothing') : readable(value, 4);

/** A line; where it has few points, each is marked by a dot. */
function lineMarks(mark: LineMark, spec: FigureSpec, layout: Layout, colour: string, highlight: LinkKey | undefined): Plot.Markish[] {
  const indices = decimate(
    mark.x,
    mark.y,
    (value) => position(spec.x.scale, layout.x.domain, value),
    Math.ceil(layout.frame.width / grain),
  );
  const placed = (value: number, { scale }: Axis, domain: readonly [number, number]) =>
    hasPlace(value, scale) ? (scale === 'log' ? value : near(value, domain)) : Number.NaN;
  const outside = (index: number) =>
    [position(spec.x.scale, layout.x.domain, mark.x[index]), position(spec.y.scale, layout.y.domain, mark.y[index])].some(
      (share) => share < 0 || share > 1,
    );
  const shared = {
    x: (index: number) => placed(mark.x[index], spec.x, layout.x.domain),
    y: (index: number) => placed(mark.y[index], spec.y, layout.y.domain),
    clip: indices.some(outside) ? ('frame' as const) : undefined,
    ...annotated((element) => {
      describe(element, mark.key, {});
      element.setAttribute('data-label', mark.label);
    }),
  };
  const line = Plot.line(indices, {
    ...shared,
    stroke: colour,
    strokeWidth: (mark.width ?? 1.5) + (highlight !== undefined && mark.key === highlight ? 1 : 0),
    strokeOpacity: presence(mark.key, highlight),
    strokeDasharray: mark.dash ? '4 3' : undefined,
  });
  return indices.length > fewPoints
    ? [line]
    : [line, Plot.dot(indices, { ...shared, r: 2.5, fill: colour, fillOpacity: presence(mark.key, highlight) })];
}

/** Place of a value between two ends as a share, also where the distance of the ends overflows. */
const shareOf = (value: number, low: number, high: number): number =>
  Number.isFinite(high - low) ? (value - low) / (high - low) : (value / 2 - low / 2) / (high / 2 - low / 2);

/** The value, or where a line to it leaves the drawing for good: pixels so far away have no number any more. */
function near(value: number, [low, high]: readonly [number, number]): number {
  const far = 1e9 * (high - low);
  return Math.max(low - far, Math.min(high + far, value));
}

function describe(element: SvgNode, key: LinkKey | undefined, values: Readonly<Record<string, number>>): void {
  if (key !== undefined) element.setAttribute('data-key', key);
  for (const [name, value] of Object.entries(values)) element.setAttribute(`data-${name}`, String(value));
}

function titleOf(element: SvgNode, options: DrawOptions, text: string): void {
  const title = (options.document as SvgDocument).createElementNS('http://www.w3.org/2000/svg', 'title');
  title.textContent = text;
  element.appendChild(title);
}
