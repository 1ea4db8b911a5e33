import { z } from 'zod';
import { LotkaError } from '#app/protocol/errors.ts';
import type { Measure } from '#app/experiments/experiment.ts';
import { neighbourStep, type CircleParameters } from '../signals.ts';
import { meanThreshold, signalHistory, survivorsOf, winnersFixedAt } from '../survivors.ts';
import type { Survivors } from '../survivors.ts';

export interface SurvivorsResult extends Survivors {
  readonly step: number;
  /** Twice the mean signal of all bins. */
  readonly threshold: number;
  readonly signals: readonly number[];
  /** Delta = k^-1 mod p of each survivor; null if k and p share a divisor. */
  readonly neighbourSteps: readonly (number | null)[];
  /** Step since which the last survivors have not changed; null if nobody survives. */
  readonly fixedAt: number | null;
}

export const survivorsMeasure: Measure<CircleParameters, SurvivorsResult> = {
  id: 'survivors',
  label: 'Survivors',
  unit: '',
  formula: 's_k > \\frac{2}{p} \\sum_{j=0}^{p-1} s_j, \\quad s_k = \\Bigl\\lVert \\sum_t e^{-2\\pi i k t/p} E_t \\Bigr\\rVert_2',
  source: 'Ding et al. 2024, signals and survivors; official code get_circle_freqs',
  needs: 'recording',
  options: z.object({ step: z.number().int().min(0).optional() }),
  compute(run, options) {
    const { step } = survivorsMeasure.options.parse(options) as { step?: number };
    const history = signalHistory(run);
    if (history.rows === 0) throw new LotkaError('conflict', 'Nothing is recorded of this run yet, so there are no signals to compare.');
    const at = Math.min(step ?? Infinity, history.rows - 1);
    const row = history.at(at);
    const survivors = survivorsOf(row);
    return {
      ...survivors,
      step: at,
      threshold: meanThreshold(row),
      signals: survivors.frequencies.map((k) => row.signals[k - 1]),
      neighbourSteps: survivors.frequencies.map((k) => neighbourStep(k, row.modulus)),
      fixedAt: winnersFixedAt(history),
    };
  },
  quantities: (result) => [
    { id: 'survivors', label: 'Surviving frequencies', symbol: 'k', unit: '', value: [...result.frequencies], note: result.reason },
    {
      id: 'neighbours',
      label: 'Step to the neighbour on the circle',
      symbol: '\\Delta = k^{-1} \\bmod p',
      unit: 'tokens',
      value: result.neighbourSteps.map((delta) => delta ?? NaN),
    },
    { id: 'signals', label: 'Their signals', symbol: 's_k', unit: '', value: [...result.signals] },
    { id: 'threshold', label: 'Twice the mean signal', unit: '', value: result.threshold },
    { id: 'by-mean', label: 'By twice the mean', unit: '', value: [...result.byMean] },
    { id: 'by-gap', label: 'By the largest gap', unit: '', value: [...result.byGap] },
    {
      id: 'above-ten',
      label: 'Signals above 10',
      unit: '',
      value: [...result.aboveTen],
      note: 'The rule of the gradient study, meant for step 30,000.',
    },
    { id: 'fixed-at', label: 'Winners fixed since step', unit: '', value: result.fixedAt ?? 'nobody survives yet' },
  ],
};
