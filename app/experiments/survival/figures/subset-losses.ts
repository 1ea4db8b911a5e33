import { fixed } from '#app/figures/format.ts';
import type { ColourToken, Mark } from '#app/figures/spec.ts';
import type { SubsetLossesResult } from '../measures/subset-losses.ts';
import type { CircleFigure } from '#app/circles/figures/recording.ts';

const curves: readonly { readonly of: 'worst' | 'mean' | 'best'; readonly colour: ColourToken }[] = [
  { of: 'worst', colour: 'bad' },
  { of: 'mean', colour: 'ink' },
  { of: 'best', colour: 'good' },
];

/** Loss when only some of the surviving circles are kept: circles collaborate. */
export const subsetLossesFigure: CircleFigure = {
  id: 'subset-losses',
  title: 'Loss with few circles',
  explanation:
    'Loss on all pairs when only some of the surviving circles are left in the embedding, for the best, the mean and the worst choice of that many. ' +
    'No single circle does the task; each further one helps.',
  source: 'Ding et al. 2024, collaboration of circles',
  measures: ['subset-losses'],
  live: false,
  draw({ results }) {
    const result = results['subset-losses'] as SubsetLossesResult | undefined;
    if (!result) return 'Needs the losses with few circles, which are computed once circles have survived.';
    const x = Float64Array.from(result.sizes, (size) => size.count);
    return {
      id: 'subset-losses',
      title: 'Loss with few circles',
      aside: `step ${fixed(result.step, 0)}`,
      x: { label: 'circles kept', unit: '', scale: 'category' },
      y: { label: 'cross-entropy, all pairs', unit: 'nats', scale: 'log' },
      marks: [
        { kind: 'rule', axis: 'y', at: result.untouched, label: 'whole embedding', colour: 'ink-3', dash: true },
        ...curves.map(({ of, colour }): Mark => ({
          kind: 'line',
          label: of,
          x,
          y: Float64Array.from(result.sizes, (size) => size[of]),
          colour,
          legend: true,
        })),
      ],
    };
  },
};
