import { z } from 'zod';
import { criticalCurve, type CriticalCurve } from '../theory/critical.ts';
import type { Measure } from '../../experiment.ts';
import type { EffectiveTheoryParameters } from '../parameters.ts';
import { structureOf } from '../samples.ts';
import { taskStructure } from '../theory/parallelograms.ts';
import { trainingFraction } from './recording.ts';

const criticalOptions = z.object({
  draws: z.number({ error: 'draws is a whole number from 10' }).int().min(10, 'draws is a whole number from 10').max(100_000).default(2000),
});

/** Numbers of symbols at which the critical fraction is compared. */
const scaledSymbols = [4, 6, 8, 10, 14, 20, 28];

export interface CriticalFractionResult {
  readonly curve: CriticalCurve;
  /** Fraction that the run itself trains on. */
  readonly trainingFraction: number;
  /** Critical fraction of addition by number of symbols; empty for other tasks. */
  readonly scaling: readonly { readonly symbols: number; readonly fraction: number }[];
}

export const criticalFractionMeasure: Measure<EffectiveTheoryParameters, CriticalFractionResult> = {
  id: 'critical-fraction',
  label: 'Critical training fraction',
  unit: '',
  formula: 'r_c:\\; \\Pr\\bigl[P(D) = P_0 \\mid \\lvert D\\rvert = r_c N\\bigr] = \\tfrac12',
  source: 'Liu et al. 2022, figure 4a; exact ranks over random training sets',
  needs: 'recording',
  options: criticalOptions,
  compute(run, options, context) {
    const { draws } = criticalOptions.parse(options);
    const structure = structureOf(run.parameters);
    const curve = criticalCurve(structure, structure.task === 'permutations' ? Math.min(draws, 300) : draws);
    const scaling =
      structure.task === 'addition'
        ? scaledSymbols.map((symbols, i) => {
            context.progress(i / scaledSymbols.length, `${symbols} symbols`);
            return { symbols, fraction: criticalCurve(taskStructure('addition', symbols), Math.min(draws, 500)).fraction };
          })
        : [];
    return { curve, trainingFraction: trainingFraction(run), scaling };
  },
  quantities: ({ curve, trainingFraction: own, scaling }) => [
    {
      id: 'critical-fraction',
      label: 'Critical training fraction',
      symbol: 'r_c',
      unit: '',
      value: curve.fraction,
      note: 'A number of this many symbols: it falls as they grow.',
    },
    { id: 'critical-size', label: 'Samples that force the structure more often than not', unit: '', value: curve.size },
    { id: 'draws', label: 'Random training sets', unit: '', value: curve.draws },
    { id: 'own-fraction', label: 'Fraction of this run', symbol: 'r', unit: '', value: own },
    {
      id: 'own-probability',
      label: 'Chance that such a fraction forces the structure',
      unit: '',
      value: curve.probability[Math.round(own * curve.samples)],
    },
    ...scaling.map(({ symbols, fraction }) => ({
      id: `critical-fraction-${symbols}`,
      label: `Critical fraction of ${symbols} symbols`,
      unit: '',
      value: fraction,
    })),
  ],
};
