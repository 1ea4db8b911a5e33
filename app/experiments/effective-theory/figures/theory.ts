/** Figures of the theory itself, with the run's own place in them. */
import { fixed } from '#app/figures/format.ts';
import type { FigureSpec, Mark } from '#app/figures/spec.ts';
import type { CriticalFractionResult } from '../measures/critical-fraction.ts';
import type { SpectrumResult } from '../measures/spectrum.ts';
import type { EffectiveTheoryFigure } from './recording.ts';

const needsAddition = 'Needs the rates of random training sets, which are those of addition.';

/** Chance that a random training set forces the structure. */
export const criticalFractionFigure: EffectiveTheoryFigure = {
  id: 'critical-fraction',
  title: 'Critical training fraction',
  explanation:
    'Chance that a random training set of that size implies all parallelograms, so that only translation and scale are free ($n_0 = 2$). The fraction where it crosses one half is $r_c$.',
  source: 'Liu et al. 2022, figure 4a; exact ranks',
  measures: ['critical-fraction'],
  live: false,
  draw({ results }) {
    const result = results['critical-fraction'] as CriticalFractionResult | undefined;
    if (!result) return 'Needs the critical training fraction, which has not been computed for this run.';
    const { curve, trainingFraction } = result;
    return {
      id: 'critical-fraction',
      title: 'Critical training fraction',
      aside: `r_c ${fixed(curve.fraction, 2)}`,
      x: { label: 'training fraction', unit: '', scale: 'linear', domain: [0, 1] },
      y: { label: 'chance that the structure is forced', unit: '', scale: 'linear', domain: [0, 1.02] },
      marks: [
        {
          kind: 'line',
          label: 'random training sets',
          x: Float64Array.from(curve.probability, (_, size) => size / curve.samples),
          y: curve.probability,
          colour: 'accent',
        },
        { kind: 'rule', axis: 'x', at: curve.fraction, label: 'critical', colour: 'ink-3', dash: true },
        { kind: 'rule', axis: 'x', at: trainingFraction, label: 'this run', colour: 'f2' },
      ],
      notes: [{ text: `${curve.draws} random orders of ${curve.samples} samples.` }],
    } satisfies FigureSpec;
  },
};

/** The critical fraction is no constant of nature. */
export const criticalScalingFigure: EffectiveTheoryFigure = {
  id: 'critical-scaling',
  title: 'Critical fraction by number of symbols',
  explanation:
    'Critical training fraction of addition of $0 \\ldots p-1$. It falls about as $5/p$: the 0.4 of the paper is a number of ten symbols.',
  source: 'Beyond Liu et al. 2022: exact ranks over random training sets',
  measures: ['critical-fraction'],
  live: false,
  draw({ run, results }) {
    const result = results['critical-fraction'] as CriticalFractionResult | undefined;
    if (!result || result.scaling.length === 0) return 'Needs the critical fractions by number of symbols, which are those of addition.';
    const { scaling } = result;
    const x = Float64Array.from(scaling, ({ symbols }) => symbols);
    return {
      id: 'critical-scaling',
      title: 'Critical fraction by number of symbols',
      x: { label: 'symbols p', unit: '', scale: 'log' },
      y: { label: 'critical fraction', unit: '', scale: 'log' },
      marks: [
        { kind: 'line', label: '5 / p', x, y: x.map((symbols) => 5 / symbols), colour: 'ink-3', dash: true, legend: true },
        {
          kind: 'line',
          label: 'random training sets',
          x,
          y: Float64Array.from(scaling, ({ fraction }) => fraction),
          colour: 'accent',
          legend: true,
        },
        {
          kind: 'points',
          points: scaling.map(({ symbols, fraction }) => ({
            x: symbols,
            y: fraction,
            ...(symbols === run.parameters.symbols ? { label: 'this p', colour: 'f2' as const } : { colour: 'accent' as const }),
            filled: true,
          })),
        },
      ],
      notes: [{ text: 'A finite-size number: do not carry it over to another p.', tone: 'warn' }],
    } satisfies FigureSpec;
  },
};

