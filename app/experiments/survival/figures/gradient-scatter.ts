import { rocAuc } from '#app/numerics/statistics.ts';
import { gradientSteps, relativeChange } from '../measures/gradient.ts';
import { circleKey } from '#app/circles/signals.ts';
import { signalHistory, survivorsOfRun } from '#app/circles/survivors.ts';
import { circleColours, needsSteps, type CircleFigure } from '#app/circles/figures/recording.ts';

/** Early gradient against initial signal: who will survive shows within five steps. */
export const gradientScatterFigure: CircleFigure = {
  id: 'gradient-scatter',
  title: 'Early gradient against initial signal',
  explanation:
    'Each circle once: its signal at the start and the relative change of the signal in the fifth step, $g_4 = (s_k(5) - s_k(4))/s_k(0)$. ' +
    'AUC is the chance that $g_4$ of a survivor exceeds that of a circle that dies.',
  source: 'Ding et al. 2024, initial gradients',
  measures: [],
  live: true,
  draw({ run }) {
    const history = signalHistory(run);
    if (history.rows <= gradientSteps) return needsSteps(gradientSteps, history.rows - 1);
    const colours = circleColours(run);
    const initial = history.at(0).signals;
    const gradient = relativeChange(run, gradientSteps - 1);
    const survivors = survivorsOfRun(run)?.frequencies ?? [];
    const auc = rocAuc(
      gradient,
      Array.from(gradient, (_, index) => survivors.includes(index + 1)),
    );
    const points = Array.from(gradient, (y, index) => {
      const k = index + 1;
      const colour = colours(k);
      const alive = colour !== 'dead';
      return {
        x: initial[index],
        y,
        key: circleKey(k),
        colour: alive ? colour : ('ink-3' as const),
        filled: alive,
        ...(alive ? { label: `${k}` } : {}),
      };
    });
    return {
      id: 'gradient-scatter',
      title: 'Early gradient against initial signal',
      ...(Number.isFinite(auc) ? { aside: `AUC ${auc.toFixed(2)}` } : {}),
      x: { label: 'initial signal sₖ(0)', unit: '', scale: 'linear' },
      y: { label: 'gradient g₄', unit: '1/step', scale: 'linear' },
      marks: [
        { kind: 'rule', axis: 'y', at: 0, colour: 'line' },
        // Survivors last, so that they lie on top.
        { kind: 'points', points: points.sort((a, b) => Number(a.filled) - Number(b.filled)) },
      ],
    };
  },
};
