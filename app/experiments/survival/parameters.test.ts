import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LotkaError } from '#app/protocol/errors.ts';
import experimentObject from './experiment.ts';
import { fieldsOf, parseParameters } from '../parameters.ts';
import type { Experiment, Parameters } from '../experiment.ts';
import { survivalParameters, trainingPairs } from './parameters.ts';
import { survivalPresets } from './presets.ts';

const experiment = experimentObject as unknown as Experiment;
const parse = (overrides: Parameters, preset: string | null = null) => parseParameters(experiment, preset, overrides);

const message = (overrides: Parameters): string => {
  try {
    parse(overrides);
  } catch (error) {
    expect(error).toBeInstanceOf(LotkaError);
    return (error as LotkaError).message;
  }
  throw new Error(`${JSON.stringify(overrides)} was accepted`);
};

describe('survivalParameters', () => {
  it('complete themselves and describe every field', () => {
    expect(parse({})).toMatchObject({ modulus: 59, embeddingWidth: 128, hiddenWidths: [100, 100], weightDecay: 0.5, circles: 'all' });
    expect(parse({}, 'fast')).toMatchObject({ modulus: 31, embeddingWidth: 32, hiddenWidths: [64, 64], steps: 1500 });
    const groups = new Set(fieldsOf(survivalParameters).map(({ info }) => info.group));
    expect([...groups]).toEqual(['Task', 'Network', 'Training', 'Embedding', 'Seeds']);
    survivalPresets.forEach(({ id, parameters }) => expect(parse({}, id)).toEqual(parameters));
  });
  it('say in one sentence what is wrong and what would be right', () => {
    expect(message({ modulus: 3 })).toBe('modulus = 3 cannot be used: the modulus is a whole number from 5 to 199.');
    expect(message({ modulus: 59.5 })).toBe('modulus = 59.5 cannot be used: the modulus is a whole number from 5 to 199.');
    expect(message({ modulus: '59' })).toBe('modulus = "59" cannot be used: the modulus is a whole number from 5 to 199.');
    expect(message({ mlpSeed: 'x' })).toBe('mlpSeed = "x" cannot be used: the seed of the network is a whole number from 0 to 4294967295.');
    expect(message({ learningRate: 0 })).toBe('learningRate = 0 cannot be used: the learning rate is a number above 0 and at most 10.');
    expect(message({ activation: 'sigmoid' })).toBe(
      'activation = "sigmoid" cannot be used: the activation is one of silu, relu, tanh, gelu.',
    );
    expect(message({ hiddenWidths: [] })).toBe('hiddenWidths = [] cannot be used: the network has at least one hidden layer.');
    expect(message({ hiddenWidths: [64, 0] })).toBe(
      'hiddenWidths.1 = 0 cannot be used: each hidden width is a whole number from 1 to 1024.',
    );
    expect(message({ circles: 'keep', circleFrequencies: [30] })).toBe(
      'circleFrequencies = [30] cannot be used: with modulus 59 a frequency is a whole number from 1 to 29, not 30.',
    );
    expect(message({ circles: 'keep', circleFrequencies: [3, 3] })).toBe(
      'circleFrequencies = [3,3] cannot be used: frequency 3 is listed twice.',
    );
    expect(message({ circles: 'keep' })).toBe('circleFrequencies = nothing cannot be used: circles = "keep" needs at least one frequency.');
    expect(message({ modulus: 5, trainingFraction: 0.03 })).toMatch(/^trainingFraction = 0.03 cannot be used: .* none to train on\.$/);
  });
  it('either parse or give one sentence, whatever is given', () => {
    const names = fieldsOf(survivalParameters).map(({ name }) => name);
    const anything = fc.oneof(
      fc.integer(),
      fc.double(),
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.integer({ max: 40 }), { maxLength: 4 }),
      fc.object({ maxDepth: 1 }),
    );
    const sensible = fc.oneof(
      fc.integer({ min: 0, max: 200 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.constantFrom('all', 'keep', 'scale', 'relu', 'f64'),
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...names), fc.oneof({ weight: 1, arbitrary: anything }, { weight: 3, arbitrary: sensible })),
        (overrides) => {
          try {
            const parameters = survivalParameters.parse(parse(overrides));
            const pairs = trainingPairs(parameters);
            expect(pairs).toBeGreaterThan(0);
            expect(pairs).toBeLessThan(parameters.modulus ** 2);
            expect(parse(parameters)).toEqual(parameters);
          } catch (error) {
            if (!(error instanceof LotkaError)) throw error;
            expect(error.code).toBe('bad-input');
            expect(error.message).toMatch(/ cannot be used: [^\n]+\.$/);
            // What was given is quoted before, and may hold any word.
            const sentence = error.message.slice(error.message.lastIndexOf(' cannot be used: '));
            expect(sentence).not.toMatch(/Invalid|expected |undefined|zod|Too (big|small)/);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});
