/** The L and the U: reduced training and test values against the norm, with the zone, and a run moving over them. */
import { readable } from '#app/figures/format.ts';
import type { FigureSpec, Mark } from '#app/figures/spec.ts';
import type { LandscapePath, LandscapePoint } from '../path.ts';
import type { Landscape } from '../reduced.ts';
import { zoneFactor } from '../shape.ts';
import type { Spread } from '../spread.ts';

export interface LandscapeFigureOptions {
  readonly title?: string;
  /** The way of a free run, and where it stands. */
  readonly path?: LandscapePath | null;
  readonly point?: LandscapePoint | null;
  /** How many times the minimum the test value may be in the zone, as the landscape was made. */
  readonly factor?: number;
}

/** @returns a spec, or a sentence saying why there is nothing to draw yet */
export function landscapeFigure(landscape: Landscape, options: LandscapeFigureOptions = {}): FigureSpec | string {
  const { curve, points, shape, criticalNorm } = landscape;
  if (points.length === 0) return 'Needs one trial of the sweep; none has a value yet.';
  const { title = `Reduced ${curve.label} against weight norm`, path, point, factor = zoneFactor } = options;
  const x = Float64Array.from(points, ({ norm }) => norm.median);
  const of = (which: 'train' | 'test', end: 'low' | 'median' | 'high') => Float64Array.from(points, (one) => one[which][end]);
  const sides = [
    { which: 'train', label: 'train (L)', colour: 'ink-2' },
    { which: 'test', label: 'test (U)', colour: 'accent' },
  ] as const;
  const repeated = points.some(({ test }) => test.count > 1);
  const marks: Mark[] = [
    ...(shape ? [{ kind: 'span', axis: 'x', from: shape.zone.from, to: shape.zone.to, colour: 'good' } as const] : []),
    ...sides.flatMap(({ which, label, colour }): Mark[] => [
      ...(repeated ? [{ kind: 'band', label, x, low: of(which, 'low'), high: of(which, 'high'), colour } as const] : []),
      { kind: 'line', key: which, label, x, y: of(which, 'median'), colour, legend: true, width: 2 },
    ]),
    ...(shape && shape.minimum.edge === null
      ? [{ kind: 'rule', axis: 'x', at: shape.minimum.norm, label: 'w_c', colour: 'good', dash: true } as const]
      : []),
    ...(path && path.steps.length > 1
      ? sides.map(({ which, label, colour }): Mark => ({
          kind: 'line',
          key: which,
          label: `run, ${label.slice(0, -4)}`,
          x: path.norms,
          y: path[which],
          colour,
          width: 1,
          dash: true,
        }))
      : []),
    ...(point && point.norm > 0
      ? [
          {
            kind: 'points',
            points: sides.map(({ which, colour }) => ({
              x: point.norm,
              y: point[which],
              key: which,
              ...(which === 'test' ? { label: `step ${readable(point.step)}` } : {}),
              colour,
              filled: true,
            })),
          } as const,
        ]
      : []),
    ...(shape && shape.artefacts.length > 0
      ? [
          {
            kind: 'points',
            points: shape.artefacts.map((at) => ({ x: x[at], y: points[at].train.median, colour: 'warn' as const, filled: false })),
          } as const,
        ]
      : []),
  ];
  return {
    id: 'landscape',
    title,
    aside: shape && shape.minimum.edge === null ? `w_c ${readable(shape.minimum.norm)}` : undefined,
    x: { label: 'weight norm', unit: '', scale: 'log' },
    y: { label: curve.label, unit: curve.unit, scale: curve.scale },
    marks,
    notes: notesOf(landscape, criticalNorm, factor),
  };
}

type Note = NonNullable<FigureSpec['notes']>[number];

function notesOf({ curve, points, shape, missing }: Landscape, criticalNorm: Spread | null, factor: number): Note[] {
  const most = Math.max(...points.map(({ test }) => test.count));
  const notes: Note[] = [];
  if (!shape) return [{ text: 'Three norms make a shape; more trials are to come.' }];
  const { minimum, zone, artefacts } = shape;
  const ends = `${readable(zone.from)}${zone.openBelow ? ' or less' : ''} to ${readable(zone.to)}${zone.openAbove ? ' or more' : ''}`;
  notes.push({ text: `Goldilocks zone (shaded): test ${curve.label} at most ${readable(factor)} times its minimum, norms ${ends}.` });
  if (minimum.edge)
    notes.push({
      text: `The ${minimum.edge} norm has the lowest test ${curve.label}, so w_c may lie beyond it; ${minimum.edge === 'least' ? 'add smaller' : 'add larger'} scales.`,
      tone: 'warn',
    });
  if (criticalNorm && criticalNorm.count > 1)
    notes.push({
      text: `w_c of single seeds: ${readable(criticalNorm.low)} to ${readable(criticalNorm.high)}, ${criticalNorm.count} seeds.`,
    });
  notes.push({ text: most > 1 ? `Lines: median of ${most} seeds; bands: least to greatest.` : 'One seed.' });
  if (artefacts.length > 0)
    notes.push({
      text: `Hollow: training ${curve.label} rises with the norm, which a perfect optimiser would not let happen; more steps would lower it.`,
      tone: 'warn',
    });
  if (missing > 0) notes.push({ text: `${missing} trials are to come or have no value.` });
  return notes;
}
