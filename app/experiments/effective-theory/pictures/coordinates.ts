/** Where the symbols of a representation stand in a picture. */
import { principalComponents, project, type PrincipalComponents } from '#app/numerics/pca.ts';
import type { RecordedRun } from '../../experiment.ts';
import type { EffectiveTheoryParameters } from '../parameters.ts';
import { structureOf } from '../samples.ts';
import { widthOf } from '../tasks.ts';
import { normalised } from '../theory/parallelograms.ts';

type Run = RecordedRun<EffectiveTheoryParameters>;

export interface Coordinates {
  /** Symbols x 3. */
  readonly positions: Float32Array;
  readonly axes: { readonly x: string; readonly y: string; readonly z: string };
  /** Radius that holds them at every step, or nearly. */
  readonly radius: number;
}

/** Normalised lines have variance 1, so that symbols seldom lie farther out. */
const usualRadius = 2.4;

/**
 * One dimension: Ẽ across and the number that the symbol stands for upwards, in units of its deviation, where every closed parallelogram
 * is one to the eye, and equal steps a straight line. Two or three dimensions: as they are. More, and matrices: the principal components
 * of the latest recorded embedding, the same for all steps.
 */
export function coordinatesAt(run: Run, step: number): Coordinates {
  const { symbols, task } = structureOf(run.parameters);
  const width = widthOf(run.parameters);
  const { values } = run.frame('embedding', step);
  if (width > 3 || task === 'permutations') return onComponents(run, values, symbols, width);
  const lines = normalised(values, symbols, width);
  const positions = new Float32Array(3 * symbols);
  const deviation = Math.sqrt((symbols * (symbols + 1)) / 12);
  for (let symbol = 0; symbol < symbols; symbol += 1) {
    for (let axis = 0; axis < width; axis += 1) positions[3 * symbol + axis] = lines[symbol * width + axis];
    if (width === 1) positions[3 * symbol + 1] = (symbol - (symbols - 1) / 2) / deviation;
  }
  const axes = width === 1 ? { x: 'Ẽ', y: 'symbol', z: '' } : { x: 'Ẽ₁', y: 'Ẽ₂', z: width === 3 ? 'Ẽ₃' : '' };
  return { positions, axes, radius: usualRadius };
}

interface View {
  readonly frameStep: number;
  readonly components: PrincipalComponents;
  readonly radius: number;
}

/** Components by run, because pictures ask for them at every drawn frame. */
const remembered = new WeakMap<Run, View>();

function onComponents(run: Run, values: ArrayLike<number>, symbols: number, width: number): Coordinates {
  const view = latestView(run, symbols, width);
  const scores = project(view.components, values);
  const { count } = view.components;
  const positions = new Float32Array(3 * symbols);
  for (let symbol = 0; symbol < symbols; symbol += 1)
    for (let axis = 0; axis < Math.min(3, count); axis += 1) positions[3 * symbol + axis] = scores[symbol * count + axis];
  return { positions, axes: { x: 'PC 1', y: 'PC 2', z: 'PC 3' }, radius: view.radius };
}

function latestView(run: Run, symbols: number, width: number): View {
  const latest = run.frame('embedding', run.steps);
  const known = remembered.get(run);
  if (known?.frameStep === latest.step) return known;
  const components = principalComponents(latest.values, symbols, width, 3);
  const reach = (scores: Float64Array): number => scores.reduce((most, score) => Math.max(most, Math.abs(score)), 0);
  const radius =
    1.2 * Math.max(reach(project(components, latest.values)), reach(project(components, run.frame('embedding', 0).values)), 1e-9);
  const view = { frameStep: latest.step, components, radius };
  remembered.set(run, view);
  return view;
}
