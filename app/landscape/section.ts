/**
 * Sections through the loss: its values along the line between two steps of a run, and on a plane around them. Measures of the
 * network itself, for every experiment that says which evaluations it has.
 */
import { z } from 'zod';
import type { Session } from '#app/engine/types.ts';
import type { Measure, MeasureContext, Parameters, Quantity } from '#app/experiments/experiment.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { dot, filterNormalized, layoutOf, planeOfPath, readWeights, writeWeights, type WeightLayout } from './weights.ts';

/** One value that sections show. */
export interface SectionCurve {
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  readonly scale: 'linear' | 'log';
  /** Evaluation of the program and its output. */
  readonly evaluation: string;
  readonly output: string;
}

/** What sections need to know of an experiment's networks. */
export interface SectionSource {
  readonly curves: readonly SectionCurve[];
  /** Parameters whose rows are what one symbol looks up; of all other matrices a column is what one neuron weighs. */
  readonly tables?: readonly string[];
}

/** Resolutions for a picture that grows finer: each has the points of the one before. */
export const resolutions = [9, 17, 33, 65] as const;

export interface LineSection {
  /** What was measured, as `values` names it. */
  readonly curves: readonly SectionCurve[];
  readonly from: number;
  readonly to: number;
  /** 0 is the network of step `from`, 1 that of `to`. */
  readonly positions: Float64Array;
  /** By curve id, a number for each position. */
  readonly values: Readonly<Record<string, Float64Array>>;
  readonly norms: Float64Array;
  /** Distance of the two networks, and the angle between their weights in degrees. */
  readonly distance: number;
  readonly angle: number;
  /** By curve id: the largest value on the way above the straight line between its ends; 0 if there is no barrier. */
  readonly barriers: Readonly<Record<string, number>>;
}

export interface PlaneSection {
  /** What was measured, as `values` names it. */
  readonly curves: readonly SectionCurve[];
  /** The network in the middle. */
  readonly step: number;
  readonly directions: 'trajectory' | 'random';
  /** Coordinates of columns and rows; the network is at (0, 0). Of random directions in filter norms, else in units of weights. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** By curve id, rows x columns row-major, the first row at y[0]. */
  readonly values: Readonly<Record<string, Float64Array>>;
  /** Norm of the trainable parameters at the same places. */
  readonly norms: Float64Array;
  /** The run's own way, projected onto the plane. */
  readonly path: { readonly steps: Int32Array; readonly x: Float64Array; readonly y: Float64Array };
  /** Share of the way's squared distances from the network that lies along each direction. */
  readonly explained: readonly [number, number];
}

const step = (what: string) =>
  z
    .number({ error: `${what} is a step` })
    .int(`${what} is a whole number`)
    .min(0, `${what} is at least 0`);

const resolution = (most: number) =>
  z
    .number({ error: 'the resolution is a whole number' })
    .refine(
      (value) => Number.isInteger(value) && value >= 5 && value <= most && value % 2 === 1,
      `the resolution is an odd whole number from 5 to ${most}`,
    );

export const lineOptions = z.object({
  /** The first step whose network can be had unless told. */
  from: step('the start').optional(),
  /** The last recorded step unless told. */
  to: step('the end').optional(),
  /** With the default both ends are points of the section. */
  resolution: resolution(257).default(61),
  /** How far to go beyond both ends, in their distance. */
  beyond: z.number().min(0, 'a section goes at least 0 beyond its ends').max(2, 'a section goes at most 2 beyond its ends').default(0.25),
});

export const planeOptions = z.object({
  /** The last recorded step unless told. */
  step: step('the step').optional(),
  directions: z.enum(['trajectory', 'random'], { error: 'directions are trajectory or random' }).default('trajectory'),
  /** Of random directions. */
  seed: z.number().int('the seed is a whole number').min(0, 'the seed is at least 0').default(0),
  resolution: resolution(129).default(17),
  /** Half the width: of random directions in filter norms, of the trajectory in how far it reaches. */
  reach: z.number().positive('the reach is above 0').max(10, 'the reach is at most 10').default(1),
});

/** Points of the trajectory that span its plane and are drawn on it. */
const pathPoints = 12;

