import { z } from 'zod';
import { stream } from '#app/numerics/random.ts';
import { median } from '#app/numerics/statistics.ts';
import type { Measure } from '../../experiment.ts';
import type { EffectiveTheoryParameters } from '../parameters.ts';
import { structureOf } from '../samples.ts';
import { meanSlowestMode, rateMap, type RateMap } from '../theory/critical.ts';
import { flow, lambda3, stepsToLinear } from '../theory/flow.ts';
import { taskStructure } from '../theory/parallelograms.ts';
import { requireAddition, trainingFraction, trainingOf } from './recording.ts';

const spectrumOptions = z.object({
  draws: z.number({ error: 'draws is a whole number from 1' }).int().min(1, 'draws is a whole number from 1').max(10_000).default(200),
});

const fractions = Array.from({ length: 17 }, (_, i) => 0.2 + 0.05 * i);
const mapSymbols = [4, 6, 8, 10, 12, 14, 16];
const mapFractions = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

export interface SpectrumResult {
  /** Mean λ3 over random training sets, by fraction. */
  readonly fractions: readonly number[];
  readonly means: Float64Array;
  /** λ3 of the run's own training set, and its fraction. */
  readonly own: { readonly fraction: number; readonly lambda3: number };
  /** λ3 of random training sets of every size, and the theory's time t η from a random start to a line. */
  readonly times: readonly { readonly lambda3: number; readonly time: number }[];
  /** Step at which the run itself became linear; null if it did not. */
  readonly ownSteps: number | null;
  readonly embeddingRate: number;
  readonly map: RateMap;
}

export const spectrumMeasure: Measure<EffectiveTheoryParameters, SpectrumResult> = {
  id: 'spectrum',
  label: 'Grokking rate',
  unit: '',
  formula: '\\lambda_3 = \\text{third smallest eigenvalue of } \\frac{2}{Z_0}\\,\\frac{A_D^{\\top} A_D}{\\lvert P_0(D)\\rvert}',
  source: 'Liu et al. 2022, figure 5; over random training sets',
  needs: 'recording',
  options: spectrumOptions,
  compute(run, options, context) {
    const { draws } = spectrumOptions.parse(options);
    requireAddition(run);
    const structure = structureOf(run.parameters);
    const { symbols, samples } = structure;
    const { closeness, linearThreshold, embeddingRate } = run.parameters;
    const means = Float64Array.from(fractions, (fraction, i) => {
      context.progress((0.4 * i) / fractions.length, 'rates by fraction');
      return (2 / (symbols - 1)) * meanSlowestMode(structure, Math.round(fraction * samples.length), draws);
    });
    const random = stream(0, 'time-to-linear');
    const times: { lambda3: number; time: number }[] = [];
    for (let draw = 0; draw < draws; draw += 1) {
      const training = random.subset(samples.length, Math.round((0.3 + 0.7 * random.uniform()) * samples.length));
      const start = Array.from({ length: symbols }, () => random.uniform() - 0.5);
      const rate = lambda3(structure, training);
      if (rate === 0) continue;
      const path = flow(structure, training, start, 1, { variant: 'paper', rate: 1 });
      const time = stepsToLinear(structure, path, closeness, linearThreshold);
      if (Number.isFinite(time)) times.push({ lambda3: rate, time });
    }
    const quality = run.series('rqi');
    const linear = quality.values.subarray(0, quality.rows).findIndex((value) => value > linearThreshold);
    return {
      fractions,
      means,
      own: { fraction: trainingFraction(run), lambda3: lambda3(structure, trainingOf(run)) },
      times,
      ownSteps: linear < 0 ? null : linear,
      embeddingRate,
      map: rateMap(
        (count) => taskStructure('addition', count),
        mapSymbols,
        mapFractions,
        Math.min(draws, 40),
        (share) => context.progress(0.5 + 0.5 * share, 'rates by symbols and fraction'),
      ),
    };
  },
  quantities: ({ own, means, times }) => [
    { id: 'lambda3', label: 'Grokking rate of this training set', symbol: '\\lambda_3', unit: '', value: own.lambda3 },
    { id: 'fraction', label: 'Training fraction', symbol: 'r', unit: '', value: own.fraction },
    { id: 'means', label: 'Mean rate from 20 % to all samples, by 5 %', unit: '', value: [...means] },
    {
      id: 'scaled-time',
      label: 'Median of λ3 t η until the theory is linear',
      symbol: '\\lambda_3\\,t\\,\\eta',
      unit: '',
      value: median(times.map(({ lambda3: rate, time }) => rate * time)),
      note: 'Over random training sets and starts; about four, whatever the fraction.',
    },
  ],
};
