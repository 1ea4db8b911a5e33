/** Phases of learning and what moves their borders (figures 6 and 13 to 15, acceptance check 12). */
import { median } from '#app/numerics/statistics.ts';
import type { PublishedMap } from '../../experiment.ts';
import type { EffectiveTheoryRun } from '../measures/recording.ts';
import type { EffectiveTheoryParameters } from '../parameters.ts';
import { delayOf, passedBy, phaseOf, type Phase } from '../phases.ts';
import { publishedMaps } from '../published.ts';
import { lastOf, linearSteps, measuredSource, paperSource, seeds, spread, three, type EffectiveTheoryClaim } from './evidence.ts';

type Changes = Partial<EffectiveTheoryParameters>;

/** `comprehension 3, memorization 1` */
function countPhases(runs: readonly EffectiveTheoryRun[]): string {
  const counts = new Map<Phase, number>();
  for (const run of runs) counts.set(phaseOf(run), (counts.get(phaseOf(run)) ?? 0) + 1);
  return [...counts].map(([phase, count]) => `${phase} ${count}`).join(', ');
}

/** A place on the phase diagram that must end in one phase, in at least a share of the seeds. */
function landmark(
  id: string,
  statement: string,
  source: string,
  changes: Changes,
  expected: Phase,
  { least, quick, full }: { least: number; quick: number; full: number },
): EffectiveTheoryClaim {
  return {
    id,
    statement,
    source,
    how: `${Object.entries(changes)
      .map(([name, value]) => `${name} ${String(value)}`)
      .join(', ')}; ${full} seeds (quick: ${quick}).`,
    plan: (options) => seeds(options.quick ? quick : full, changes),
    check(runs) {
      const right = runs.filter((run) => phaseOf(run) === expected).length;
      const others = runs
        .filter((run) => phaseOf(run) !== expected)
        .map((run) => `RQI ${three(lastOf(run, 'rqi'))}, which predicts an accuracy of ${three(lastOf(run, 'predictedAccuracy'))}`);
      return {
        measured: [countPhases(runs), ...others].join('; '),
        expected,
        tolerance: least === 1 ? 'every seed' : `at least ${three(100 * least)} % of the seeds`,
        holds: right >= least * runs.length,
      };
    },
  };
}

/** The phase most seeds agree on; null where the two commonest are equally common. */
export function majority(all: readonly Phase[]): Phase | null {
  const counts = new Map<Phase, number>();
  for (const phase of all) counts.set(phase, (counts.get(phase) ?? 0) + 1);
  const [first, second] = [...counts].sort((a, b) => b[1] - a[1]);
  return first !== undefined && first[1] !== second?.[1] ? first[0] : null;
}

/** Every third row and column, for a quick look at a map. */
const isSampled = (place: number, quick: boolean): boolean => !quick || place % 3 === 0;

/** Parameters of the cells of a published map, each with three seeds. */
function mapRuns({ parameters, x, y }: PublishedMap, quick: boolean): EffectiveTheoryParameters[] {
  return y.values.flatMap((row, i) =>
    x.values.flatMap((column, j) =>
      isSampled(i, quick) && isSampled(j, quick) ? seeds(3, { ...parameters, [x.parameter]: column, [y.parameter]: row }) : [],
    ),
  );
}

const learningRates = publishedMaps.find(({ id }) => id === 'learning-rates')!;
const tenThousand = { steps: 10_000 };

/** Cells of the published map of decoder rate and weight decay, across its four regions. */
const decayCells: readonly {
  readonly decoderRate: number;
  readonly decoderDecay: number;
  readonly published: Phase;
  readonly corner: boolean;
}[] = [
  { decoderRate: 1e-4, decoderDecay: 0, published: 'comprehension', corner: true },
  { decoderRate: 1e-4, decoderDecay: 6, published: 'grokking', corner: false },
  { decoderRate: 1e-3, decoderDecay: 0, published: 'memorization', corner: false },
  { decoderRate: 1e-2, decoderDecay: 0, published: 'memorization', corner: false },
  { decoderRate: 1e-3, decoderDecay: 6, published: 'confusion', corner: false },
  { decoderRate: 1e-2, decoderDecay: 10, published: 'confusion', corner: true },
];

