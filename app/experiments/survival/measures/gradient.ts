import { z } from 'zod';
import { mean, rocAuc, spearman } from '#app/numerics/statistics.ts';
import type { Measure, RecordedRun } from '../../experiment.ts';
import type { SurvivalParameters } from '../parameters.ts';
import type { CircleParameters } from '#app/circles/signals.ts';
import { signalHistory, survivorsOfRun } from '#app/circles/survivors.ts';

/** First steps whose change is looked at: tau = 0 .. 4. */
export const gradientSteps = 5;

export interface GradientResult {
  /** s_k(0), element i for frequency i + 1. */
  readonly initial: Float64Array;
  /** g_k(tau) for tau = 0 .. `taus` - 1, row-major (taus x frequencies). */
  readonly gradients: Float64Array;
  readonly taus: number;
  readonly survived: readonly boolean[];
  /** How well s_k(0), and each g_k(tau), tell survivors from dead; NaN while nobody has survived or died. */
  readonly aucInitial: number;
  readonly aucGradient: readonly number[];
  readonly spearmanInitial: number;
}

/** Relative change of every signal in one of the first steps: (s_k(tau + 1) - s_k(tau)) / s_k(0). */
export function relativeChange(run: RecordedRun<CircleParameters>, tau: number): Float64Array {
  const history = signalHistory(run);
  const [start, before, after] = [history.at(0).signals, history.at(tau).signals, history.at(tau + 1).signals];
  return Float64Array.from(start, (initial, i) => (initial === 0 ? 0 : (after[i] - before[i]) / initial));
}

export const gradientMeasure: Measure<SurvivalParameters, GradientResult> = {
  id: 'gradient',
  label: 'Initial gradient',
  unit: '1/step',
  formula: 'g_k(\\tau) = \\frac{s_k(\\tau+1) - s_k(\\tau)}{s_k(0)}, \\quad \\tau = 0 \\ldots 4',
  source: 'Ding et al. 2024, initial gradients; official code plot_init_gradient.py',
  needs: 'recording',
  options: z.object({}),
  compute(run) {
    const history = signalHistory(run);
    const taus = Math.max(0, Math.min(gradientSteps, history.rows - 1));
    const initial = history.rows > 0 ? Float64Array.from(history.at(0).signals) : new Float64Array();
    const alive = survivorsOfRun(run)?.frequencies ?? [];
    const survived = Array.from(initial, (_, i) => alive.includes(i + 1));
    const rows = Array.from({ length: taus }, (_, tau) => relativeChange(run, tau));
    const gradients = new Float64Array(taus * initial.length);
    rows.forEach((row, tau) => gradients.set(row, tau * initial.length));
    return {
      initial,
      gradients,
      taus,
      survived,
      aucInitial: rocAuc(initial, survived),
      aucGradient: rows.map((row) => rocAuc(row, survived)),
      spearmanInitial: spearman(
        initial,
        survived.map((alive) => (alive ? 1 : 0)),
      ),
    };
  },
  quantities(result) {
    const last = result.taus - 1;
    const width = result.initial.length;
    const meanOf = (survived: boolean) =>
      mean([...result.gradients.subarray(last * width)].filter((_, i) => result.survived[i] === survived));
    return [
      { id: 'auc-initial', label: 'AUC of the initial signal', symbol: '\\mathrm{AUC}(s_k(0))', unit: '', value: result.aucInitial },
      {
        id: 'auc-gradient',
        label: 'AUC of the gradient, steps 1 to 5',
        symbol: '\\mathrm{AUC}(g_k(\\tau))',
        unit: '',
        value: [...result.aucGradient],
        note: 'The change of the signal under AdamW, not the gradient of the loss.',
      },
      {
        id: 'mean-gradient-survivors',
        label: `Mean gradient of survivors at τ = ${last}`,
        unit: '1/step',
        value: last < 0 ? NaN : meanOf(true),
      },
      {
        id: 'mean-gradient-dead',
        label: `Mean gradient of the others at τ = ${last}`,
        unit: '1/step',
        value: last < 0 ? NaN : meanOf(false),
      },
      {
        id: 'spearman',
        label: 'Rank correlation of initial signal and survival',
        symbol: '\\rho',
        unit: '',
        value: result.spearmanInitial,
      },
    ];
  },
};