/** Loss along the straight line between two steps of a run (Goodfellow, Vinyals, Saxe 2015). */
export function lineMeasure<P extends Parameters>(source: SectionSource): Measure<P, LineSection> {
  return {
    id: 'line-section',
    label: 'Loss on the line between two steps',
    unit: '',
    formula: 'L\\bigl((1 - s)\\,\\theta_a + s\\,\\theta_b\\bigr)',
    source: 'Goodfellow, Vinyals, Saxe 2015, linear interpolation between weights',
    needs: 'session',
    options: lineOptions,
    async compute(run, given, context) {
      const { from = context.firstStep, to = run.steps, resolution: count, beyond } = lineOptions.parse(given);
      if (from === to) throw new LotkaError('conflict', `A line needs two steps that differ; both are ${from}.`);
      const { session, layout, weights: other } = await networkAt(context, Math.min(from, to));
      session.dispose();
      const { session: last, weights: own } = await networkAt(context, Math.max(from, to));
      try {
        const [start, end] = from < to ? [other, own] : [own, other];
        const direction = end.map((value, i) => value - start[i]);
        const distance = Math.sqrt(dot(direction, direction));
        const positions = Float64Array.from({ length: count }, (_, i) => -beyond + ((1 + 2 * beyond) * i) / (count - 1));
        const sample = sampler(last, layout, source.curves, count);
        const weights = new Float64Array(layout.size);
        for (const [i, position] of positions.entries()) {
          context.progress(i / count, `point ${i + 1} of ${count}`);
          for (let k = 0; k < weights.length; k += 1) weights[k] = start[k] + position * direction[k];
          sample.at(i, weights);
          await context.turn();
        }
        const lengths = Math.sqrt(dot(start, start) * dot(end, end));
        const barriers = Object.entries(sample.values).map(([id, values]) => [id, barrierOf(positions, values)]);
        return {
          curves: source.curves,
          from,
          to,
          positions,
          values: sample.values,
          norms: sample.norms,
          distance,
          angle: (Math.acos(Math.max(-1, Math.min(1, dot(start, end) / lengths))) * 180) / Math.PI,
          barriers: Object.fromEntries(barriers) as Record<string, number>,
        };
      } finally {
        last.dispose();
      }
    },
    quantities: ({ from, to, distance, angle, barriers }) => [
      { id: 'steps', label: 'Between steps', unit: '', value: `${from} and ${to}` },
      { id: 'distance', label: 'Distance of their weights', symbol: '\\lVert\\theta_b - \\theta_a\\rVert', unit: '', value: distance },
      { id: 'angle', label: 'Angle of their weights', unit: '°', value: angle },
      ...source.curves.map(({ id, label, unit }): Quantity => ({
        id: `barrier-${id}`,
        label: `Barrier, ${label}`,
        unit,
        value: barriers[id],
        note: 'How far the value rises on the way above the straight line between its ends.',
      })),
    ],
  };
}

/** Loss on a plane around a step: that of the run's own way, or of two random directions (Li et al. 2018). */
export function planeMeasure<P extends Parameters>(source: SectionSource): Measure<P, PlaneSection> {
  return {
    id: 'plane-section',
    label: 'Loss on a plane around a step',
    unit: '',
    formula: 'L(\\theta + x\\,d_1 + y\\,d_2)',
    source: 'Li, Xu, Taylor, Studer, Goldstein 2018, sections 4 and 7',
    needs: 'session',
    options: planeOptions,
    async compute(run, given, context) {
      const { step: at = run.steps, directions, seed, resolution: count, reach } = planeOptions.parse(given);
      const steps = pathSteps(context.firstStep, at);
      const path: Float64Array[] = [];
      for (const [i, step] of steps.entries()) {
        context.progress((0.3 * i) / steps.length, `network of step ${step}`);
        const { session, weights } = await networkAt(context, step);
        session.dispose();
        path.push(weights);
      }
      const { session, layout, weights: centre } = await networkAt(context, at);
      try {
        const plane = directions === 'random' ? randomPlane(centre, layout, seed, source.tables) : planeOfPath(path, centre);
        if (!plane)
          throw new LotkaError(
            'conflict',
            `The network does not move up to step ${at}, so its way spans no plane; take random directions.`,
          );
        const [first, second] = plane.axes;
        const own = path.map((weights) => {
          const difference = weights.map((value, i) => value - centre[i]);
          return coordinates(difference, first, second);
        });
        const [x, y] = [0, 1].map((axis) => {
          const [low, high] = directions === 'random' ? [-1, 1] : around(own.map((point) => point[axis]));
          const [middle, half] = [(low + high) / 2, (reach * (high - low)) / 2];
          return Float64Array.from({ length: count }, (_, i) => middle + half * ((2 * i) / (count - 1) - 1));
        });
        const sample = sampler(session, layout, source.curves, count * count);
        const weights = new Float64Array(layout.size);
        for (let row = 0; row < count; row += 1) {
          for (let column = 0; column < count; column += 1) {
            const [across, up] = [x[column], y[row]];
            context.progress(0.3 + (0.7 * (row * count + column)) / count ** 2, `row ${row + 1} of ${count}`);
            for (let k = 0; k < weights.length; k += 1) weights[k] = centre[k] + across * first[k] + up * second[k];
            sample.at(row * count + column, weights);
            await context.turn();
          }
        }
        return {
          curves: source.curves,
          step: at,
          directions,
          x,
          y,
          values: sample.values,
          norms: sample.norms,
          path: { steps: Int32Array.from(steps), x: Float64Array.from(own, ([along]) => along), y: Float64Array.from(own, ([, up]) => up) },
          explained: plane.explained ?? explainedBy(path, centre, own, first, second),
        };
      } finally {
        session.dispose();
      }
    },
    quantities: ({ step: at, directions, explained, values }) => [
      { id: 'step', label: 'Step', unit: '', value: at },
      {
        id: 'explained',
        label: 'Share of the way that lies in the plane',
        unit: '',
        value: explained[0] + explained[1],
        note:
          directions === 'random'
            ? 'Of random directions, filter by filter as long as the weights.'
            : 'The two principal directions of the way.',
      },
      ...source.curves.map(({ id, label, unit }): Quantity => ({
        id: `range-${id}`,
        label: `Least and greatest ${label} on it`,
        unit,
        value: [extreme(values[id], Math.min), extreme(values[id], Math.max)],
      })),
    ],
  };
}

