/** Names of marks, placed so that none covers another. */
import { decimate } from './decimate.ts';
import { placeBeside, spread } from './labels.ts';
import { lastPlaced, position, sizes, type Layout, type LineMark } from './layout.ts';
import { fewPoints, isShown, presence, rounded, type Pen } from './pen.ts';
import type { FigureSpec } from './spec.ts';
import { shorten, textWidth } from './text.ts';

/** Names of lines: in a legend above, or at their right ends. */
export function nameLines({ spec, layout, options, colour, add, y }: Pen): void {
  for (const { mark, x, y: baseline } of layout.legend) {
    const dash: Record<string, string> = mark.dash ? { 'stroke-dasharray': '4 3' } : {};
    const group = add('g', { opacity: presence(mark.key, options.highlight), ...(mark.key === undefined ? {} : { 'data-key': mark.key }) });
    add(
      'line',
      { x1: x, x2: x + 12, y1: baseline - 4, y2: baseline - 4, stroke: colour(mark.colour), 'stroke-width': 2, ...dash },
      undefined,
      group,
    );
    add('text', { x: x + 16, y: baseline, fill: colour('ink-2') }, shorten(mark.label, sizes.label, layout.width - x - 17), group);
  }
  if (layout.naming !== 'ends') return;
  const { frame } = layout;
  const named = spec.marks.filter((mark): mark is LineMark => mark.kind === 'line' && mark.legend === true);
  const wanted = named.map((mark) => Math.max(frame.y, Math.min(frame.y + frame.height, y(lastPlaced(mark, spec)!.y))));
  const heights = spread(wanted, sizes.line - 2, frame.y + 4, frame.y + frame.height - 2);
  const right = frame.x + frame.width;
  named.forEach((mark, index) => {
    const fill = mark.colour === 'dead' ? colour('ink-3') : colour(mark.colour);
    const attributes = { x: right + 8, y: heights[index] + 4, fill, 'font-weight': 500, opacity: presence(mark.key, options.highlight) };
    const label = shorten(mark.label, sizes.label, layout.width - right - 8, 500);
    add('text', { ...attributes, ...(mark.key === undefined ? {} : { 'data-key': mark.key }) }, label);
    if (Math.abs(heights[index] - wanted[index]) > 2) {
      add('path', {
        d: `M${rounded(right)},${rounded(wanted[index])}L${rounded(right + 6)},${rounded(heights[index])}`,
        stroke: fill,
        'stroke-width': 0.75,
        fill: 'none',
      });
    }
  });
}

/** Names of dots, beside them where there is room. */
export function namePoints({ spec, layout, options, colour, add, x, y }: Pen): void {
  const points = spec.marks.flatMap((mark) => (mark.kind === 'points' ? mark.points : [])).filter((point) => isShown(point, spec, layout));
  // Labelled points claim their place before the others' labels; dots without labels only take room.
  const spots = points.map((point) => ({ x: x(point.x), y: y(point.y), label: point.label ?? null }));
  const size = (label: string) => ({ width: textWidth(label, sizes.label, 500), height: 12 });
  const { frame, width } = layout;
  const places = placeBeside(spots, 3.5, size, { x: 0, y: frame.y - 4, width, height: frame.height + 4 });
  places.forEach((place, index) => {
    if (!place) return;
    const point = points[index];
    const { box } = place;
    const fill = point.colour === 'dead' ? colour('ink-3') : colour(point.colour);
    const group = add('g', {
      opacity: presence(point.key, options.highlight),
      ...(point.key === undefined ? {} : { 'data-key': point.key }),
    });
    if (place.led) {
      const [cx, cy] = [
        Math.max(box.x, Math.min(box.x + box.width, spots[index].x)),
        Math.max(box.y, Math.min(box.y + box.height, spots[index].y)),
      ];
      add('line', { x1: spots[index].x, y1: spots[index].y, x2: cx, y2: cy, stroke: fill, 'stroke-width': 0.75 }, undefined, group);
    }
    add('text', { x: box.x, y: box.y + 10, fill, 'font-weight': 500 }, point.label!, group);
  });
}

/** Names of rules, at that end and side of the line where fewest points of lines and dots lie under them. */
export function nameRules({ spec, layout, colour, add, x, y }: Pen): void {
  const { frame } = layout;
  const named = spec.marks.flatMap((mark) => (mark.kind === 'rule' && mark.label !== undefined ? [{ ...mark, label: mark.label }] : []));
  if (named.length === 0) return;
  const ink = drawnPoints(spec, layout).map((point) => ({ x: x(point.x), y: y(point.y) }));
  for (const mark of named) {
    const label = shorten(mark.label, sizes.label, frame.width);
    const box = { width: textWidth(label, sizes.label), height: 14 };
    const [right, bottom] = [frame.x + frame.width - box.width, frame.y + frame.height - box.height];
    const at = mark.axis === 'x' ? x(mark.at) : y(mark.at);
    const corners =
      mark.axis === 'x'
        ? [frame.y, bottom].flatMap((top) => [at + 4, at - 4 - box.width].map((left) => ({ left, top })))
        : [frame.x + 4, right].flatMap((left) => [at - 1 - box.height, at + 1].map((top) => ({ left, top })));
    const places = corners
      .filter(({ left, top }) => left >= frame.x && left <= right && top >= frame.y - 4 && top <= bottom + 4)
      .map((corner) => ({
        ...corner,
        covered: ink.filter(
          (point) =>
            point.x > corner.left - 3 &&
            point.x < corner.left + box.width + 3 &&
            point.y > corner.top - 2 &&
            point.y < corner.top + box.height + 2,
        ).length,
      }))
      .sort((a, b) => a.covered - b.covered);
    if (
      places.length > 0 &&
      isShown(mark.axis === 'x' ? { x: mark.at, y: layout.y.domain[0] } : { x: layout.x.domain[0], y: mark.at }, spec, layout)
    ) {
      add('text', { x: places[0].left, y: places[0].top + 11, fill: colour(mark.colour) }, label);
    }
  }
}

/** Points that lines and dots put on the paper; lines of few points are filled up between them. */
function drawnPoints(spec: FigureSpec, layout: Layout): { x: number; y: number }[] {
  return spec.marks.flatMap((mark) => {
    if (mark.kind === 'points') return [...mark.points];
    if (mark.kind !== 'line') return [];
    const kept = decimate(mark.x, mark.y, (value) => position(spec.x.scale, layout.x.domain, value), Math.ceil(layout.frame.width / 8));
    const between = kept.length <= fewPoints ? [0, 0.25, 0.5, 0.75] : [0];
    return kept.flatMap((index, place) => {
      const next = kept[place + 1] ?? index;
      return between.map((share) => ({
        x: mark.x[index] + share * (mark.x[next] - mark.x[index]),
        y: mark.y[index] + share * (mark.y[next] - mark.y[index]),
      }));
    });
  });
}
