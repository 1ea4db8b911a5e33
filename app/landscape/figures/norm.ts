/** The norm of a run over its steps, beside what weight decay alone would make of it. */
import { readable } from '#app/figures/format.ts';
import type { FigureSpec, Mark } from '#app/figures/spec.ts';
import type { Figure, LandscapeInfo, Parameters } from '#app/experiments/experiment.ts';
import { isPinned } from '../definition.ts';
import { decayedNorm } from '../timing.ts';

/** A norm that moves by less than this share of itself is drawn as a level line: its last bits are not what is looked at. */
const level = 1e-3;

/** Figure `norm` of an experiment that has a landscape; a pinned norm decays by nothing. */
export function normFigure<P extends Parameters>(info: LandscapeInfo): Figure<P> {
  return {
    id: 'norm',
    title: 'Weight norm',
    explanation:
      'Norm of all parameters. Dashed: what decoupled weight decay alone makes of it, $w_0 e^{-\\eta\\gamma t}$; a network that is left to memorise follows it until it generalises.',
    source: 'Liu, Michaud, Tegmark 2023, figure 3d and section 2',
    measures: [],
    live: true,
    draw({ run, step }) {
      const { rows, values } = run.series(info.normSeries);
      if (rows < 2) return 'Needs 1 step; none is recorded.';
      const { learningRate, weightDecay } = {
        learningRate: Number(run.parameters[info.timing.learningRate]),
        weightDecay: Number(run.parameters[info.timing.weightDecay]),
      };
      const decays = weightDecay > 0 && !isPinned(info, run.parameters);
      const recorded = values.subarray(0, rows);
      // A logarithmic axis does not show step 0.
      const shown = recorded.subarray(1);
      const [low, high] = [shown.reduce((a, b) => Math.min(a, b)), shown.reduce((a, b) => Math.max(a, b))];
      const x = Float64Array.from({ length: rows }, (_, row) => row);
      const decay = { initialNorm: values[0], learningRate, weightDecay };
      const marks: Mark[] = [
        { kind: 'line', label: 'measured', x, y: recorded, colour: 'accent', legend: decays },
        ...(decays
          ? [
              {
                kind: 'line',
                label: 'decay alone',
                x,
                y: x.map((at) => decayedNorm(decay, at)),
                colour: 'ink-3',
                dash: true,
                legend: true,
              } as const,
            ]
          : []),
        ...(step > 0 && step < rows - 1 ? [{ kind: 'rule', axis: 'x', at: step, colour: 'accent' } as const] : []),
      ];
      return {
        id: 'norm',
        title: 'Weight norm',
        aside: `${readable(values[0])} → ${readable(values[rows - 1])}`,
        x: { label: 'step', unit: '', scale: 'log' },
        y: { label: 'weight norm', unit: '', scale: 'linear', ...(high - low < level * high ? { domain: [0, 1.2 * high] as const } : {}) },
        marks,
      } satisfies FigureSpec;
    },
  };
}
