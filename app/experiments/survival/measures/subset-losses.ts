import { z } from 'zod';
import { LotkaError } from '#app/protocol/errors.ts';
import { stream } from '#app/numerics/random.ts';
import { mean } from '#app/numerics/statistics.ts';
import type { Measure } from '../../experiment.ts';
import type { SurvivalParameters } from '../parameters.ts';
import { keepCircles } from '#app/circles/signals.ts';
import { survivorsOfRun } from '#app/circles/survivors.ts';

/** Subsets tried per size; more are sampled. */
const greatestTrials = 200;

export interface SubsetLosses {
  readonly count: number;
  /** Number of subsets of this size, and how many of them were tried (all, unless there are more than 200). */
  readonly subsets: number;
  readonly tried: number;
  readonly best: number;
  readonly mean: number;
  readonly worst: number;
  readonly bestSubset: readonly number[];
}

export interface SubsetLossesResult {
  readonly step: number;
  readonly survivors: readonly number[];
  /** One entry for every number of circles kept, 1 .. number of survivors. */
  readonly sizes: readonly SubsetLosses[];
  /** Loss of the untouched embedding on all pairs. */
  readonly untouched: number;
}

function binomial(n: number, k: number): number {
  let value = 1;
  for (let i = 1; i <= k; i += 1) value = (value * (n - k + i)) / i;
  return Math.round(value);
}

/** All subsets of a size in lexicographic order. */
function* subsetsOf(items: readonly number[], size: number, from = 0): Generator<number[]> {
  if (size === 0) yield [];
  else for (let i = from; i <= items.length - size; i += 1) for (const rest of subsetsOf(items, size - 1, i + 1)) yield [items[i], ...rest];
}

/** All subsets of a size, or a fixed random sample of distinct ones if there are more than `greatestTrials`. */
function trials(survivors: readonly number[], size: number): number[][] {
  if (binomial(survivors.length, size) <= greatestTrials) return [...subsetsOf(survivors, size)];
  const random = stream(size, 'subset-losses');
  const chosen = new Map<string, number[]>();
  while (chosen.size < greatestTrials) {
    const subset = Array.from(random.subset(survivors.length, size), (i) => survivors[i]);
    chosen.set(subset.join(), subset);
  }
  return [...chosen.values()];
}

export const subsetLossesMeasure: Measure<SurvivalParameters, SubsetLossesResult> = {
  id: 'subset-losses',
  label: 'Losses with few circles',
  unit: 'nat',
  formula: 'L(K) = L\\bigl(\\mathcal F^{-1}[F_k \\text{ for } k \\in K \\cup \\{0\\}]\\bigr), \\quad \\lvert K \\rvert = 1 \\ldots n',
  source: 'Ding et al. 2024, collaboration of circles; official code plot_loss_collaboration.py',
  needs: 'session',
  options: z.object({ step: z.number().int().min(0).optional() }),
  async compute(run, options, context) {
    const { step = run.steps } = subsetLossesMeasure.options.parse(options) as { step?: number };
    const survivors = survivorsOfRun(run)?.frequencies ?? [];
    if (survivors.length === 0)
      throw new LotkaError('conflict', 'No circle stands out yet, so there are none to choose from; train longer.');
    const session = await context.session(step);
    try {
      const { modulus, embeddingWidth } = run.parameters;
      const embedding = { modulus, width: embeddingWidth, values: session.read('embedding') };
      const untouched = session.evaluate('all').loss;
      const sizes: SubsetLosses[] = [];
      for (let size = 1; size <= survivors.length; size += 1) {
        const subsets = trials(survivors, size);
        const losses = subsets.map((subset, i) => {
          context.progress((size - 1 + i / subsets.length) / survivors.length, `${size} of ${survivors.length} circles`);
          session.write('embedding', keepCircles(embedding, subset));
          return session.evaluate('all').loss;
        });
        const best = Math.min(...losses);
        sizes.push({
          count: size,
          subsets: binomial(survivors.length, size),
          tried: subsets.length,
          best,
          mean: mean(losses),
          worst: Math.max(...losses),
          bestSubset: subsets[losses.indexOf(best)],
        });
      }
      return { step, survivors, sizes, untouched };
    } finally {
      session.dispose();
    }
  },
  quantities: ({ step, survivors, sizes, untouched }) => [
    { id: 'step', label: 'Step', unit: '', value: step },
    { id: 'survivors', label: 'Surviving frequencies', symbol: 'k', unit: '', value: [...survivors] },
    ...(['best', 'mean', 'worst'] as const).map((which) => ({
      id: which,
      label: `${which[0].toUpperCase()}${which.slice(1)} loss with 1 to ${survivors.length} circles`,
      unit: 'nat',
      value: sizes.map((size) => size[which]),
      ...(sizes.every((size) => size.tried === size.subsets)
        ? {}
        : { note: `Of more than ${greatestTrials} subsets of one size, ${greatestTrials} were drawn at random.` }),
    })),
    { id: 'untouched', label: 'Loss with everything', unit: 'nat', value: untouched },
  ],
};