/** Steps of the way, denser towards its start where networks move fastest; the first and the last are always there. */
export function pathSteps(first: number, last: number): number[] {
  const steps = Array.from({ length: pathPoints + 1 }, (_, i) => first + Math.round((last - first) * (i / pathPoints) ** 2));
  return [...new Set(steps)];
}

async function networkAt(context: MeasureContext, at: number): Promise<{ session: Session; layout: WeightLayout; weights: Float64Array }> {
  const session = await context.session(at);
  const layout = layoutOf(session.info.parameters);
  return { session, layout, weights: readWeights(session, layout) };
}

/** Measures all curves, and the norm, at one place after the other. */
function sampler(session: Session, layout: WeightLayout, curves: readonly SectionCurve[], places: number) {
  const values: Record<string, Float64Array> = Object.fromEntries(curves.map(({ id }) => [id, new Float64Array(places)]));
  const norms = new Float64Array(places);
  const evaluations = [...new Set(curves.map(({ evaluation }) => evaluation))];
  const at = (place: number, weights: Float64Array): void => {
    writeWeights(session, layout, weights);
    norms[place] = Math.sqrt(dot(weights, weights));
    for (const name of evaluations) {
      const outputs = session.evaluate(name);
      for (const { id, evaluation, output } of curves) if (evaluation === name) values[id][place] = outputs[output];
    }
  };
  return { at, values, norms };
}

function randomPlane(weights: Float64Array, layout: WeightLayout, seed: number, tables?: readonly string[]) {
  const axis = (name: string) => filterNormalized(weights, layout, seed, `section ${name}`, tables);
  return { axes: [axis('x'), axis('y')] as const, explained: null };
}

/** Coordinates of the nearest point of the plane that two directions span; they need not be orthogonal. */
function coordinates(difference: Float64Array, first: Float64Array, second: Float64Array): [number, number] {
  const [aa, ab, bb] = [dot(first, first), dot(first, second), dot(second, second)];
  const [a, b] = [dot(difference, first), dot(difference, second)];
  const determinant = aa * bb - ab * ab;
  if (determinant > 1e-12 * aa * bb) return [(bb * a - ab * b) / determinant, (aa * b - ab * a) / determinant];
  return aa > 0 ? [a / aa, 0] : [0, 0];
}

function explainedBy(
  path: readonly Float64Array[],
  centre: Float64Array,
  own: readonly (readonly [number, number])[],
  first: Float64Array,
  second: Float64Array,
): [number, number] {
  let total = 0;
  for (const weights of path) for (let i = 0; i < weights.length; i += 1) total += (weights[i] - centre[i]) ** 2;
  const along = (axis: 0 | 1, direction: Float64Array) => own.reduce((sum, point) => sum + point[axis] ** 2, 0) * dot(direction, direction);
  return total === 0 ? [0, 0] : [along(0, first) / total, along(1, second) / total];
}

/** The range of some coordinates and of 0, with a fifth of air on both sides; of a point, a unit around it. */
function around(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const air = high > low ? 0.2 * (high - low) : 1;
  return [low - air, high + air];
}

/** Largest excess over the straight line between the values at 0 and 1, at places between them; 0 if there is none. */
function barrierOf(positions: Float64Array, values: Float64Array): number {
  const [from, to] = [valueAt(positions, values, 0), valueAt(positions, values, 1)];
  return positions.reduce(
    (most, position, i) => (position > 0 && position < 1 ? Math.max(most, values[i] - (from + position * (to - from))) : most),
    0,
  );
}

/** Value at a place between sampled ones, linearly. */
function valueAt(positions: Float64Array, values: Float64Array, at: number): number {
  const after = Math.max(
    1,
    positions.findIndex((position) => position >= at),
  );
  const share = (at - positions[after - 1]) / (positions[after] - positions[after - 1]);
  return values[after - 1] + share * (values[after] - values[after - 1]);
}

const extreme = (values: Float64Array, pick: (a: number, b: number) => number): number =>
  values.reduce((best, value) => (Number.isFinite(value) ? (Number.isNaN(best) ? value : pick(best, value)) : best), Number.NaN);
