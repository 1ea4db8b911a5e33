/** Every living circle as its own ring, in its own Fourier plane. */
import { cosTurn, sinTurn } from '#app/numerics/elementary.ts';
import { fixed, readable } from '#app/figures/format.ts';
import type { SceneGroup } from '#app/figures/scene.ts';
import type { Picture, RecordedRun } from '#app/experiments/experiment.ts';
import { circleColours } from '../figures/recording.ts';
import { circleKey, fourierVector, neighbourStep, type Embedding, type CircleParameters } from '../signals.ts';
import { stepOf, tellsSteps } from '../steps.ts';
import { divergedAt } from '../survivors.ts';
import { contenders, ringCentres, vitality } from './contest.ts';
import { circleLinks, tokenNames } from './tokens.ts';

/** A ring fainter than this is not drawn. */
const faintest = 0.02;

export const rings: Picture<CircleParameters> = {
  id: 'rings',
  label: 'Rings',
  explanation:
    'Each circle in its own plane: token t at $(E_t\\cdot u, E_t\\cdot v)$ with $u = \\mathrm{Re}F_k/|\\mathrm{Re}F_k|$, $v = \\mathrm{Im}F_k/|\\mathrm{Im}F_k|$; ' +
    'neighbours t and t + Δ are joined. Upwards: what is left of the token outside all living circles, so a cloud flattens into a ring as the others die.',
  frame: 'embedding',
  scene({ run, step }) {
    const frame = run.frame('embedding', step);
    const recorded = run.series('signals');
    if (recorded.rows === 0) return 'Nothing is recorded yet.';
    const [modulus, width] = frame.shape;
    const row = Math.min(frame.step, recorded.rows - 1) * recorded.width;
    const signals = recorded.values.subarray(row, row + recorded.width);
    const lives = vitality(signals);
    const drawn = contenders(signals).flatMap((life, index) => (life > faintest ? [{ k: index + 1, life }] : []));
    const { centres, radius } = ringCentres(
      drawn.map(({ life }) => life),
      extent(recorded.values.subarray(0, recorded.width), modulus),
    );
    const shapes = ringShapes({ modulus, width, values: frame.values }, drawn);
    const colours = circleColours(run);
    const labels = tokenNames(modulus);
    const groups = drawn.map(({ k, life }, index): SceneGroup => {
      const spacing = neighbourStep(k, modulus);
      return {
        key: circleKey(k),
        label: `k = ${k}`,
        detail: `${spacing === null ? '' : `Δ = ${Math.min(spacing, modulus - spacing)}  `}s = ${readable(Math.round(signals[k - 1]))}`,
        colour: colours(k),
        vitality: life,
        centre: centres[index],
        positions: shapes[index],
        labels,
        links: circleLinks(modulus, spacing),
      };
    });
    return {
      title: title(run, frame.step, lives),
      subtitle: `embedding at step ${fixed(stepOf(run, frame.step), 0)}, Fourier planes`,
      groups,
      axes: { x: 'E·u', y: 'outside the circles', z: 'E·v' },
      radius,
    };
  },
};

/** Who is alive; at the end of a diverged run that it diverged, because who was alive before says nothing any more. */
function title(run: RecordedRun<CircleParameters>, step: number, lives: readonly number[]): string {
  // In an imported run a number that is missing is one that nobody saved.
  const diverged = !tellsSteps(run) && step === run.frameSteps('embedding').at(-1) ? divergedAt(run) : null;
  if (diverged !== null) return `Diverged at step ${fixed(diverged, 0)}`;
  const alive = lives.filter((life) => life >= 0.5).length;
  return `${alive} of ${lives.length} ${lives.length === 1 ? 'circle' : 'circles'} alive`;
}

/** Radius of the largest perfect circle that the initial signals allow: s_k = p r / sqrt(2). */
const extent = (initial: ArrayLike<number>, modulus: number): number => (Math.SQRT2 * Math.max(...Array.from(initial))) / modulus;

/**
 * Positions of the tokens of each ring, modulus x 3: (E u, rest, E v).
 * The rest is what the mean and the drawn circles (each by its vitality) leave of the token, read along one axis of the
 * embedding (axis k for circle k): a direction that is fixed for the whole run, so that nothing flips.
 */
function ringShapes(embedding: Embedding, drawn: readonly { readonly k: number; readonly life: number }[]): Float32Array[] {
  const { modulus, width, values } = embedding;
  const cosine = Float64Array.from({ length: modulus }, (_, turn) => cosTurn(turn, modulus));
  const sine = Float64Array.from({ length: modulus }, (_, turn) => sinTurn(turn, modulus));
  const circles = drawn.map(({ k, life }) => ({ k, life, ...fourierVector(embedding, k) }));
  const mean = fourierVector(embedding, 0).real;
  return circles.map(({ k, real, imaginary }) => {
    const [u, v] = [unit(real), unit(imaginary)];
    const axis = k % width;
    const explained = new Float64Array(modulus).fill(mean[axis] / modulus);
    for (const circle of circles) {
      const [along, across] = [(2 * circle.life * circle.real[axis]) / modulus, (2 * circle.life * circle.imaginary[axis]) / modulus];
      for (let t = 0, turn = 0; t < modulus; t += 1, turn = (turn + circle.k) % modulus)
        explained[t] += along * cosine[turn] - across * sine[turn];
    }
    const positions = new Float32Array(3 * modulus);
    for (let t = 0; t < modulus; t += 1) {
      let [x, z] = [0, 0];
      for (let j = 0, at = t * width; j < width; j += 1, at += 1) {
        x += values[at] * u[j];
        z += values[at] * v[j];
      }
      positions[3 * t] = x;
      positions[3 * t + 1] = values[t * width + axis] - explained[t];
      positions[3 * t + 2] = z;
    }
    return positions;
  });
}

function unit(vector: Float64Array): Float64Array {
  let square = 0;
  for (let j = 0; j < vector.length; j += 1) square += vector[j] * vector[j];
  const length = Math.sqrt(square);
  return length === 0 ? vector : vector.map((value) => value / length);
}