/** Runs that changes distinguish: those with a value and the others. */
const having = (runs: readonly EffectiveTheoryRun[], changes: Changes): EffectiveTheoryRun[] =>
  runs.filter(({ parameters }) => Object.entries(changes).every(([name, value]) => parameters[name as keyof Changes] === value));

export const phaseClaims: readonly EffectiveTheoryClaim[] = [
  {
    id: 'phase-map-rates',
    statement: 'Learning rates of representation and decoder decide the phase: the map of the paper.',
    source: learningRates.source,
    how: 'The published 10 x 10 map (quick: every third row and column), 10 000 steps, majority of 3 seeds in each cell, cell by cell.',
    plan: ({ quick }) => mapRuns(learningRates, quick),
    check(runs) {
      const { x, y, cells } = learningRates;
      const compared = cells.flatMap((published, at) => {
        const here = having(runs, {
          [x.parameter]: x.values[at % x.values.length],
          [y.parameter]: y.values[Math.floor(at / x.values.length)],
        });
        return here.length === 0 ? [] : [{ published, ours: majority(here.map(phaseOf)) }];
      });
      const equal = compared.filter(({ published, ours }) => published === ours).length;
      const wanted = new Set(compared.map(({ published }) => published));
      const missing = [...wanted].filter((phase) => compared.every(({ ours }) => ours !== phase));
      return {
        measured: `${equal} of ${compared.length} cells equal (${three((100 * equal) / compared.length)} %); ${missing.length === 0 ? 'every published phase present' : `no ${missing.join(', ')}`}`,
        expected: 'at least 70 % equal, every published phase present',
        tolerance: 'majority of 3 seeds against one published seed',
        holds: equal >= 0.7 * compared.length && missing.length === 0,
      };
    },
  },
  landmark(
    'fast-decoder-memorises',
    'A decoder that learns fast memorises.',
    `${paperSource}, figure 6a; ${measuredSource}`,
    { embeddingRate: 1e-3, decoderRate: 1e-2, ...tenThousand },
    'memorization',
    { least: 1, quick: 3, full: 8 },
  ),
  landmark(
    'slow-network-confused',
    'If both learn slowly the network stays confused.',
    `${paperSource}, figure 6a; ${measuredSource}`,
    { embeddingRate: 1e-5, decoderRate: 1e-5, ...tenThousand },
    'confusion',
    { least: 1, quick: 3, full: 8 },
  ),
  landmark(
    'classification-comprehends',
    'Classification with the default rates comprehends in every seed.',
    `${paperSource}, figure 6c; ${measuredSource} (two seeds)`,
    { objective: 'classification', ...tenThousand },
    'comprehension',
    { least: 1, quick: 4, full: 8 },
  ),
  landmark(
    'fast-classifier-memorises',
    'A fast decoder memorises in classification too.',
    `${paperSource}, figure 6c`,
    { objective: 'classification', decoderRate: 1e-2, ...tenThousand },
    'memorization',
    { least: 1, quick: 2, full: 8 },
  ),
  landmark(
    'fast-embedding-comprehends',
    'A representation that learns fast can comprehend, unless the order of its symbols is trapped.',
    `${paperSource}, figure 6a; ${measuredSource}`,
    { embeddingRate: 1e-2, ...tenThousand },
    'comprehension',
    { least: 0.25, quick: 4, full: 8 },
  ),
  {
    id: 'phase-map-decay',
    statement: 'Weight decay turns the comprehension of slow decoders to grokking and the memorisation of fast ones to confusion.',
    source: `${paperSource}, figure 6b; result files of the official code`,
    how: 'Six cells of the published map, 100 000 steps, majority of 3 seeds (quick: the corners of comprehension and confusion, one seed).',
    plan: ({ quick }) =>
      decayCells
        .filter(({ corner }) => corner || !quick)
        .flatMap(({ decoderRate, decoderDecay }) => seeds(quick ? 1 : 3, { decoderRate, decoderDecay, steps: 100_000 })),
    check(runs) {
      const compared = decayCells.flatMap(({ decoderRate, decoderDecay, published }) => {
        const here = having(runs, { decoderRate, decoderDecay });
        const name = `rate ${decoderRate}, decay ${decoderDecay}`;
        return here.length === 0 ? [] : [{ name, published, ours: majority(here.map(phaseOf)) }];
      });
      const equal = compared.filter(({ published, ours }) => published === ours).length;
      return {
        measured: compared.map(({ name, ours }) => `${name}: ${ours ?? 'seeds disagree'}`).join('; '),
        expected: compared.map(({ published }) => published).join('; '),
        tolerance: 'at least 70 % of the cells',
        holds: equal >= 0.7 * compared.length,
      };
    },
  },
  {
    id: 'small-batch-groks',
    statement: 'Small batches turn comprehension to grokking.',
    source: `${paperSource}, figure 13`,
    how: 'Batches of 15 against all 45 pairs, 20 000 steps, 8 seeds each (quick: 3). Steps from fitting to generalising in runs that do both.',
    plan: ({ quick }) => [15, 45].flatMap((batchSize) => seeds(quick ? 3 : 8, { batchSize, steps: 20_000 })),
    check(runs) {
      const [small, full] = [15, 45].map((batchSize) => having(runs, { batchSize }));
      const [late, soon] = [small, full].map((those) => those.map((run) => delayOf(passedBy(run))).filter((delay) => delay !== null));
      return {
        measured: `delay ${spread(late)} in ${late.length} of ${small.length} with small, ${spread(soon)} in ${soon.length} of ${full.length} with full batches`,
        expected: 'at least 1000 with small, less with full batches',
        tolerance: 'medians',
        holds: median(late) >= 1000 && median(soon) < 1000,
      };
    },
  },
  {
    id: 'small-start-linear',
    statement: 'Small initial embeddings become linear, large ones stay in the order they start in.',
    source: `${paperSource}, figure 14`,
    how: 'Embedding scale 0.1 against 3, 5000 steps, 8 seeds each (quick: 4).',
    plan: ({ quick }) => [0.1, 3].flatMap((embeddingScale) => seeds(quick ? 4 : 8, { embeddingScale })),
    check(runs) {
      const [small, large] = [0.1, 3].map((embeddingScale) => having(runs, { embeddingScale }));
      const [fromSmall, fromLarge] = [linearSteps(small).length / small.length, linearSteps(large).length / large.length];
      return {
        measured: `linear in ${three(100 * fromSmall)} % from small, ${three(100 * fromLarge)} % from large embeddings`,
        expected: 'more than half from small, fewer than a quarter from large',
        tolerance: 'share of seeds',
        holds: fromSmall > 0.5 && fromLarge < 0.25,
      };
    },
  },
  {
    id: 'embedding-decay-idle',
    statement: 'Weight decay of the embedding hardly matters.',
    source: `${paperSource}, figure 15`,
    how: 'Embedding decay 1 against 0, 5000 steps, 8 seeds (quick: 4): phases and steps to a linear representation of the same seeds.',
    plan: ({ quick }) => [0, 1].flatMap((embeddingDecay) => seeds(quick ? 4 : 8, { embeddingDecay })),
    check(runs) {
      const [without, decayed] = [0, 1].map((embeddingDecay) => having(runs, { embeddingDecay }));
      const same = without.filter((run, seed) => phaseOf(run) === phaseOf(decayed[seed])).length;
      return {
        measured: `${same} of ${without.length} seeds in the same phase; linear at ${spread(linearSteps(without))} without, ${spread(linearSteps(decayed))} with decay`,
        expected: 'the same phase in at least 3 of 4',
        tolerance: 'share of seeds',
        holds: same >= 0.75 * without.length,
      };
    },
  },
];
