import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { noDatasets } from '#app/datasets/dataset.ts';
import { wasmBackend } from '#app/engine/index.ts';
import { compileKernels } from '#app/engine/kernels/compile.mjs';
import { isLandscape, landscapeDefinition, sliceOf } from '#app/landscape/definition.ts';
import { openSession } from '#app/runs/session.ts';
import { Trainer } from '#app/runs/trainer.ts';
import { datasets } from '#main/datasets/source.ts';
import type { Experiment } from '../experiment.ts';
import { fieldsOf } from '../parameters.ts';
import { experimentById } from '../registry.ts';
import { trainInMemory } from '../testing.ts';
import experiment from './experiment.ts';
import { omnigrokParameters, type OmnigrokParameters } from './parameters.ts';
import { phaseFrom } from './phases.ts';

const backend = wasmBackend(await readFile((await compileKernels()).wasm));
const parse = (changes: Partial<OmnigrokParameters>) =>
  omnigrokParameters.parse({ hiddenWidths: [12, 10], steps: 45, testEvery: 10, ...changes });
const train = (changes: Partial<OmnigrokParameters> = {}) => trainInMemory(experiment, parse(changes), backend, datasets).run;
const modular: Partial<OmnigrokParameters> = { task: 'modular-addition', modulus: 7, embeddingWidth: 4 };

describe('the experiment', () => {
  it('is found by its id and names only what it has', () => {
    expect(experimentById('omnigrok')).toBe(experiment);
    const ids = (entries: readonly { readonly id: string }[]) => entries.map(({ id }) => id);
    for (const panel of experiment.panels) {
      if (panel.kind === 'figure') expect(ids(experiment.figures)).toContain(panel.figure);
      if (panel.kind === 'quantities') expect(ids(experiment.measures)).toContain(panel.measure);
    }
    for (const entries of [
      experiment.presets,
      experiment.panels,
      experiment.outcomes,
      experiment.phases,
      experiment.figures,
      experiment.measures,
    ])
      expect(new Set(ids(entries)).size).toBe(entries.length);
    const names = new Set(fieldsOf(experiment.parameters).map(({ name }) => name));
    for (const { info } of fieldsOf(experiment.parameters)) if (info.appliesWhen) expect(names).toContain(info.appliesWhen.field);
  });

  it('tells of a run what sweeps, lists and figures ask for', () => {
    const run = train();
    expect(Object.keys(experiment.outcomesOf(run)).sort()).toEqual(experiment.outcomes.map(({ id }) => id).sort());
    expect(Object.keys(experiment.headline(run))).toEqual(['phase', 'testAccuracy', 'trainAccuracy', 'testLoss', 'norm']);
    const finalLoss = run.series('trainLoss').values.at(-1);
    expect(experiment.outcomesOf(run).finalTrainLoss).toBe(finalLoss);
  });

  it('draws every live figure of a run of numbers and of classes, or says why not', () => {
    for (const [changes, silent] of [
      [{}, ['alignment']],
      [modular, []],
    ] as const) {
      const run = train(changes);
      const figures = experiment.figures.filter(({ live }) => live);
      const spoken = figures.filter((figure) => typeof figure.draw({ run, results: {}, step: 20, theme: 'light' }) === 'string');
      expect(spoken.map(({ id }) => id)).toEqual([...silent]);
    }
  });
});

describe('the landscape', () => {
  const plain = experiment as unknown as Experiment;

  it('of every preset is a sweep over pinned norms that the run moves over', () => {
    for (const { parameters } of experiment.presets) {
      const definition = landscapeDefinition(plain, parameters);
      expect(isLandscape(plain, definition)).toBe(true);
      expect(sliceOf(plain, definition, parameters)).toEqual({});
      const pinned = omnigrokParameters.parse(definition.parameters);
      expect([pinned.pinNorm, pinned.pinnedNorm, pinned.weightDecay]).toEqual([true, 0, 0]);
      expect(Number.isInteger(pinned.testEvery)).toBe(true);
    }
  });

  it('is another where samples or network differ, and the same where only the way there does', () => {
    const parameters = parse({});
    const definition = landscapeDefinition(plain, parameters);
    expect(sliceOf(plain, definition, parse({ weightDecay: 1, initialScale: 3, networkSeed: 4, learningRate: 0.1, steps: 9 }))).toEqual({});
    for (const other of [{ trainingSamples: 50 }, { hiddenWidths: [9] }, { dataSeed: 1 }, { correctBelow: 0.1 }])
      expect(sliceOf(plain, definition, parse(other)), JSON.stringify(other)).toBeNull();
  });
});

describe('a recorded run', () => {
  it('looks at test samples every so many steps and at the end', () => {
    const run = train();
    const looks = [...run.series('testLoss').values.entries()].filter(([, value]) => !Number.isNaN(value)).map(([step]) => step);
    expect(looks).toEqual([0, 10, 20, 30, 40, 45]);
    expect([...run.series('trainLoss').values].every(Number.isFinite)).toBe(true);
    const batched = train({ batchSize: 16 });
    for (const name of ['trainLoss', 'trainAccuracy', 'testAccuracy'])
      expect([...batched.series(name).values.entries()].filter(([, value]) => !Number.isNaN(value)).map(([step]) => step)).toEqual(looks);
    expect([...batched.series('batchLoss').values].every(Number.isFinite)).toBe(true);
  });

  it.each<Partial<OmnigrokParameters>>([
    { batchSize: 16, pinNorm: true },
    { ...modular, gradientTransform: 'grokfast', weightDecay: 1 },
    { laziness: 4, rateDropEvery: 20 },
    { task: 'digits', trainingSamples: 20, testSamples: 30, activation: 'relu', batchSize: 7 },
  ])('is the same to the bit when it goes on from a checkpoint: %o', (changes) => {
    const parameters = parse(changes);
    const whole = train(changes);
    const training = experiment.build(parameters, datasets);
    const first = openSession(training, backend);
    first.run(23);
    const trainer = new Trainer(training, openSession(training, backend, first.checkpoint()), parameters, 'resumed');
    while (trainer.state === 'training') trainer.advance();
    const { rows } = trainer.take();
    for (const { name } of whole.seriesInfo) expect(rows[name], name).toEqual(whole.series(name).values.slice(23));
  });

  it('remembers the data that it learned from', () => {
    const parameters = parse({ task: 'digits', trainingSamples: 20, testSamples: 30 });
    expect(experiment.build(parameters, datasets).dataset).toMatchObject({
      id: 'digits-14',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(experiment.build(parse({}), noDatasets).dataset).toBeUndefined();
    expect(() => experiment.build(parameters, noDatasets)).toThrow('digits-14');
  });
});

it('sorts runs into phases by the steps at which they fit and generalise', () => {
  expect(phaseFrom({ fits: null, generalises: null }, 10)).toBe('confusion');
  expect(phaseFrom({ fits: 5, generalises: null }, 10)).toBe('memorization');
  expect(phaseFrom({ fits: 5, generalises: 14 }, 10)).toBe('comprehension');
  expect(phaseFrom({ fits: 5, generalises: 15 }, 10)).toBe('grokking');
});
