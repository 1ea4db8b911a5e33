import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { noDatasets } from '#app/datasets/dataset.ts';
import { wasmBackend } from '#app/engine/index.ts';
import { compileKernels } from '#app/engine/kernels/compile.mjs';
import { LotkaError } from '#app/protocol/errors.ts';
import { experimentById } from '../registry.ts';
import survival from './experiment.ts';
import { circularityMeasure } from '#app/circles/measures/circularity.ts';
import { dynamicsMeasure } from '#app/circles/measures/dynamics.ts';
import { gradientMeasure } from './measures/gradient.ts';
import { subsetLossesMeasure } from './measures/subset-losses.ts';
import { survivorsMeasure } from '#app/circles/measures/survivors.ts';
import { survivalParameters } from './parameters.ts';
import { splitNorms } from '#app/circles/recording.ts';
import { signalsWithMean } from '#app/circles/signals.ts';
import { survivorsOfRun } from '#app/circles/survivors.ts';
import { trainInMemory } from './testing.ts';

const backend = wasmBackend(await readFile((await compileKernels()).wasm));
const parameters = survivalParameters.parse({
  modulus: 23,
  embeddingWidth: 24,
  hiddenWidths: [48, 48],
  steps: 900,
  embeddingSeed: 4,
  mlpSeed: 5,
  splitSeed: 6,
});
const { run, context } = trainInMemory(parameters, backend);

describe('a recorded run', () => {
  it('has a row for every step and frames that give the recorded signals', () => {
    for (const { name, width } of run.seriesInfo) {
      const series = run.series(name);
      expect([series.width, series.rows, series.values.length]).toEqual([width, 901, 901 * width]);
      series.values.forEach((value) => expect(Number.isFinite(value)).toBe(true));
    }
    for (const step of [0, 57, 900]) {
      const frame = run.frame('embedding', step);
      const { signals, unpaired } = splitNorms(signalsWithMean({ modulus: 23, width: 24, values: frame.values }), 23);
      expect(frame.step).toBe(step);
      expect(run.series('signals').values.slice(step * 11, step * 11 + 11)).toEqual(signals);
      expect(run.series('unpaired').values[step]).toBe(unpaired[0]);
    }
    expect(run.frame('embedding', 499).step).toBeLessThanOrEqual(499);
  });
  it('is the same to the bit when trained again, and when replayed', async () => {
    const again = trainInMemory(parameters, backend).run;
    for (const { name } of run.seriesInfo) expect(again.series(name).values).toEqual(run.series(name).values);
    const session = await context.session(777);
    const norms = splitNorms(signalsWithMean({ modulus: 23, width: 24, values: session.read('embedding') }), 23);
    expect(run.series('signals').values.slice(777 * 11, 778 * 11)).toEqual(norms.signals);
    session.dispose();
  });
});

describe('the experiment', () => {
  it('is found by its id and names only what it has', () => {
    expect(experimentById('survival')).toBe(survival);
    expect(survival.measures.map(({ id }) => id).sort()).toEqual([
      'circularity',
      'dynamics',
      'gradient',
      'line-section',
      'plane-section',
      'subset-losses',
      'survivors',
    ]);
    for (const panel of survival.panels) {
      if (panel.kind === 'scene') expect(survival.pictures.map(({ id }) => id)).toEqual(expect.arrayContaining([...panel.pictures]));
      else if (panel.kind === 'figure') expect(survival.figures.map(({ id }) => id)).toContain(panel.figure);
      else expect(survival.measures.map(({ id }) => id)).toContain(panel.measure);
    }
    for (const figure of survival.figures)
      expect(survival.measures.map(({ id }) => id)).toEqual(expect.arrayContaining([...figure.measures]));
    for (const entries of [survival.presets, survival.claims, survival.panels])
      expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
  });
  it('plans claims with parameters that parse, fewer when quick', () => {
    for (const claim of survival.claims) {
      const [all, quick] = [claim.plan({ quick: false }), claim.plan({ quick: true })];
      expect(quick.length).toBeLessThanOrEqual(all.length);
      expect(quick.length).toBeGreaterThan(0);
      all.forEach((planned) => expect(survivalParameters.parse(planned)).toEqual(planned));
    }
  });
  it('has a headline, colours for the survivors and milestones in order', () => {
    const survivors = survivorsOfRun(run)!.frequencies;
    const headline = survival.headline(run);
    expect(headline).toEqual({
      testAccuracy: run.series('testAccuracy').values.at(-1),
      trainAccuracy: run.series('trainAccuracy').values.at(-1),
      testLoss: run.series('testLoss').values.at(-1),
      survivors,
    });
    expect(survivors.length).toBeGreaterThan(1);
    const colours = survival.keyColours(run);
    expect(colours.size).toBe(11);
    for (let k = 1; k <= 11; k += 1) expect(colours.get(`k=${k}`)! >= 0).toBe(survivors.includes(k));
    const milestones = survival.build(parameters, noDatasets).milestones(run as never);
    expect(milestones.map(({ id }) => id).sort()).toEqual(['test-accuracy', 'train-accuracy', 'winners-fixed']);
    milestones.slice(1).forEach((milestone, i) => expect(milestone.step).toBeGreaterThanOrEqual(milestones[i].step));
    const generalises = milestones.find(({ id }) => id === 'test-accuracy')!.step;
    expect(run.series('testAccuracy').values[generalises]).toBeGreaterThanOrEqual(0.95);
    expect(run.series('testAccuracy').values[generalises - 1]).toBeLessThan(0.95);
  });
});

