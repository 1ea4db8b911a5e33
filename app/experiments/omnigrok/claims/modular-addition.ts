/** Modular addition: grokking removed by pinning the norm (figure 6, acceptance checks 9 to 12). */
import type { OmnigrokParameters } from '../parameters.ts';
import {
  firstAtLeast,
  greatest,
  having,
  inTheMedian,
  measuredSource,
  middle,
  ofSeed,
  paperSource,
  repetitions,
  sample,
  seeds,
  seedsIn,
  spread,
  valueAt,
  within,
  type Changes,
  type OmnigrokClaim,
  type OmnigrokRun,
} from './evidence.ts';

/** In place of the paper's transformer with p = 113: 31 numbers and a perceptron, which a processor trains in seconds. */
const system: Changes = {
  task: 'modular-addition',
  modulus: 31,
  trainingFraction: 0.5,
  embeddingWidth: 32,
  hiddenWidths: [64, 64],
  activation: 'silu',
  optimizer: 'adamw',
  learningRate: 3e-3,
  batchSize: 0,
  initialScale: 1,
};
const small = 'a perceptron with 31 numbers in place of the transformer with 113';

const fits = (run: OmnigrokRun): number | null => firstAtLeast(run, 'trainAccuracy', 0.95);
const generalises = (run: OmnigrokRun): number | null => firstAtLeast(run, 'testAccuracy', 0.95);

const free = (count: number, decays: readonly number[]): OmnigrokParameters[] =>
  decays.flatMap((weightDecay) => seeds(count, { ...system, weightDecay, steps: weightDecay > 1 ? 2500 : 4000 }));

const held = (count: number, initialScale: number, steps: number): OmnigrokParameters[] =>
  seeds(count, { ...system, pinNorm: true, weightDecay: 0, initialScale, steps });

/** Scales at which the norm is held: too small to fit, right, and the initial one. */
const [tooSmall, right, initial] = [0.5, [0.75, 0.8, 0.85], 1] as const;

