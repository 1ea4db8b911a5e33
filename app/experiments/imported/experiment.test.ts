import { describe, expect, it } from 'vitest';
import { circles } from '#app/imports/testing.ts';
import { MemoryRun } from '#app/runs/memory-run.ts';
import { splitNorms } from '#app/circles/recording.ts';
import { realTransform, spectralNorms } from '#app/numerics/spectra.ts';
import { noDatasets } from '#app/datasets/dataset.ts';
import type { FigureSpec } from '#app/figures/spec.ts';
import type { MeasureContext, RecordedRun } from '../experiment.ts';
import { trainedExperiments, experiments } from '../registry.ts';
import experiment from './experiment.ts';
import { importedParameters, type ImportedParameters } from './parameters.ts';
import { importedFrames, importedSeries } from './recording.ts';

/** A run of circles that was saved every ten steps. */
function imported(curves: readonly string[], changes: Partial<ImportedParameters> = {}, snapshots = 40): RecordedRun<ImportedParameters> {
  const parameters = importedParameters.parse({
    modulus: 7,
    embeddingWidth: 4,
    spacing: 10,
    firstStep: 0,
    lastStep: 10 * (snapshots - 1),
    embedding: 'E',
    weights: ['w'],
    files: ['a.npz'],
    ...changes,
  });
  const run = new MemoryRun(
    { id: 'imported-1', experiment: 'imported', parameters },
    { series: importedSeries(parameters, curves), frames: importedFrames(parameters) },
  );
  const { values } = circles(snapshots, 7);
  for (let i = 0; i < snapshots; i++) {
    const embedding = values.slice(28 * i, 28 * i + 28);
    run.append({
      state: 'training',
      step: i,
      from: i,
      count: 1,
      message: null,
      rows: {
        ...splitNorms(spectralNorms(realTransform(embedding, 7, 4)), 7),
        trainingStep: Float64Array.of(10 * i),
        norms: Float64Array.of(1, 2),
        ...Object.fromEntries(curves.map((name) => [name, Float64Array.of(i === snapshots - 1 ? NaN : 1 / (i + 1))])),
      },
      frames: [{ name: 'embedding', step: i, shape: [7, 4], values: embedding }],
    });
  }
  return run;
}
const draw = (run: RecordedRun<ImportedParameters>, id: string, step = 12): FigureSpec | string =>
  experiment.figures.find((figure) => figure.id === id)!.draw({ run, results: {}, step, theme: 'light' });
const drawn = (run: RecordedRun<ImportedParameters>, id: string): FigureSpec => {
  const spec = draw(run, id);
  if (typeof spec === 'string') throw new Error(spec);
  return spec;
};
const noNetwork: MeasureContext = {
  firstStep: 0,
  session: () => Promise.reject(new Error('there is no network')),
  progress: () => undefined,
  turn: () => Promise.resolve(),
};

describe('an imported training', () => {
  it('is none that can be trained here, and says why', () => {
    expect(experiments.at(-1)).toBe(experiment);
    expect(trainedExperiments).not.toContain(experiment);
    expect(() => experiment.build(imported([]).parameters, noDatasets)).toThrow('neither its network nor its data');
    expect(() => experiment.estimate(imported([]).parameters, noDatasets)).toThrow('train on where it was trained');
  });

  it('is drawn over its training steps, with the step that is looked at', () => {
    const run = imported(['trainLoss']);
    for (const id of ['signals', 'losses', 'norms']) {
      const { marks } = drawn(run, id);
      const line = marks.find((mark) => mark.kind === 'line');
      expect(Array.from(line?.x ?? []).slice(0, 3)).toEqual([0, 10, 20]);
      expect(marks.find((mark) => mark.kind === 'rule' && mark.axis === 'x')).toMatchObject({ at: 120 });
    }
    expect(
      drawn(run, 'losses')
        .marks.filter((mark) => mark.kind === 'line')
        .map(({ label }) => label),
    ).toEqual(['train']);
  });

  it('says what the files did not have', () => {
    expect(draw(imported([]), 'losses')).toBe('The imported files have no loss.');
    expect(draw(imported(['testLoss']), 'accuracies')).toBe('The imported files have no accuracy.');
    expect(draw(imported([], {}, 1), 'signals')).toContain('Needs 1 step');
  });

  it('turns in 3D under its training step, and a loss that nobody saved at the end is no divergence', () => {
    const run = imported(['trainLoss']);
    for (const picture of experiment.pictures) {
      const scene = picture.scene({ run, step: 39 });
      if (typeof scene === 'string') throw new Error(scene);
      expect(scene.subtitle).toContain('step 390');
      expect(scene.title).not.toContain('Diverged');
    }
  });

  it('has a law from snapshot to snapshot if they are evenly spaced', async () => {
    const dynamics = experiment.measures.find(({ id }) => id === 'dynamics')!;
    const options = dynamics.options.parse({});
    const quantities = dynamics.quantities(await dynamics.compute(imported([]), options, noNetwork));
    expect(quantities.find(({ id }) => id === 'window')).toMatchObject({ label: 'Fitted snapshots', value: '0 to 39' });
    expect(quantities.find(({ id }) => id === 'spacing')).toMatchObject({ value: 10 });
    await expect(dynamics.compute(imported([], { spacing: null }), options, noNetwork)).rejects.toThrow('not evenly spaced');
  });

  it('has survivors and a headline of what is known', () => {
    const run = imported(['testAccuracy']);
    expect(experiment.headline(run)).toMatchObject({ trainLoss: null, survivors: [2] });
    expect(experiment.imported!.milestones(run).map(({ id }) => id)).toContain('test-accuracy');
  });
});
