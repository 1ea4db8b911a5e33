import { LotkaError } from '#app/protocol/errors.ts';
import type { Experiment } from './experiment.ts';

/** What an experiment has several of, and what one of them is called. */
const kinds = {
  presets: 'preset',
  measures: 'measure',
  figures: 'figure',
  pictures: 'picture',
  claims: 'claim',
  publishedMaps: 'published map',
} as const;

/**
 * The preset, measure, figure, picture, claim or published map of an experiment with that id.
 * @param code What an unknown id is: a wrong address, or bad input among other input.
 * @throws LotkaError naming those that exist.
 */
export function partOf<K extends keyof typeof kinds>(
  experiment: Experiment,
  kind: K,
  id: string,
  code: 'not-found' | 'bad-input' = 'not-found',
): Experiment[K][number] {
  const parts: readonly Experiment[K][number][] = experiment[kind];
  const found = parts.find((part) => part.id === id);
  if (!found)
    throw new LotkaError(
      code,
      `${experiment.id} has no ${kinds[kind]} "${id}"; it has ${parts.map((part) => part.id).join(', ') || 'none'}.`,
    );
  return found;
}