/** How the rate of the slowest mode rises with data. */
export const ratesFigure: EffectiveTheoryFigure = {
  id: 'rates',
  title: 'Grokking rate',
  explanation:
    'Mean third smallest eigenvalue $\\lambda_3$ of the Hessian of the effective loss over random training sets: zero below the critical fraction, then rising.',
  source: 'Liu et al. 2022, figure 5a',
  measures: ['spectrum'],
  live: false,
  draw({ results }) {
    const result = results.spectrum as SpectrumResult | undefined;
    if (!result) return needsAddition;
    const { fractions, means, own } = result;
    return {
      id: 'rates',
      title: 'Grokking rate λ₃',
      aside: `this run ${own.lambda3.toPrecision(2)}`,
      x: { label: 'training fraction', unit: '', scale: 'linear' },
      y: { label: 'λ₃', unit: '', scale: 'linear' },
      marks: [
        { kind: 'line', label: 'mean of random training sets', x: fractions, y: means, colour: 'accent' },
        { kind: 'points', points: [{ x: own.fraction, y: own.lambda3, label: 'this run', colour: 'f2', filled: true }] },
      ],
    } satisfies FigureSpec;
  },
};

/** The slower the slowest mode, the later the line. */
export const timeToLinearFigure: EffectiveTheoryFigure = {
  id: 'time-to-linear',
  title: 'Steps to a line',
  explanation:
    'Steps that the closed form takes from random starts until RQI > 0.95, against $1/\\lambda_3$, for random training sets; the filled point is this network. The theory needs about four times $1/(\\lambda_3\\eta)$.',
  source: 'Liu et al. 2022, figure 5b',
  measures: ['spectrum'],
  live: false,
  draw({ results }) {
    const result = results.spectrum as SpectrumResult | undefined;
    if (!result) return needsAddition;
    const { times, embeddingRate, own, ownSteps } = result;
    const slowest = times.reduce((least, { lambda3 }) => Math.min(least, lambda3), Infinity);
    const fastest = times.reduce((most, { lambda3 }) => Math.max(most, lambda3), 0);
    const ends = Float64Array.of(1 / fastest, 1 / slowest);
    const guide: Mark[] =
      times.length > 0
        ? [
            {
              kind: 'line',
              label: '4 / (λ₃ η)',
              x: ends,
              y: ends.map((value) => (4 * value) / embeddingRate),
              colour: 'ink-3',
              dash: true,
              legend: true,
            },
          ]
        : [];
    return {
      id: 'time-to-linear',
      title: 'Steps to RQI > 0.95',
      aside: ownSteps === null ? 'this run: not reached' : `this run: ${fixed(ownSteps, 0)}`,
      x: { label: '1/λ₃', unit: '', scale: 'log' },
      y: { label: 'steps', unit: '', scale: 'log' },
      marks: [
        ...guide,
        {
          kind: 'points',
          points: times.map(({ lambda3, time }) => ({ x: 1 / lambda3, y: time / embeddingRate, colour: 'accent' as const, filled: false })),
        },
        ...(ownSteps === null || ownSteps === 0 || own.lambda3 === 0
          ? []
          : [
              {
                kind: 'points' as const,
                points: [{ x: 1 / own.lambda3, y: ownSteps, label: 'this run', colour: 'f2' as const, filled: true }],
              },
            ]),
      ],
      notes: [{ text: 'Theory: t = η · step. Adam moves a network at a pace of its own, so only the order of the steps can be compared.' }],
    } satisfies FigureSpec;
  },
};

/** λ3 over number of symbols and training fraction. */
export const rateMapFigure: EffectiveTheoryFigure = {
  id: 'rate-map',
  title: 'Grokking rate by symbols and fraction',
  explanation:
    'Mean $\\lambda_3$ over random training sets for addition of $0 \\ldots p-1$ (rows) at a training fraction (columns), as a share of what all pairs give. The dark region is where nothing forces a line; it shrinks as $p$ grows.',
  source: 'Beyond Liu et al. 2022',
  measures: ['spectrum'],
  live: false,
  draw({ results }) {
    const result = results.spectrum as SpectrumResult | undefined;
    if (!result) return needsAddition;
    const { symbols, fractions, values } = result.map;
    const width = fractions.length;
    const whole = symbols.map((_, row) => values[row * width + width - 1]);
    return {
      id: 'rate-map',
      title: 'λ₃ as a share of λ₃ with all pairs',
      x: { label: 'training fraction', unit: '', scale: 'category' },
      y: { label: 'symbols p', unit: '', scale: 'category' },
      marks: [
        {
          kind: 'cells',
          rows: symbols.map((count) => ({ label: `${count}`, value: count })),
          columns: fractions.map((fraction) => ({ label: fraction.toFixed(1), value: fraction })),
          values: values.map((value, at) => value / whole[Math.floor(at / width)]),
          scale: 'sequential',
          domain: [0, 1],
          valueLabel: 'λ₃ / λ₃(all pairs)',
        },
      ],
      notes: [{ text: `λ₃ with all pairs: ${symbols.map((count, row) => `p = ${count}: ${whole[row].toPrecision(2)}`).join(', ')}.` }],
    } satisfies FigureSpec;
  },
};
