import { z } from 'zod';
import { LotkaError } from '#app/protocol/errors.ts';
import type { Measure, Quantity } from '#app/experiments/experiment.ts';
import { diagonalFit, fitWindow, holdOut, lassoFit, leastSquaresFit, leastSteps, windowOf } from '../dynamics.ts';
import type { FittedDynamics, HoldOut } from '../dynamics.ts';
import { circleCount, type CircleParameters } from '../signals.ts';
import { signalHistory } from '../survivors.ts';

const dynamicsOptions = z
  .object({
    /** First and last step of the fit; x(t) for from <= t < to are inputs. */
    from: z.number({ error: 'the fit starts at a step' }).int().min(0).default(0),
    to: z.number({ error: 'the fit ends at a step' }).int().min(1).default(fitWindow),
    alpha: z.number({ error: 'alpha is a number above 0' }).positive('alpha is a number above 0').default(0.01),
  })
  .refine(({ from, to }) => to > from, 'a fit ends after it starts');

export interface DynamicsResult {
  readonly from: number;
  readonly to: number;
  readonly alpha: number;
  /** Number of frequencies n; matrices are n x n row-major (row = affected, column = cause), frequency i + 1 at index i. */
  readonly frequencies: number;
  /** x(t), t = from .. to, row-major (steps + 1 x n). */
  readonly signals: Float64Array;
  readonly leastSquares: FittedDynamics;
  readonly lasso: FittedDynamics;
  readonly diagonal: FittedDynamics;
  readonly holdOut: HoldOut;
}

export const dynamicsMeasure: Measure<CircleParameters, DynamicsResult> = {
  id: 'dynamics',
  label: 'Fitted dynamics',
  unit: '1/step',
  formula: '\\frac{d\\mathbf{s}}{dt} = A\\,\\mathbf{s} + \\mathbf{b}',
  source: 'Ding et al. 2024, linear differential equations of the signals; official code ode_fit.py',
  needs: 'recording',
  options: dynamicsOptions,
  compute(run, options) {
    const { from, to, alpha } = dynamicsOptions.parse(options);
    const window = windowOf(signalHistory(run), from, to);
    const frequencies = circleCount(run.parameters.modulus);
    const least = leastSteps(frequencies);
    if (window.steps < least)
      throw new LotkaError(
        'conflict',
        `A law of ${frequencies} frequencies needs at least ${least} steps to be fitted and tested; ${Math.max(0, window.steps)} are recorded from step ${from} on.`,
      );
    return {
      from,
      to: from + window.steps,
      alpha,
      frequencies: window.frequencies,
      signals: window.signals,
      leastSquares: leastSquaresFit(window),
      lasso: lassoFit(window, alpha),
      diagonal: diagonalFit(window),
      holdOut: holdOut(window),
    };
  },
  quantities({ from, to, alpha, leastSquares, lasso, diagonal, holdOut }) {
    const fit = (id: string, label: string, dynamics: FittedDynamics): Quantity[] => [
      {
        id: `r2-${id}`,
        label: `of the increments, ${label}`,
        symbol: 'R^2',
        unit: '',
        value: dynamics.r2,
        note: 'In sample, the mean over all frequencies.',
      },
      {
        id: `rollout-${id}`,
        label: `Rollout error, ${label}`,
        unit: '',
        value: dynamics.rollouts.map.error,
        note: 'Rolled out from the first step alone; root mean square over all signals and steps, relative to how much the signals move.',
      },
    ];
    return [
      { id: 'window', label: 'Fitted steps', unit: '', value: `${from} to ${to}` },
      ...fit('least-squares', 'least squares', leastSquares),
      ...fit('lasso', `Lasso α = ${alpha}`, lasso),
      {
        id: 'nonzero-lasso',
        label: 'Share of couplings that Lasso keeps',
        unit: '',
        value: lasso.nonZero,
        ...(lasso.converged ? {} : { note: 'Coordinate descent stopped before it converged.', tone: 'warn' as const }),
      },
      ...fit('diagonal', 'no coupling', diagonal),
      {
        id: 'ode-lasso',
        label: 'Rollout error of the differential equation, Lasso',
        unit: '',
        value: lasso.rollouts.ode.error,
        note: 'Dormand-Prince 5(4) on ds/dt = A s + b instead of one step at a time.',
      },
      {
        id: 'closed-form-lasso',
        label: 'Rollout error of its closed form, Lasso',
        symbol: 'e^{At}',
        unit: '',
        value: lasso.rollouts.closedForm.error,
      },
      {
        id: 'hold-out',
        label: `Hold-out error, steps ${holdOut.from} to ${holdOut.to}`,
        unit: '',
        value: holdOut.error,
        note: holdOut.sentence,
        ...(holdOut.persistence === 0 ? {} : { tone: holdOut.forecasts ? 'good' : 'warn' }),
      },
      {
        id: 'no-change',
        label: 'Hold-out error of "no change"',
        unit: '',
        value: holdOut.persistence,
        note: 'The same error for signals that stay as they are at the start of the hold-out.',
      },
    ];
  },
};
