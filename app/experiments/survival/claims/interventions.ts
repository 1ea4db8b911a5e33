/** What happens when circles are taken away or the embedding is held fixed (acceptance checks 13 to 15). */
import { subsetLossesMeasure } from '../measures/subset-losses.ts';
import { measuredSource, paperRuns, paperSample, paperSource, seeds, spread, survivorsAt, three, valueAt } from './evidence.ts';
import type { SurvivalClaim, CircleRun } from './evidence.ts';

/** First step at which the test loss is below a limit; Infinity if never. */
function firstBelow(run: CircleRun, limit: number): number {
  const step = run.series('testLoss').values.findIndex((loss) => loss < limit);
  return step < 0 ? Infinity : step;
}

export const interventionClaims: readonly SurvivalClaim[] = [
  {
    id: 'two-circles-cooperate',
    statement: 'Two circles are enough to learn fast: they cooperate, and exactly these two stay.',
    source: `${paperSource}, ablation of the initial embedding; ${measuredSource}`,
    how: 'Paper preset with only circles 8 and 11 (the strongest pair of the official ablation) left at the start, 3 seeds (quick: 2), 400 steps. First step with a test loss below 0.01; survivors at the end.',
    plan: ({ quick }) => seeds('two-circles', quick ? 2 : 3),
    check(runs) {
      const reached = runs.map((run) => firstBelow(run, 0.01));
      const kept = runs.filter((run) => survivorsAt(run).join() === run.parameters.circleFrequencies.join()).length;
      return {
        measured: `step ${spread(reached)}; both stay in ${kept} of ${runs.length}`,
        expected: 'step 50; both stay, no others',
        tolerance: 'within 100 steps, every seed',
        holds: reached.every((step) => step <= 100) && kept === runs.length,
      };
    },
  },
  {
    id: 'one-circle-fails',
    statement: 'One circle alone is not enough, and worse than the whole random embedding.',
    source: `${paperSource}, ablation of the initial embedding; ${measuredSource}`,
    how: 'Paper preset with only circle 1 left at the start, 2 seeds (quick: 1), 2500 steps. Test loss at the end.',
    plan: ({ quick }) => seeds('one-circle', quick ? 1 : 2),
    check(runs) {
      const losses = runs.map((run) => valueAt(run, 'testLoss', run.steps));
      return {
        measured: `test loss ${spread(losses)}`,
        expected: 'test loss 0.14',
        tolerance: 'above 0.05, every seed',
        holds: losses.every((loss) => loss > 0.05),
      };
    },
  },
  {
    id: 'circles-collaborate',
    statement: 'Every surviving circle lowers the loss: with fewer of them left the loss is higher.',
    source: `${paperSource}, collaboration of circles; ${measuredSource}`,
    how: `${paperSample} Survivors of the last step; mean loss on all pairs over all subsets with 1, 2, ... of them left in the embedding.`,
    plan: paperRuns,
    async check(runs, contexts) {
      const sizes: string[] = [];
      let falling = 0;
      for (const [i, run] of runs.entries()) {
        const result = await subsetLossesMeasure.compute(run, {}, contexts[i]);
        const means = result.sizes.map((size) => size.mean);
        if (means.every((loss, place) => place === 0 || loss < means[place - 1])) falling += 1;
        sizes.push(means.map(three).join(' > '));
      }
      return {
        measured: `${falling} of ${runs.length} fall throughout, e.g. ${sizes[0]}`,
        expected: 'every step down, e.g. 2.92 > 1.57 > 0.49 > 0.05 > 4.4e-4',
        tolerance: 'strictly, every seed',
        holds: falling === runs.length,
      };
    },
  },
  {
    id: 'frozen-embedding',
    statement: 'A random embedding that never changes suffices if it is wide enough: about as wide as the modulus.',
    source: `${paperSource}, frozen embedding; ${measuredSource}`,
    how: 'Paper preset with the embedding frozen, one seed (quick: the same): width 128 after 500 steps and width 32 after 1000. Test accuracy.',
    plan: () => [...seeds('frozen-embedding', 1, { steps: 500 }), ...seeds('frozen-embedding', 1, { embeddingWidth: 32 })],
    check(runs) {
      const [wide, narrow] = [valueAt(runs[0], 'testAccuracy', 500), valueAt(runs[1], 'testAccuracy', 1000)];
      return {
        measured: `${three(wide)} with d = 128, ${three(narrow)} with d = 32`,
        expected: '1.0 and 0.08',
        tolerance: 'above 0.99 and below 0.3',
        holds: wide > 0.99 && narrow < 0.3,
      };
    },
  },
];
