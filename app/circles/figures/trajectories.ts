import type { Mark } from '#app/figures/spec.ts';
import type { DynamicsResult } from '../measures/dynamics.ts';
import { circleKey } from '../signals.ts';
import { stepsOf } from '../steps.ts';
import { circleColours, columnOf, fitNeeds, type CircleFigure } from './recording.ts';

/** Signals as measured and as the fitted law rolls them out from its first step alone. */
export const trajectoriesFigure: CircleFigure = {
  id: 'trajectories',
  title: 'Fit against run',
  explanation:
    'Solid: measured signals. Dashed: the Lasso fit rolled out from its first step alone, $\\hat{s}(t+1) = \\hat{s}(t) + A\\hat{s}(t) + b$. ' +
    'The rollout covers the steps that were fitted; it is no forecast.',
  source: 'Ding et al. 2024, trajectories of the differential equations',
  measures: ['dynamics'],
  live: false,
  draw({ run, results }) {
    const dynamics = results.dynamics as DynamicsResult | undefined;
    if (!dynamics) return fitNeeds(run);
    const { frequencies: width, from, to, signals, lasso } = dynamics;
    const rows = to - from + 1;
    const x = stepsOf(run, to + 1).slice(from);
    const colours = circleColours(run);
    const linesOf = (values: Float64Array, dash: boolean): Mark[] =>
      Array.from({ length: width }, (_, index) => {
        const colour = colours(index + 1);
        const alive = colour !== 'dead';
        return {
          kind: 'line' as const,
          key: circleKey(index + 1),
          label: dash ? `k = ${index + 1}, fit` : `k = ${index + 1}`,
          x,
          y: columnOf({ width, rows, values }, index),
          colour,
          width: alive ? 1.5 : 0.75,
          dash,
          legend: alive && !dash,
        };
      }).sort((a, b) => Number(a.colour !== 'dead') - Number(b.colour !== 'dead'));
    return {
      id: 'trajectories',
      title: 'Measured (solid), fit (dashed)',
      aside: `rollout error ${lasso.rollouts.map.error.toPrecision(2)}`,
      x: { label: 'step', unit: '', scale: 'log' },
      y: { label: 'signal sₖ', unit: '', scale: 'linear' },
      marks: [...linesOf(signals, false), ...linesOf(lasso.rollouts.map.signals, true)],
      notes: [{ text: `Lasso rolled out from step ${from}; in sample, so it shows that the law describes, not that it forecasts.` }],
    };
  },
};
