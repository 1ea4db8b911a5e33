/** What follows from the theory alone: nothing is trained. */
import { stream } from '#app/numerics/random.ts';
import { median } from '#app/numerics/statistics.ts';
import { criticalCurve, meanSlowestMode } from '../theory/critical.ts';
import { flow, lambda3, stepsToLinear } from '../theory/flow.ts';
import { degreesOfFreedom, taskStructure } from '../theory/parallelograms.ts';
import { measuredSource, paperSource, three, within, type EffectiveTheoryClaim } from './evidence.ts';

const ten = taskStructure('addition', 10);

/** Chance that n of 55 pairs force the structure, from the authors' result files (10 000 subsets each). */
const publishedChances: Readonly<Record<number, number>> = {
  20: 0.175,
  21: 0.286,
  22: 0.427,
  23: 0.58,
  24: 0.709,
  25: 0.803,
  26: 0.867,
  27: 0.919,
  28: 0.949,
  30: 0.981,
  35: 0.998,
};

/** Mean third eigenvalue of AᵀA / |P0(D)| at n of 55 pairs. */
const meanEigenvalues: Readonly<Record<number, number>> = {
  20: 0.0053,
  25: 0.051,
  30: 0.11,
  35: 0.174,
  40: 0.233,
  45: 0.288,
  50: 0.351,
  55: 0.4286,
};

/** Largest difference of a function from a table, with the argument at which it is. */
function largestDifference(table: Readonly<Record<number, number>>, of: (n: number) => number): { difference: number; at: number } {
  return Object.entries(table)
    .map(([n, expected]) => ({ difference: Math.abs(of(Number(n)) - expected), at: Number(n) }))
    .reduce((most, each) => (each.difference > most.difference ? each : most));
}

const untrained = (): [] => [];

export const theoryClaims: readonly EffectiveTheoryClaim[] = [
  {
    id: 'critical-fraction',
    statement: 'A random training set of about 0.4 of all pairs is as likely as not to force a linear representation.',
    source: `${paperSource}, figure 4a; result files of the official code`,
    how: 'Exact rank of the parallelograms in 10 000 random training sets of every size, p = 10. No training.',
    plan: untrained,
    check() {
      const { probability, fraction } = criticalCurve(ten, 10_000);
      const { difference, at } = largestDifference(publishedChances, (n) => probability[n]);
      return {
        measured: `r_c ${three(fraction)}; largest difference from the published curve ${three(difference)} at n = ${at}`,
        expected: 'r_c 0.41; the published curve',
        tolerance: '0.01; 0.02',
        holds: Math.abs(fraction - 0.41) <= 0.01 && difference <= 0.02,
      };
    },
  },
  {
    id: 'critical-fraction-scaling',
    statement: 'The critical fraction is a finite-size number: it falls about as 5/p.',
    source: `beyond ${paperSource}; ${measuredSource}`,
    how: 'The same for p = 6 to 28, 2000 training sets each. No training.',
    plan: untrained,
    check() {
      const expected: Readonly<Record<number, number>> = { 6: 13, 8: 18, 10: 23, 14: 32, 20: 48, 28: 68 };
      const sizes = Object.keys(expected).map((p) => criticalCurve(taskStructure('addition', Number(p)), 2000));
      return {
        measured: Object.keys(expected)
          .map((p, i) => `p = ${p}: ${sizes[i].size} pairs (${three(sizes[i].fraction)})`)
          .join('; '),
        expected: `${Object.values(expected).join(', ')} pairs`,
        tolerance: '1 pair each',
        holds: Object.values(expected).every((size, i) => Math.abs(sizes[i].size - size) <= 1),
      };
    },
  },
  {
    id: 'grokking-rate',
    statement: 'The grokking rate λ3 is zero below the critical fraction and rises with data above it.',
    source: `${paperSource}, figure 5a; ${measuredSource}`,
    how: 'Mean third smallest eigenvalue of AᵀA / |P0(D)| over 1000 random training sets of every size. No training.',
    plan: untrained,
    check() {
      const measured = new Map(Object.keys(meanEigenvalues).map((n) => [Number(n), meanSlowestMode(ten, Number(n), 1000)]));
      const { difference, at } = largestDifference(meanEigenvalues, (n) => measured.get(n)!);
      return {
        measured: [...measured].map(([n, value]) => `${n}: ${three(value)}`).join('; '),
        expected: Object.values(meanEigenvalues).join(', '),
        tolerance: `0.006 each; largest difference ${three(difference)} at n = ${at}`,
        holds: difference <= 0.006,
      };
    },
  },
  {
    id: 'theory-time',
    statement: 'The effective theory becomes linear after about four times 1/(λ3 η) steps, whatever the training fraction.',
    source: `${paperSource}, section 3.2; ${measuredSource}`,
    how: 'Closed form from random starts, RQI > 0.95, 100 training sets that force the structure at each of five sizes. No training.',
    plan: untrained,
    check() {
      const random = stream(0, 'claim-theory-time');
      const medians = [26, 32, 40, 48, 55].map((size) => {
        const times: number[] = [];
        while (times.length < 100) {
          const training = random.subset(55, size);
          if (degreesOfFreedom(ten, training) !== 2) continue;
          const start = Array.from({ length: 10 }, () => random.uniform() - 0.5);
          const path = flow(ten, training, start, 1, { variant: 'paper', rate: 1 });
          times.push(lambda3(ten, training) * stepsToLinear(ten, path, 0.01, 0.95));
        }
        return median(times);
      });
      return {
        measured: `medians of λ3 t η ${medians.map(three).join(', ')}`,
        expected: '3.3 to 4.8',
        tolerance: 'median at every size',
        holds: medians.every((value) => within(value, 3.3, 4.8)),
      };
    },
  },
  {
    id: 'critical-fraction-permutations',
    statement: 'For the permutations of three the critical fraction is about one half.',
    source: `${paperSource}, appendix H`,
    how: 'Quadrangle criterion (three parallelograms imply a fourth) to its end in 300 random orders of the 36 products. No training.',
    plan: untrained,
    check() {
      const { fraction } = criticalCurve(taskStructure('permutations', 6), 300);
      return { measured: `r_c ${three(fraction)}`, expected: '0.5', tolerance: '0.05', holds: Math.abs(fraction - 0.5) <= 0.05 };
    },
  },
];
