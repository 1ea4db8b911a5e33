/** Teacher and student: the L and the U, and when a network generalises (figure 2, acceptance checks 1 to 4). */
import { shapeOf } from '#app/landscape/shape.ts';
import { decayedNorm, timingLaw } from '#app/landscape/timing.ts';
import { median } from '#app/numerics/statistics.ts';
import type { OmnigrokParameters } from '../parameters.ts';
import {
  firstAtLeast,
  greatest,
  having,
  inTheMedian,
  logarithmic,
  measuredSource,
  middle,
  ofSeed,
  paperSource,
  repetitions,
  sample,
  seeds,
  seedsIn,
  spread,
  three,
  valueAt,
  within,
  type Changes,
  type OmnigrokClaim,
  type OmnigrokRun,
} from './evidence.ts';

/** The set-up of figure 2: 5-100-100-5, tanh, 100 samples of either kind. */
const system: Changes = {
  task: 'teacher-student',
  trainingSamples: 100,
  testSamples: 100,
  hiddenWidths: [100, 100],
  activation: 'tanh',
  optimizer: 'adamw',
  learningRate: 3e-4,
  batchSize: 0,
};
const pinned: Changes = { ...system, pinNorm: true, weightDecay: 0 };

const scales = logarithmic(0.1, 10, 9);
const landscape = (seedCount: number): OmnigrokParameters[] =>
  scales.flatMap((initialScale) => seeds(seedCount, { ...pinned, initialScale, steps: 2000 }));

/** Free runs from twice the initial norm, long enough for their weight decay. */
const decays = [
  { weightDecay: 0.25, steps: 9000 },
  { weightDecay: 0.5, steps: 5500 },
  { weightDecay: 1, steps: 3500 },
] as const;
const free = (seedCount: number): OmnigrokParameters[] =>
  decays.flatMap((changes) => seeds(seedCount, { ...system, initialScale: 2, ...changes }));

const threshold = 0.95;
const percent = (share: number | null): number | null => (share === null ? null : 100 * share);
const fits = (run: OmnigrokRun): number | null => firstAtLeast(run, 'trainAccuracy', threshold);
const generalises = (run: OmnigrokRun): number | null => firstAtLeast(run, 'testAccuracy', threshold);

/** Final losses at pinned norms as the authors' notebook prints them: scale, training loss, test loss; 0 where it prints below 1e-6. */
export const officialLandscape = [
  [0.1, 1.42e-2, 1.64e-2],
  [0.158, 7.43e-3, 1.17e-2],
  [0.251, 1.4e-3, 2.27e-3],
  [0.398, 8.6e-5, 3.3e-4],
  [0.631, 1e-6, 8.6e-5],
  [1, 0, 7.8e-5],
  [1.585, 1e-6, 1.47e-3],
  [2.512, 0, 4.06e-2],
  [3.98, 0, 0.429],
  [6.31, 0, 2.44],
  [10, 0, 9.62],
] as const;