export const modularAdditionClaims: readonly OmnigrokClaim[] = [
  {
    id: 'addition-groks',
    statement: 'Modular addition is grokked, and the sooner the stronger weight decay is.',
    source: `${paperSource}, figure 6 left; ${measuredSource}, ${small}`,
    how: `Weight decay 1, 2 and 4, ${sample}; times to 95 %, ratios within a seed.`,
    plan: (options) => free(repetitions(options), [1, 2, 4]),
    check(runs) {
      const found = seedsIn(runs).map((seed) => {
        const [one, two, four] = [1, 2, 4].map((weightDecay) => ofSeed(runs, seed, { weightDecay }));
        const [t1, t2, t4, fitted] = [generalises(one), generalises(two), generalises(four), fits(one)];
        return {
          t1,
          t2,
          t4,
          fitted,
          // A network that never generalises in these steps does so later still.
          gap: fitted === null ? null : (t1 ?? Infinity) / Math.max(1, fitted),
          ratio: t1 === null || t2 === null ? null : t1 / t2,
        };
      });
      const all = (which: keyof (typeof found)[number]) => found.map((one) => one[which]);
      const of = (which: keyof (typeof found)[number]) => spread(all(which));
      return {
        measured: `weight decay 1: fits at step ${of('fitted')}, generalises at ${of('t1')}, ${of('gap')} times later; 2: ${of('t2')}, ${of('ratio')} times sooner; 4: ${of('t4')}`,
        expected: 'at least 10 times later with weight decay 1; 1.6 to 2.6 times sooner with 2',
        tolerance: inTheMedian,
        holds: middle(all('gap')) >= 10 && within(middle(all('ratio')), 1.6, 2.6),
      };
    },
  },
  {
    id: 'addition-norm',
    statement: 'While it is grokked the norm rises, then falls below its initial value.',
    source: `${paperSource}, figure 6 left; ${measuredSource}, ${small}`,
    how: `Runs of the claim before with weight decay 1 and 2, ${sample}.`,
    plan: (options) => free(repetitions(options), [1, 2]),
    check(runs) {
      const found = runs.map((run) => {
        const step = generalises(run);
        const initialNorm = valueAt(run, 'norm', 0);
        return {
          initialNorm,
          peak: greatest(run, 'norm') / initialNorm,
          end: step === null ? null : valueAt(run, 'norm', step) / initialNorm,
        };
      });
      const all = (which: keyof (typeof found)[number]) => found.map((one) => one[which]);
      const of = (which: keyof (typeof found)[number]) => spread(all(which));
      return {
        measured: `initial norm ${of('initialNorm')}; greatest ${of('peak')} and on generalising ${of('end')} times that`,
        expected: 'above 1 and from 0.72 to 0.85',
        tolerance: inTheMedian,
        holds: middle(all('peak')) > 1 && within(middle(all('end')), 0.72, 0.85),
      };
    },
  },
  {
    id: 'pinning-removes-grokking',
    statement:
      'Held at the right norm the network generalises soon after it fits; at the initial norm it never does, and at half of it it cannot even fit.',
    source: `${paperSource}, figure 6 right; ${measuredSource}, ${small}`,
    how: `Norm pinned without weight decay at 0.75, 0.8 and 0.85 times the initial norm, of which the one that generalises first counts, since the right norm differs between seeds; at 1 and at 0.5 times; against the free run with weight decay 1; ${sample}, within a seed.`,
    plan: (options) => {
      const count = repetitions(options);
      return [
        ...free(count, [1]),
        ...right.flatMap((scale) => held(count, scale, 1500)),
        ...held(count, initial, 2500),
        ...held(count, tooSmall, 1500),
      ];
    },
    check(runs) {
      const found = seedsIn(runs).map((seed) => {
        const alone = generalises(ofSeed(runs, seed, { pinNorm: false }));
        const pinned = right.map((initialScale) => ofSeed(runs, seed, { initialScale, pinNorm: true }));
        const times = pinned.map((run) => generalises(run) ?? Infinity);
        const there = Math.min(...times);
        const fitted = fits(pinned[times.indexOf(there)]) ?? Infinity;
        // A free run that never got there in its steps would have needed more.
        const longest = alone ?? ofSeed(runs, seed, { pinNorm: false }).steps;
        return { there, gap: Number.isFinite(there) ? there - fitted : null, share: there / longest };
      });
      const large = having(runs, { initialScale: initial, pinNorm: true }).map((run) => greatest(run, 'testAccuracy'));
      const tiny = having(runs, { initialScale: tooSmall, pinNorm: true }).map((run) => greatest(run, 'trainAccuracy'));
      const all = (which: keyof (typeof found)[number]) => found.map((one) => one[which]);
      const of = (which: keyof (typeof found)[number]) => spread(all(which));
      return {
        measured: `held at the right norm: generalises at step ${of('there')}, ${of('gap')} after it fits, in ${of('share')} of the free run's time; at 1 test accuracy at most ${spread(large)}; at 0.5 training accuracy at most ${spread(tiny)}`,
        expected: 'gap at most 750 steps, at most 0.6 of the time; at 1 at most 0.5; at 0.5 below 0.95',
        tolerance: inTheMedian,
        holds: middle(all('gap')) <= 750 && middle(all('share')) <= 0.6 && middle(large) <= 0.5 && middle(tiny) < 0.95,
      };
    },
  },
  {
    id: 'data-widens-the-zone',
    statement: 'Below a critical number of samples no norm generalises; above it more data generalise sooner.',
    source: `${paperSource}, section 2 and figure 8; ${measuredSource}, ${small}`,
    how: `Training fractions 0.3, 0.4, 0.5 and 0.6, weight decay 0.5, 5000 steps, ${sample}; time to 95 %, where never is later than any step.`,
    plan: (options) =>
      [0.3, 0.4, 0.5, 0.6].flatMap((trainingFraction) =>
        seeds(repetitions(options), { ...system, trainingFraction, weightDecay: 0.5, steps: trainingFraction < 0.45 ? 4000 : 5000 }),
      ),
    check(runs) {
      const times = (trainingFraction: number) => having(runs, { trainingFraction }).map(generalises);
      const [few, some, half, most] = [0.3, 0.4, 0.5, 0.6].map(times);
      return {
        measured: `0.3: ${spread(few)}; 0.4: ${spread(some)}; 0.5: step ${spread(half)}; 0.6: step ${spread(most)}`,
        expected: 'never with 0.3 and 0.4 in 4000 steps; 0.6 sooner than 0.5',
        tolerance: inTheMedian,
        holds: middle(few) === Infinity && middle(some) === Infinity && middle(most) < middle(half),
      };
    },
  },
];