describe('measures', () => {
  it('survivors: rules, threshold and neighbours belong together', async () => {
    const result = await survivorsMeasure.compute(run, {}, context);
    expect(result.step).toBe(900);
    result.frequencies.forEach((k, i) => {
      expect(result.signals[i]).toBe(run.series('signals').values[900 * 11 + k - 1]);
      expect(result.signals[i]).toBeGreaterThan(result.threshold);
      expect((k * result.neighbourSteps[i]!) % 23).toBe(1);
    });
    expect((await survivorsMeasure.compute(run, { step: 0 }, context)).frequencies).toEqual([]);
  });
  it('gradient: the change of every signal in the first five steps', async () => {
    const result = await gradientMeasure.compute(run, {}, context);
    const { values } = run.series('signals');
    expect(result.taus).toBe(5);
    for (let tau = 0; tau < 5; tau += 1) {
      for (let i = 0; i < 11; i += 1)
        expect(result.gradients[tau * 11 + i]).toBe((values[(tau + 1) * 11 + i] - values[tau * 11 + i]) / values[i]);
    }
    expect(result.aucGradient).toHaveLength(5);
  });
  it('circularity: survivors are round', async () => {
    const result = await circularityMeasure.compute(run, {}, context);
    result.values.forEach((value) => expect(value >= 0 && value <= 1 + 1e-12).toBe(true));
    result.survivors.forEach((k) => expect(result.values[k - 1]).toBeGreaterThan(0.9));
    expect((await circularityMeasure.compute(run, { step: 0 }, context)).step).toBe(0);
  });
  it('dynamics: coupling explains more, and the ODE agrees with its closed form', async () => {
    const result = await dynamicsMeasure.compute(run, { to: 600, alpha: 0.02 }, context);
    expect([result.from, result.to, result.alpha, result.frequencies]).toEqual([0, 600, 0.02, 11]);
    expect(result.leastSquares.r2).toBeGreaterThan(result.lasso.r2);
    expect(result.lasso.r2).toBeGreaterThan(result.diagonal.r2);
    expect(result.lasso.rollouts.ode.error).toBeCloseTo(result.lasso.rollouts.closedForm.error, 5);
    expect(dynamicsMeasure.quantities(result).find(({ id }) => id === 'hold-out')).toMatchObject({ note: result.holdOut.sentence });
    await expect((async () => dynamicsMeasure.compute(run, { from: 5, to: 6 }, context))()).rejects.toThrow(/at least 24 steps/);
  });
  it('subset losses: everything kept is the network as it is, nearly', async () => {
    const result = await subsetLossesMeasure.compute(run, {}, context);
    expect(result.sizes.map(({ count }) => count)).toEqual(result.survivors.map((_, i) => i + 1));
    result.sizes.forEach(({ best, mean, worst, subsets, tried }) => {
      expect(best).toBeLessThanOrEqual(mean);
      expect(mean).toBeLessThanOrEqual(worst);
      expect(tried).toBe(subsets);
    });
    await expect(
      (async () => subsetLossesMeasure.compute(trainInMemory({ ...parameters, steps: 3 }, backend).run, {}, context))(),
    ).rejects.toThrow(LotkaError);
  });
  it('quantities are finite numbers or words once a run is finished', async () => {
    for (const measure of survival.measures) {
      for (const { id, value, label } of measure.quantities(await measure.compute(run, {}, context))) {
        expect(label).not.toBe('');
        if (typeof value !== 'string')
          (typeof value === 'number' ? [value] : value).forEach((number) =>
            expect(Number.isFinite(number), `${measure.id} ${id}`).toBe(true),
          );
      }
    }
  });
});

describe('unusual parameters', () => {
  it.each([
    { modulus: 5, embeddingWidth: 2, hiddenWidths: [3], steps: 2 },
    { modulus: 16, embeddingWidth: 3, hiddenWidths: [4, 5, 6], activation: 'tanh', steps: 3 },
    {
      modulus: 13,
      embeddingWidth: 4,
      hiddenWidths: [8],
      precision: 'f64',
      circles: 'construct',
      circleFrequencies: [2, 5],
      circleScale: 0.5,
      steps: 2,
    },
    { modulus: 11, embeddingWidth: 4, hiddenWidths: [8], freezeEmbedding: true, activation: 'gelu', weightDecay: 0, steps: 6 },
    { modulus: 9, embeddingWidth: 4, hiddenWidths: [8], activation: 'relu', circles: 'remove', circleFrequencies: [1, 2, 3, 4], steps: 6 },
  ] as const)('train and can be measured: %o', async (overrides) => {
    const unusual = trainInMemory(survivalParameters.parse(overrides), backend);
    expect(unusual.run.steps).toBe(overrides.steps);
    expect(survival.headline(unusual.run).survivors).toBeInstanceOf(Array);
    for (const measure of survival.measures) {
      try {
        measure.quantities(await measure.compute(unusual.run, {}, unusual.context));
      } catch (error) {
        expect(error).toBeInstanceOf(LotkaError);
      }
    }
    for (const figure of survival.figures.filter(({ live }) => live)) {
      const drawn = figure.draw({ run: unusual.run, results: {}, step: 1, theme: 'light' });
      expect(drawn).toBeTruthy();
    }
  });
});