export const teacherStudentClaims: readonly OmnigrokClaim[] = [
  {
    id: 'landscape-teacher-student',
    statement:
      'At pinned weight norms the training loss has the shape of an L and the test loss that of a U, whose minimum lies near the initial norm.',
    source: `${paperSource}, figure 2a; ${measuredSource}`,
    how: `Nine scales of initial parameters from 0.1 to 10, norm pinned, 2000 steps, ${sample}; the test loss has its minimum between 0.5 and 1.3, is 30 times that at 0.1 and 1000 times at 10, and the training loss from 0.56 on is below 0.001 and a 20th of that at 0.1.`,
    plan: (options) => landscape(repetitions(options)),
    check(runs) {
      const found = seedsIn(runs).map((seed) => {
        const points = scales.map((initialScale) => {
          const run = ofSeed(runs, seed, { initialScale });
          return { norm: initialScale, train: valueAt(run, 'trainLoss'), test: valueAt(run, 'testLoss') };
        });
        const { minimum } = shapeOf(points, { scale: 'log' })!;
        const [least, most] = [points[0], points[points.length - 1]];
        const floor = points.filter(({ norm }) => norm >= 0.56).map(({ train }) => train);
        return {
          at: points[minimum.at].norm,
          vertex: minimum.norm,
          above: most.test / minimum.value,
          below: least.test / minimum.value,
          floor: Math.max(...floor),
          drop: least.train / Math.max(...floor),
        };
      });
      const of = (which: keyof (typeof found)[number]) => found.map((one) => one[which]);
      return {
        measured: `minimum at scale ${spread(of('vertex'))}; test loss at 10 and 0.1 ${spread(of('above'))} and ${spread(of('below'))} times the minimum; training loss from 0.56 on at most ${spread(of('floor'))}, ${spread(of('drop'))} times below that at 0.1`,
        expected: 'minimum from 0.5 to 1.3; above 1000 and 30 times; below 0.001, at least 20 times below',
        tolerance: inTheMedian,
        holds:
          within(middle(of('at')), 0.5, 1.3) &&
          middle(of('above')) > 1e3 &&
          middle(of('below')) > 30 &&
          middle(of('floor')) < 1e-3 &&
          middle(of('drop')) >= 20,
      };
    },
  },
  {
    id: 'official-landscape',
    statement: "The landscape is that of the authors' notebook.",
    source: `${paperSource}, figure 2a; printed by the official notebook (KindXiaoming/Omnigrok), one seed`,
    how: "The notebook's eleven scales (quick: the first, sixth and last), 10 000 pinned steps, one seed of our own random numbers; ratio of test losses scale by scale.",
    plan: ({ quick }) =>
      officialLandscape
        .filter((_, i) => !quick || i % 5 === 0)
        .flatMap(([initialScale]) => seeds(1, { ...pinned, initialScale, steps: 10_000 })),
    check(runs) {
      const compared = officialLandscape.flatMap(([initialScale, , test]) =>
        having(runs, { initialScale }).map((run) => ({ initialScale, ratio: valueAt(run, 'testLoss') / test })),
      );
      const distance = compared.map(({ ratio }) => Math.abs(Math.log10(ratio)));
      return {
        measured: compared.map(({ initialScale, ratio }) => `${initialScale}: ${three(ratio)}`).join('; '),
        expected: 'ratios near 1 over five orders of magnitude',
        tolerance: 'a factor of 3 in the median, of 10 anywhere: teacher, student and samples are drawn otherwise',
        holds: median(distance) <= Math.log10(3) && Math.max(...distance) <= 1,
      };
    },
  },
  {
    id: 'time-inverse-in-decay',
    statement:
      'From a large norm, the time to generalise is inversely proportional to weight decay, while the time to fit hardly depends on it.',
    source: `${paperSource}, figure 2c; ${measuredSource}`,
    how: `Twice the initial norm, weight decay 0.25, 0.5 and 1, ${sample}; times at which accuracy reaches 95 %.`,
    plan: (options) => free(repetitions(options)),
    check(runs) {
      const found = seedsIn(runs).map((seed) => {
        const own = decays.map(({ weightDecay }) => ofSeed(runs, seed, { weightDecay, initialScale: 2 }));
        const law = timingLaw(
          own.map((run) => ({
            seed,
            initialNorm: valueAt(run, 'norm', 0),
            learningRate: run.parameters.learningRate,
            weightDecay: run.parameters.weightDecay,
            fitted: fits(run),
            generalised: generalises(run),
            normAtGeneralising: null,
          })),
        );
        const products = own.map((run) => (generalises(run) ?? Infinity) * run.parameters.weightDecay);
        const centre = products.reduce((sum, product) => sum + product, 0) / products.length;
        return {
          slope: law.slope,
          fitting: law.fittingRatio - 1,
          product: Number.isFinite(centre) ? centre : null,
          deviation: Number.isFinite(centre) ? Math.max(...products.map((product) => Math.abs(product / centre - 1))) : null,
        };
      });
      const of = (which: keyof (typeof found)[number]) => found.map((one) => one[which]);
      return {
        measured: `slope of ln t against ln γ ${spread(of('slope'))}; t γ ${spread(of('product'))}, within ${spread(of('deviation').map(percent))} % of its mean; time to fit varies by ${spread(of('fitting').map(percent))} %`,
        expected: 'slope from −1.15 to −0.7, t γ within 25 % of its mean, time to fit varies by less than 35 %',
        tolerance: inTheMedian,
        holds: within(middle(of('slope')), -1.15, -0.7) && middle(of('fitting')) < 0.35 && middle(of('deviation')) <= 0.25,
      };
    },
  },
  {
    id: 'norm-decays-to-critical',
    statement:
      'Until it generalises the norm does nothing but decay, and a network generalises at the same norm whatever its weight decay.',
    source: `${paperSource}, section 2; ${measuredSource}`,
    how: `The runs of the claim before with weight decay 0.25 and 0.5, ${sample}; norm against w exp(−ηγt) up to the first step with 95 % test accuracy, and the norm there against that of the initial network without scaling.`,
    plan: (options) => free(repetitions(options)).filter(({ weightDecay }) => weightDecay <= 0.5),
    check(runs) {
      const found = runs.map((run) => {
        const { learningRate, weightDecay, initialScale } = run.parameters;
        const step = generalises(run);
        const decay = { initialNorm: valueAt(run, 'norm', 0), learningRate, weightDecay };
        let deviation = 0;
        for (let t = 0; t <= (step ?? run.steps); t += 1)
          deviation = Math.max(deviation, Math.abs(valueAt(run, 'norm', t) / decayedNorm(decay, t) - 1));
        return { norm: step === null ? null : valueAt(run, 'norm', step), unscaled: decay.initialNorm / initialScale, deviation };
      });
      return {
        measured: `norm on generalising ${spread(found.map(({ norm }) => norm))}, ${spread(found.map(({ norm, unscaled }) => (norm === null ? null : norm / unscaled)))} times that without scaling; deviation from decay alone at most ${spread(found.map(({ deviation }) => percent(deviation)))} %`,
        expected: 'norm from 10 to 11, deviation at most 5 %',
        tolerance: inTheMedian,
        holds: within(middle(found.map(({ norm }) => norm)), 10, 11) && middle(found.map(({ deviation }) => deviation)) <= 0.05,
      };
    },
  },
  {
    id: 'walls-of-the-u',
    statement: 'Too much weight decay drives a network past the zone, where it cannot generalise; one that starts small needs none.',
    source: `${paperSource}, figure 2b and section 2; ${measuredSource}`,
    how: `Twice the initial norm with weight decay 2 and 4, and half of it without, 4000 steps, ${sample}. On its way inwards a network may touch 95 % of 100 samples for a moment, so with weight decay 2 only the end counts.`,
    plan: (options) => [
      ...[2, 4].flatMap((weightDecay) => seeds(repetitions(options), { ...system, initialScale: 2, weightDecay, steps: 4000 })),
      ...seeds(repetitions(options), { ...system, initialScale: 0.5, weightDecay: 0, steps: 4000 }),
    ],
    check(runs) {
      const [two, four, small] = [
        having(runs, { weightDecay: 2 }),
        having(runs, { weightDecay: 4 }),
        having(runs, { initialScale: 0.5, weightDecay: 0 }),
      ];
      const last = (some: readonly OmnigrokRun[]) => some.map((run) => valueAt(run, 'testAccuracy'));
      const best = (some: readonly OmnigrokRun[]) => some.map((run) => greatest(run, 'testAccuracy'));
      const ends = (some: readonly OmnigrokRun[]) => spread(some.map((run) => valueAt(run, 'norm')));
      const times = small.map(generalises);
      return {
        measured: `weight decay 2: test accuracy ${spread(last(two))} at the end, ${spread(best(two))} at best, norm ${ends(two)}; 4: ${spread(last(four))}, ${spread(best(four))}, norm ${ends(four)}; small start: 95 % at step ${spread(times)}`,
        expected: 'at the end below 0.95 with weight decay 2, never 0.95 with 4; by step 2000 from the small start',
        tolerance: inTheMedian,
        holds: middle(last(two)) < threshold && middle(best(four)) < threshold && within(middle(times), 0, 2000),
      };
    },
  },
];
