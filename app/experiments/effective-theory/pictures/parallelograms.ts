/** The symbols where the network has put them, and the parallelograms that they close. */
import { slotColour } from '#app/figures/colours.ts';
import { fixed } from '#app/figures/format.ts';
import type { SceneGroup } from '#app/figures/scene.ts';
import type { Picture, RecordedRun } from '../../experiment.ts';
import type { EffectiveTheoryParameters } from '../parameters.ts';
import { structureOf } from '../samples.ts';
import { splitOf, symbolKey, symbolNames, widthOf } from '../tasks.ts';
import { countOf, realised, trainedParallelograms, type TaskStructure } from '../theory/parallelograms.ts';
import { coordinatesAt } from './coordinates.ts';

export const parallelograms: Picture<EffectiveTheoryParameters> = {
  id: 'parallelograms',
  label: 'Parallelograms',
  explanation:
    'Every symbol where its normalised embedding is; of one dimension, across, with the number it stands for upwards. Parallelograms $\\tilde E_i + \\tilde E_j = \\tilde E_m + \\tilde E_n$ are drawn as they close: ' +
    'grey if both pairs are trained on, blue if the network was never told. Wider embeddings and matrices are seen along their principal components.',
  frame: 'embedding',
  scene({ run, step }) {
    const structure = structureOf(run.parameters);
    const frame = run.frame('embedding', step);
    const closed = realised(structure, frame.values, widthOf(run.parameters), run.parameters.closeness);
    const { positions, axes, radius } = coordinatesAt(run, frame.step);
    const names = symbolNames(structure);
    const symbols = names.map((name, symbol): SceneGroup => ({
      key: symbolKey(symbol),
      label: name,
      detail: '',
      colour: slotColour(symbol),
      vitality: 1,
      centre: [positions[3 * symbol], positions[3 * symbol + 1], positions[3 * symbol + 2]],
      positions: new Float32Array(3),
      labels: [''],
      links: new Uint16Array(0),
    }));
    return {
      title: `${countOf(closed)} of ${structure.count} parallelograms closed`,
      subtitle: `embedding at step ${fixed(frame.step, 0)}`,
      groups: [...outlines(run, structure, closed, positions), ...symbols],
      axes,
      radius,
    };
  },
};

/** Outlines of the closed parallelograms: of those trained on, and of the others. Products of matrices have none. */
function outlines(
  run: RecordedRun<EffectiveTheoryParameters>,
  structure: TaskStructure,
  closed: Uint8Array,
  positions: Float32Array,
): SceneGroup[] {
  if (structure.task === 'permutations') return [];
  const trained = trainedOf(run, structure);
  const group = (key: string, colour: 'ink-3' | 'accent', vitality: number, drawn: (each: number) => boolean): SceneGroup => ({
    key,
    label: '',
    detail: '',
    colour,
    vitality,
    centre: [0, 0, 0],
    positions,
    labels: Array.from({ length: structure.symbols }, () => ''),
    links: edges(structure, (each) => closed[each] === 1 && drawn(each)),
  });
  return [
    group('parallelograms=trained', 'ink-3', 0.35, (each) => trained[each] === 1),
    group('parallelograms=new', 'accent', 0.7, (each) => trained[each] === 0),
  ];
}

/** P0(D) by run, because pictures are drawn at every frame. */
const remembered = new WeakMap<RecordedRun<EffectiveTheoryParameters>, Uint8Array>();

function trainedOf(run: RecordedRun<EffectiveTheoryParameters>, structure: TaskStructure): Uint8Array {
  const known = remembered.get(run) ?? trainedParallelograms(structure, splitOf(run.parameters).trained);
  remembered.set(run, known);
  return known;
}

/** Sides i-m, m-j, j-n, n-i of the parallelograms that count, each side once: pairs of symbols, flattened. */
function edges({ symbols, parallelograms: corners, count }: TaskStructure, counts: (each: number) => boolean): Uint16Array {
  const seen = new Uint8Array(symbols * symbols);
  const links: number[] = [];
  for (let each = 0; each < count; each += 1) {
    if (!counts(each)) continue;
    const [i, j, m, n] = corners.subarray(4 * each, 4 * each + 4);
    for (const [one, other] of [
      [i, m],
      [m, j],
      [j, n],
      [n, i],
    ]) {
      const side = Math.min(one, other) * symbols + Math.max(one, other);
      if (one === other || seen[side]) continue;
      seen[side] = 1;
      links.push(one, other);
    }
  }
  return Uint16Array.from(links);
}
