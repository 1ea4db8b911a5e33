/** Runs for tests, whose network follows the effective theory exactly. */
import type { MeasureContext } from '../../experiment.ts';
import { effectiveTheoryParameters, type EffectiveTheoryParameters } from '../parameters.ts';
import { seriesOf } from '../recording.ts';
import { qualityOf } from '../quality.ts';
import { structureOf } from '../samples.ts';
import { splitOf } from '../tasks.ts';
import { flow } from '../theory/flow.ts';
import type { EffectiveTheoryRun } from './recording.ts';

export const idle: MeasureContext = {
  firstStep: 0,
  session: () => Promise.reject(new Error('what is measured needs no network')),
  progress: () => undefined,
  turn: () => Promise.resolve(),
};

/**
 * A run of addition whose embedding flows as the paper's effective theory says, `pace` theory steps each step, from symbols
 * in random-looking places. It fits at half its steps and generalises at three quarters.
 */
export function theoreticalRun(changes: Partial<EffectiveTheoryParameters> = {}, pace = 1): EffectiveTheoryRun {
  const parameters = effectiveTheoryParameters.parse({ steps: 400, embeddingRate: 0.2, ...changes });
  const { symbols } = structureOf(parameters);
  const { embeddingWidth: width, steps, embeddingRate: rate } = parameters;
  const start = Array.from({ length: symbols * width }, (_, i) => ((i * 37 + 11) % 29) / 29 - 0.5);
  const path = flow(structureOf(parameters), splitOf(parameters).trained, start, width, { variant: 'paper', rate });
  const quality = qualityOf(parameters);
  const seriesInfo = seriesOf(parameters);
  const columns = new Map(seriesInfo.map(({ name, width: size }) => [name, new Float64Array((steps + 1) * size)]));
  for (let step = 0; step <= steps; step += 1) {
    const row: Record<string, number | ArrayLike<number>> = {
      ...quality(path.at(pace * step)),
      trainLoss: 1 / (1 + step),
      testLoss: 2 / (1 + step),
      trainAccuracy: step >= steps / 2 ? 1 : 0.2,
      testAccuracy: step >= (3 * steps) / 4 ? 1 : 0.1,
      accuracy: step >= (3 * steps) / 4 ? 1 : 0.2,
    };
    for (const [name, values] of columns) {
      const value = row[name];
      if (typeof value === 'number') values[step] = value;
      else values.set(value, step * value.length);
    }
  }
  const frames = [0, steps / 2, steps];
  return {
    id: 'theoretical',
    experiment: 'effective-theory',
    parameters,
    steps,
    seriesInfo,
    series(name) {
      const info = seriesInfo.find((series) => series.name === name);
      if (!info) throw new RangeError(`no series ${name}`);
      return { width: info.width, rows: steps + 1, values: columns.get(name)! };
    },
    frame(_name, step) {
      const kept = frames.findLast((frame) => frame <= step) ?? 0;
      return { step: kept, shape: [symbols, width], values: path.at(pace * kept) };
    },
    frameSteps: () => frames,
  };
}

/** The run when only `rows` rows were recorded. */
export const early = (run: EffectiveTheoryRun, rows: number): EffectiveTheoryRun => ({
  ...run,
  steps: rows - 1,
  series(name) {
    const { width, values } = run.series(name);
    return { width, rows, values: values.subarray(0, rows * width) };
  },
});
