/** The embedding seen along its principal components. */
import { cosTurn, sinTurn } from '#app/numerics/elementary.ts';
import { fixed } from '#app/figures/format.ts';
import type { Picture } from '#app/experiments/experiment.ts';
import { circleKey, neighbourStep, type CircleParameters } from '../signals.ts';
import { stepOf } from '../steps.ts';
import { principalScores, turnedTowards } from './principal.ts';
import { circleLinks, tokenNames } from './tokens.ts';

export const pca: Picture<CircleParameters> = {
  id: 'pca',
  label: 'PCA',
  explanation:
    'The three directions along which the tokens differ most, without looking at frequencies. Turned as a whole so that the strongest circle lies flat and the view stays calm from step to step; ' +
    'lines join the neighbours of that circle.',
  frame: 'embedding',
  scene({ run, step }) {
    const frame = run.frame('embedding', step);
    const recorded = run.series('signals');
    if (recorded.rows === 0) return 'Nothing is recorded yet.';
    const [modulus, width] = frame.shape;
    const latest = recorded.values.subarray((recorded.rows - 1) * recorded.width, recorded.rows * recorded.width);
    const ranked = Array.from(latest, (signal, index) => ({ k: index + 1, signal })).sort((a, b) => b.signal - a.signal);
    const { scores, shares } = principalScores(
      frame.values,
      modulus,
      width,
      waves(
        modulus,
        ranked.slice(0, 5).map(({ k }) => k),
      ),
    );
    const [strongest, second = strongest] = ranked;
    const positions = turnedTowards(scores, modulus, [
      Float64Array.from({ length: modulus }, (_, t) => cosTurn((strongest.k * t) % modulus, modulus)),
      Float64Array.from({ length: modulus }, (_, t) => cosTurn((second.k * t) % modulus, modulus)),
      Float64Array.from({ length: modulus }, (_, t) => -sinTurn((strongest.k * t) % modulus, modulus)),
    ]);
    return {
      title: `Three principal components hold ${(100 * (shares[0] + shares[1] + shares[2])).toFixed(0)} % of the variance`,
      subtitle: `embedding at step ${fixed(stepOf(run, frame.step), 0)}, neighbours on circle k = ${strongest.k} joined`,
      groups: [
        {
          key: circleKey(strongest.k),
          label: '',
          detail: '',
          colour: 'ink-2',
          vitality: 1,
          centre: [0, 0, 0],
          positions,
          labels: tokenNames(modulus),
          links: circleLinks(modulus, neighbourStep(strongest.k, modulus)),
        },
      ],
      axes: { x: 'PC 1′', y: 'PC 2′', z: 'PC 3′' },
      radius: initialExtent(run.frame('embedding', 0).values, modulus),
    };
  },
};

/** 3.2 times the largest deviation that a random embedding of the initial size has along any direction: fixed for a run. */
function initialExtent(values: ArrayLike<number>, modulus: number): number {
  let square = 0;
  for (let i = 0; i < values.length; i += 1) square += values[i] * values[i];
  const deviation = Math.sqrt(square / values.length);
  return 3.2 * deviation * (1 + Math.sqrt(modulus / (values.length / modulus)));
}

/** Cosines and sines of some frequencies over the tokens: modulus x (2 frequencies), column by column. */
function waves(modulus: number, frequencies: readonly number[]): Float64Array[] {
  return frequencies.flatMap((k) => [
    Float64Array.from({ length: modulus }, (_, t) => cosTurn((k * t) % modulus, modulus)),
    Float64Array.from({ length: modulus }, (_, t) => sinTurn((k * t) % modulus, modulus)),
  ]);
}
