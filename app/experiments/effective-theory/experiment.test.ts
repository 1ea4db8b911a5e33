import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { noDatasets } from '#app/datasets/dataset.ts';
import { wasmBackend } from '#app/engine/index.ts';
import { compileKernels } from '#app/engine/kernels/compile.mjs';
import { openSession } from '#app/runs/session.ts';
import { Trainer } from '#app/runs/trainer.ts';
import { experimentById } from '../registry.ts';
import { trainInMemory } from '../testing.ts';
import experiment from './experiment.ts';
import { effectiveTheoryParameters, type EffectiveTheoryParameters } from './parameters.ts';
import { phases, phaseOf } from './phases.ts';
import { structureOf } from './samples.ts';
import { splitOf, widthOf } from './tasks.ts';
import { countOf, normalised, predictedAccuracy, realised, rqi } from './theory/parallelograms.ts';

const backend = wasmBackend(await readFile((await compileKernels()).wasm));
const parse = (changes: Partial<EffectiveTheoryParameters>) =>
  effectiveTheoryParameters.parse({ hiddenWidths: [20, 20], steps: 60, ...changes });
const train = (changes: Partial<EffectiveTheoryParameters> = {}) => trainInMemory(experiment, parse(changes), backend);

describe('the experiment', () => {
  it('is found by its id and names only what it has', () => {
    expect(experimentById('effective-theory')).toBe(experiment);
    const ids = (entries: readonly { readonly id: string }[]) => entries.map(({ id }) => id);
    for (const panel of experiment.panels) {
      if (panel.kind === 'scene') expect(ids(experiment.pictures)).toEqual(expect.arrayContaining([...panel.pictures]));
      else if (panel.kind === 'figure') expect(ids(experiment.figures)).toContain(panel.figure);
      else expect(ids(experiment.measures)).toContain(panel.measure);
    }
    for (const figure of experiment.figures) expect(ids(experiment.measures)).toEqual(expect.arrayContaining([...figure.measures]));
    for (const entries of [experiment.presets, experiment.panels, experiment.outcomes, experiment.phases, experiment.claims])
      expect(new Set(ids(entries)).size).toBe(entries.length);
    expect(experiment.outcomes[0]).toMatchObject({ id: 'phase', kind: 'phase' });
    for (const map of experiment.publishedMaps) {
      expect(ids(experiment.outcomes)).toContain(map.outcome);
      for (const cell of map.cells) if (cell !== null) expect(ids(phases)).toContain(cell);
    }
  });

  it('tells of a run what sweeps, lists and figures ask for', () => {
    const { run } = train();
    expect(Object.keys(experiment.outcomesOf(run)).sort()).toEqual(experiment.outcomes.map(({ id }) => id).sort());
    expect(experiment.headline(run)).toEqual({
      phase: phaseOf(run),
      rqi: run.series('rqi').values.at(-1),
      testAccuracy: run.series('testAccuracy').values.at(-1),
      trainAccuracy: run.series('trainAccuracy').values.at(-1),
    });
    expect([...experiment.keyColours(run)]).toEqual(Array.from({ length: 10 }, (_, symbol) => [`token=${symbol}`, symbol]));
  });
});

describe('a recorded run', () => {
  it.each<Partial<EffectiveTheoryParameters>>([
    {},
    { objective: 'classification', embeddingWidth: 2, trainingPairs: 50, precision: 'f64' },
    { task: 'modular', symbols: 7, trainingPairs: 20, batchSize: 8, embeddingWidth: 3 },
    { task: 'permutations', trainingPairs: 24, embeddingScale: 0.1, closeness: 0.5 },
    { task: 'addition', symbols: 5, decoder: 'transformer', trainingPairs: 18, embeddingWidth: 4, embeddingDecay: 1 },
  ])('has in every row what its frames say: %o', (changes) => {
    const { run } = train(changes);
    const structure = structureOf(run.parameters);
    const width = widthOf(run.parameters);
    const { trained } = splitOf(run.parameters);
    for (const step of [0, 31, 60]) {
      const { values } = run.frame('embedding', step);
      const closed = realised(structure, values, width, run.parameters.closeness);
      expect(run.series('rqi').values[step]).toBe(rqi(structure, values, width, run.parameters.closeness));
      expect(run.series('rqi').values[step]).toBe(countOf(closed) / structure.count);
      expect(run.series('predictedAccuracy').values[step]).toBe(predictedAccuracy(structure, trained, closed));
      if (run.parameters.task === 'permutations') continue;
      const { values: lines, width: columns } = run.series('embedding');
      expect(lines.slice(step * columns, (step + 1) * columns)).toEqual(normalised(values, structure.symbols, width));
    }
    const accuracy = run.series('accuracy').values.at(-1)!;
    const { train: trainSamples, test } = splitOf(run.parameters);
    const right =
      run.series('trainAccuracy').values.at(-1)! * trainSamples.label.length +
      run.series('testAccuracy').values.at(-1)! * test.label.length;
    expect(accuracy * (trainSamples.label.length + test.label.length)).toBeCloseTo(right, 9);
    expect(right).toBeCloseTo(Math.round(right), 9);
  });

  it('is the same to the bit when trained again, and when it goes on from a checkpoint in the midst of its batches', () => {
    const parameters = parse({ trainingPairs: 50, batchSize: 20 });
    const whole = trainInMemory(experiment, parameters, backend).run;
    const again = trainInMemory(experiment, parameters, backend).run;
    const training = experiment.build(parameters, noDatasets);
    const first = openSession(training, backend);
    first.run(23);
    const trainer = new Trainer(training, openSession(training, backend, first.checkpoint()), parameters, 'resumed');
    while (trainer.state === 'training') trainer.advance();
    const { rows } = trainer.take();
    for (const { name, width } of whole.seriesInfo) {
      expect(again.series(name).values).toEqual(whole.series(name).values);
      expect(rows[name], name).toEqual(whole.series(name).values.slice(23 * width));
    }
  });

  it('goes on where all symbols are alike, and says of such a step that it has no quality', () => {
    const parameters = parse({ steps: 5 });
    const training = experiment.build(parameters, noDatasets);
    const session = openSession({ ...training, initial: { ...training.initial, embedding: new Float64Array(10) } }, backend);
    const trainer = new Trainer(training, session, parameters);
    while (trainer.state === 'training') trainer.advance();
    const { state, rows } = trainer.take();
    expect(state).toBe('finished');
    expect([rows.rqi[0], rows.effectiveLoss[0]]).toEqual([NaN, NaN]);
    expect(Number.isFinite(rows.rqi[5])).toBe(true);
  });

  it('that diverges ends as such and still has outcomes', () => {
    const { run } = train({ decoderRate: 1, decoderDecay: 1000, steps: 200 });
    expect(run.steps).toBeLessThan(200);
    expect(Number.isFinite(run.series('trainLoss').values.at(-1))).toBe(false);
    expect(experiment.outcomesOf(run)).toMatchObject({ phase: 'confusion', stepsToFit: null });
  });
});
