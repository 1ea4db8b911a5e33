import { circleKey } from '../signals.ts';
import type { DynamicsResult } from '../measures/dynamics.ts';
import { circleColours, fitNeeds, type CircleFigure } from './recording.ts';

/** The fitted coupling matrix: who helps and who harms whom. */
export const couplingFigure: CircleFigure = {
  id: 'coupling',
  title: 'Fitted coupling',
  explanation:
    'Entry $A_{ij}$ of the sparse (Lasso) fit of $d\\mathbf{s}/dt = A\\mathbf{s} + \\mathbf{b}$: how much a signal of circle $j$ adds to that of circle $i$ in a step; blue cooperates, red competes. ' +
    'Survivors are marked at the edges.',
  source: 'Ding et al. 2024, coefficients of the differential equations',
  measures: ['dynamics'],
  live: false,
  draw({ run, results }) {
    const dynamics = results.dynamics as DynamicsResult | undefined;
    if (!dynamics) return fitNeeds(run);
    const { lasso, leastSquares, diagonal, holdOut, frequencies, alpha, from, to } = dynamics;
    const colours = circleColours(run);
    const headers = Array.from({ length: frequencies }, (_, index) => {
      const colour = colours(index + 1);
      return { label: `${index + 1}`, value: index + 1, key: circleKey(index + 1), ...(colour === 'dead' ? {} : { colour }) };
    });
    const limit = saturation(lasso.model.coefficients);
    return {
      id: 'coupling',
      title: `Coupling Aᵢⱼ of ds/dt = A s + b`,
      aside: `Lasso α = ${alpha}`,
      x: { label: 'cause j', unit: '', scale: 'category' },
      y: { label: 'affected i', unit: '', scale: 'category' },
      marks: [
        {
          kind: 'cells',
          rows: headers,
          columns: headers,
          values: lasso.model.coefficients,
          scale: 'diverging',
          domain: [-limit, limit],
          valueLabel: 'Aᵢⱼ (1/step)',
        },
      ],
      notes: [
        {
          text: `R² of the increments, steps ${from} to ${to}: Lasso ${lasso.r2.toFixed(2)}, least squares ${leastSquares.r2.toFixed(3)}, no coupling ${diagonal.r2.toFixed(2)}.`,
        },
        {
          text: `Hold-out error, steps ${holdOut.from} to ${holdOut.to}: ${holdOut.error.toFixed(2)}, "no change" ${holdOut.persistence.toFixed(2)}: ${holdOut.persistence === 0 ? 'nothing moves' : holdOut.forecasts ? 'forecasts' : 'describes, does not forecast'}.`,
          ...(holdOut.persistence === 0 ? {} : { tone: holdOut.forecasts ? 'good' : 'warn' }),
        },
      ],
    };
  },
};

/** Magnitude at which colours saturate: that of which only 2 % of the entries that are not zero are larger, to one digit. */
function saturation(values: ArrayLike<number>): number {
  const sizes = Array.from(values, Math.abs)
    .filter((size) => size > 0 && Number.isFinite(size))
    .sort((a, b) => a - b);
  return sizes.length === 0 ? 1 : Number(sizes[Math.min(sizes.length - 1, Math.floor(0.98 * sizes.length))].toPrecision(1));
}
