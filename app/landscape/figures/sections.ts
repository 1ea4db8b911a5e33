/** Sections through the loss as figures of a run. */
import { readable } from '#app/figures/format.ts';
import type { CellsHeader, FigureSpec, Mark } from '#app/figures/spec.ts';
import { logTicks, linearTicks } from '#app/figures/ticks.ts';
import type { Figure, Parameters } from '#app/experiments/experiment.ts';
import { isoLine } from '#app/sweeps/iso.ts';
import type { LineSection, PlaneSection, SectionCurve, SectionSource } from '../section.ts';

const colours = ['ink-2', 'accent', 'f2', 'f3'] as const;

export function lineFigure<P extends Parameters>({ curves }: SectionSource): Figure<P> {
  return {
    id: 'line-section',
    title: 'Loss on the line between two steps',
    explanation:
      'Loss of the networks between two steps of the run, $(1-s)\\theta_a + s\\theta_b$; 0 and 1 are the two, beyond them the line goes on.',
    source: 'Goodfellow, Vinyals, Saxe 2015',
    measures: ['line-section'],
    live: false,
    draw({ results }) {
      const result = results['line-section'] as LineSection | undefined;
      return result ? lineSectionFigure(curves, result) : 'Needs the section, which has not been computed for this run.';
    },
  };
}

/** The curves of the first one's scale and unit, over the line. */
export function lineSectionFigure(curves: readonly SectionCurve[], { from, to, positions, values }: LineSection): FigureSpec {
  const [{ scale, unit, label }] = curves;
  const shown = curves.filter((curve) => curve.scale === scale && curve.unit === unit);
  return {
    id: 'line-section',
    title: 'Loss on the line between two steps',
    x: { label: 'share of the way s', unit: '', scale: 'linear' },
    y: { label: shown.length === 1 ? label : 'loss', unit, scale },
    marks: [
      { kind: 'rule', axis: 'x', at: 0, label: `step ${readable(from)}`, colour: 'ink-3', dash: true },
      { kind: 'rule', axis: 'x', at: 1, label: `step ${readable(to)}`, colour: 'ink-3', dash: true },
      ...shown.map((curve, i): Mark => ({
        kind: 'line',
        key: curve.id,
        label: curve.label,
        x: positions,
        y: values[curve.id],
        colour: colours[i % colours.length],
        legend: true,
      })),
    ],
  };
}

/** A figure of each curve on the plane. What a network has not been trained on comes last in `curves`, and first here. */
export function planeFigures<P extends Parameters>({ curves }: SectionSource): Figure<P>[] {
  return curves.toReversed().map((curve) => ({
    id: planeFigureId(curves, curve.id),
    title: `${capital(curve.label)} on a plane around the last step`,
    explanation: `The ${curve.label} of the networks $\\theta + x\\,d_1 + y\\,d_2$ around the last one, along the two principal directions of its way through the weights. The line is that way.`,
    source: 'Li, Xu, Taylor, Studer, Goldstein 2018',
    measures: ['plane-section'],
    live: false,
    draw({ results }) {
      const result = results['plane-section'] as PlaneSection | undefined;
      return result ? planeSectionFigure(curve, result) : 'Needs the section, which has not been computed for this run.';
    },
  }));
}

/** Name of the figure of one curve on the plane. */
export const planeFigureId = (curves: readonly SectionCurve[], curve: string): string =>
  curve === curves.at(-1)?.id ? 'plane-section' : `plane-section-${curve}`;

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** Places of a plane that are named where not all have room. */
const namedPlaces = 8;

/** Coordinates as names, of which the middle and the ends stay the longest. */
function headers(values: readonly number[]): CellsHeader[] {
  const stride = Math.max(1, Math.round((values.length - 1) / namedPlaces));
  return values.map((value, i) => {
    const label = readable(value, 2);
    return i % stride === 0 ? { label, value, major: label } : { label, value };
  });
}

/** One curve over the plane, with contours and the run's way. */
export function planeSectionFigure(curve: SectionCurve, { x, y, values, path, explained, directions }: PlaneSection): FigureSpec {
  const [columns, rows] = [x.length, y.length];
  // Drawn rows go down, y goes up.
  const cells = Float64Array.from({ length: columns * rows }, (_, place) => {
    const [row, column] = [Math.floor(place / columns), place % columns];
    return values[curve.id][(rows - 1 - row) * columns + column];
  });
  const there = cells.filter((value) => Number.isFinite(value) && (curve.scale === 'linear' || value > 0));
  const domain: [number, number] =
    there.length === 0 ? [1, 10] : [there.reduce((a, b) => Math.min(a, b), Infinity), there.reduce((a, b) => Math.max(a, b), -Infinity)];
  const logarithmic = curve.scale === 'log';
  const levels = logarithmic ? logTicks(domain, 6) : linearTicks(domain, 6);
  const heights = logarithmic ? cells.map((value) => Math.log10(value)) : cells;
  const across = (value: number): number => ((value - x[0]) / (x[columns - 1] - x[0])) * (columns - 1);
  const down = (value: number): number => ((y[rows - 1] - value) / (y[rows - 1] - y[0])) * (rows - 1);
  const way = Array.from({ length: Math.max(0, path.steps.length - 1) }, (_, i) => [
    across(path.x[i]),
    down(path.y[i]),
    across(path.x[i + 1]),
    down(path.y[i + 1]),
  ]).flat();
  const kind = directions === 'random' ? 'random direction' : 'principal direction';
  return {
    id: 'plane-section',
    title: `${capital(curve.label)} on a plane`,
    aside: directions === 'random' ? 'filter-normalised' : `${Math.round(100 * (explained[0] + explained[1]))} % of the way in the plane`,
    x: { label: `first ${kind}`, unit: '', scale: 'category' },
    y: { label: `second ${kind}`, unit: '', scale: 'category' },
    marks: [
      {
        kind: 'cells',
        rows: headers(Array.from({ length: rows }, (_, row) => y[rows - 1 - row])),
        columns: headers(Array.from(x)),
        values: cells,
        scale: 'sequential',
        domain,
        valueLabel: curve.unit === '' ? curve.label : `${curve.label} (${curve.unit})`,
        stretched: true,
        logarithmic,
        lines: [
          ...levels.map(({ value, label }) => ({ label, pieces: isoLine(heights, columns, logarithmic ? Math.log10(value) : value) })),
          ...(way.length > 0 ? [{ label: 'run', pieces: way, colour: 'f4' as const }] : []),
        ],
      },
    ],
  };
}
