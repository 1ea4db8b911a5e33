import { describe, expect, it } from 'vitest';
import { stream } from '#app/numerics/random.ts';
import { circularityMeasure, componentCircularity } from './circularity.ts';
import { criticalFractionMeasure, type CriticalFractionResult } from './critical-fraction.ts';
import { effectiveFlowMeasure, type EffectiveFlowResult } from './effective-flow.ts';
import { effectiveDimension, entropyMeasure, type EntropyResult } from './entropy.ts';
import { effectiveTheoryMeasures } from './index.ts';
import { spectrumMeasure, type SpectrumResult } from './spectrum.ts';
import { structureMeasure, type StructureResult } from './structure.ts';
import { early, idle, theoreticalRun } from './testing.ts';

const run = theoreticalRun();

describe('structure', () => {
  const structure = structureMeasure.compute(run, {}, idle) as StructureResult;

  it('counts what the training set implies', () => {
    expect([structure.all, structure.freedom, structure.forced, structure.implied]).toEqual([70, 2, true, 70]);
    expect(structure.trained).toBeLessThan(70);
    expect(structure.trainingFraction).toBeCloseTo(45 / 55, 12);
    expect(structure.idealAccuracy).toBeGreaterThanOrEqual(structure.trainingFraction);
  });

  it('predicts the step at which a network that follows the theory becomes linear', () => {
    const { values } = run.series('rqi');
    expect(Math.ceil(structure.predictedSteps)).toBe(values.findIndex((value) => value > 0.95));
    expect(structure.decaySteps).toBeCloseTo(1 / (structure.lambda3 * 0.2), 9);
  });

  it('says when little is forced, and needs no theory for other tasks', () => {
    const few = structureMeasure.compute(theoreticalRun({ trainingPairs: 12, batchSize: 12, splitSeed: 3 }), {}, idle) as StructureResult;
    expect([few.forced, few.lambda3, few.decaySteps]).toEqual([false, 0, Infinity]);
    const others = { ...run, parameters: { ...run.parameters, task: 'permutations', trainingPairs: 24 } } as const;
    const permutations = structureMeasure.compute(others, {}, idle) as StructureResult;
    expect([permutations.all, permutations.freedom, permutations.predictedSteps]).toEqual([90, NaN, NaN]);
    expect(structureMeasure.quantities(permutations).map(({ id }) => id)).toEqual([
      'all',
      'trained',
      'implied',
      'trainingFraction',
      'idealAccuracy',
    ]);
  });
});

describe('effective flow', () => {
  it('does not part from a network that follows it', () => {
    const result = effectiveFlowMeasure.compute(run, { clock: 'rate' }, idle) as EffectiveFlowResult;
    expect(result.departures).toEqual({ rate: null, fitted: null });
    expect(result.fittedTimeScale).toBeCloseTo(1, 2);
    expect(Math.max(...result.distances)).toBeLessThan(1e-6);
    expect(result.integrationError).toBeLessThan(1e-8);
    expect(result.finalRqi).toBe(1);
    expect(result.finalAccuracy).toBe(1);
    expect(result.theory).toHaveLength(result.steps.length * 10);
  });

  it('parts from one at another pace, but not on a fitted clock', () => {
    const fast = effectiveFlowMeasure.compute(
      theoreticalRun({ embeddingRate: 0.02, steps: 300 }, 20),
      { clock: 'rate' },
      idle,
    ) as EffectiveFlowResult;
    expect(fast.departures.rate).not.toBeNull();
    expect(fast.departures.fitted).toBeNull();
    expect(fast.fittedTimeScale / 20).toBeCloseTo(1, 2);
    expect([fast.clock, fast.timeScale, fast.departure]).toEqual(['rate', 1, fast.departures.rate]);
  });

  it("has the released code's variant and the fitted clock as options, and refuses others in words", () => {
    const code = effectiveFlowMeasure.compute(theoreticalRun({ embeddingRate: 1e-3 }), { variant: 'code' }, idle) as EffectiveFlowResult;
    expect([code.variant, code.timeScale]).toEqual(['code', code.fittedTimeScale]);
    expect(code.integrationError).toBeLessThan(1e-8);
    expect(() => effectiveFlowMeasure.compute(run, { tolerance: 0 }, idle)).toThrow('above 0');
  });

  it('says where it has nothing to say', () => {
    const modular = { ...run, parameters: { ...run.parameters, task: 'modular' } } as const;
    expect(() => effectiveFlowMeasure.compute(modular, {}, idle)).toThrow('this run learns modular addition.');
    expect(() => effectiveFlowMeasure.compute(early(run, 0), {}, idle)).toThrow('none is recorded yet');
    const lonely = { ...run, parameters: { ...run.parameters, trainingPairs: 1 } };
    expect(() => effectiveFlowMeasure.compute(lonely, {}, idle)).toThrow('same sum');
  });

  it('reads frames where the embedding is too large for a series', () => {
    const wide = theoreticalRun({ embeddingWidth: 40 });
    expect(wide.seriesInfo.some(({ name }) => name === 'embedding')).toBe(false);
    const result = effectiveFlowMeasure.compute(wide, { clock: 'rate' }, idle) as EffectiveFlowResult;
    expect(result.steps).toEqual([0, 200, 400]);
    expect(Math.max(...result.distances)).toBeLessThan(1e-6);
  });
});

it('critical fraction: the curve, its middle, and how it falls with the number of symbols', () => {
  const result = criticalFractionMeasure.compute(run, { draws: 300 }, idle) as CriticalFractionResult;
  expect(result.curve.fraction).toBeCloseTo(0.41, 1);
  const fractions = result.scaling.map(({ fraction }) => fraction);
  expect(fractions).toEqual([...fractions].sort((a, b) => b - a));
  expect(() => criticalFractionMeasure.compute(run, { draws: 3 }, idle)).toThrow('from 10');
});

it('spectrum: rates rise with data, times are about four over the rate', () => {
  const result = spectrumMeasure.compute(run, { draws: 60 }, idle) as SpectrumResult;
  expect(result.means.at(-1)).toBeCloseTo(2 / 21, 10);
  expect(result.means[0]).toBeLessThan(0.2 * (2 / 21));
  expect(result.ownSteps).toBe(run.series('rqi').values.findIndex((value) => value > 0.95));
  const scaled = result.times.map(({ lambda3, time }) => lambda3 * time).sort((a, b) => a - b);
  expect(scaled[scaled.length >> 1]).toBeGreaterThan(3.3);
  expect(scaled[scaled.length >> 1]).toBeLessThan(4.8);
  expect(result.map.values).toHaveLength(result.map.symbols.length * result.map.fractions.length);
});

describe('effective dimension', () => {
  it('counts directions of equal variance, one for a line, none without spread', () => {
    const corners = [1, 0, 0, -1, 0, 0, 0, 1, 0, 0, -1, 0];
    expect(effectiveDimension(corners, 4, 3)).toBeCloseTo(2, 10);
    expect(effectiveDimension([0, 1, 2, 3, 4, 5, 6, 7], 4, 2)).toBeCloseTo(1, 10);
    expect(effectiveDimension([1, 1, 1, 1], 2, 2)).toBeNaN();
  });

  it('of a run has a value for every frame', () => {
    const result = entropyMeasure.compute(theoreticalRun({ embeddingWidth: 3 }), {}, idle) as EntropyResult;
    expect(result.steps).toEqual([0, 200, 400]);
    expect([...result.dimensions].every((value) => value >= 1 && value <= 3)).toBe(true);
  });
});

describe('circularity', () => {
  const wave = (p: number, k: number) =>
    Array.from({ length: p }, (_, t) => [Math.cos((2 * Math.PI * k * t) / p), Math.sin((2 * Math.PI * k * t) / p)]).flat();

  it('is 1 on a circle, with its frequency, and small for noise', () => {
    const { values, frequencies } = componentCircularity(wave(13, 5), 13, 2);
    for (const value of values) expect(value).toBeCloseTo(1, 10);
    expect(frequencies).toEqual([5, 5]);
    const random = stream(1, 'test');
    const noise = componentCircularity(Array.from({ length: 59 * 8 }, random.normal), 59, 8);
    expect(Math.max(...noise.values)).toBeLessThan(0.6);
    expect(noise.values).toHaveLength(4);
  });

  it('counts the frequency p/2 of an even p once', () => {
    const alternating = Array.from({ length: 8 }, (_, t) => [t % 2 === 0 ? 1 : -1]).flat();
    expect(componentCircularity(alternating, 8, 1)).toEqual({ values: [expect.closeTo(1, 10) as number], frequencies: [4] });
  });

  it('belongs to modular addition', () => expect(() => circularityMeasure.compute(run, {}, idle)).toThrow('another task'));
});

it('all give quantities with distinct ids, and describe themselves', () => {
  for (const measure of effectiveTheoryMeasures) {
    expect(measure.formula.length * measure.source.length, measure.id).toBeGreaterThan(0);
    if (measure.id === 'circularity' || measure.needs === 'session') continue;
    const quantities = measure.quantities(measure.compute(run, {}, idle));
    expect(new Set(quantities.map(({ id }) => id)).size, measure.id).toBe(quantities.length);
  }
});
