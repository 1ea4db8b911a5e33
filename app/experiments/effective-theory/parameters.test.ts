import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LotkaError } from '#app/protocol/errors.ts';
import type { Experiment, Parameters } from '../experiment.ts';
import { fieldsOf, parseParameters } from '../parameters.ts';
import experimentObject from './experiment.ts';
import { effectiveTheoryParameters } from './parameters.ts';
import { effectiveTheoryPresets } from './presets.ts';
import { sampleCountOf } from './samples.ts';

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

describe('effectiveTheoryParameters', () => {
  it("are the paper's toy model unless told, and describe every field", () => {
    for (const { name, info } of fieldsOf(effectiveTheoryParameters)) {
      if (info.paper !== undefined) expect(parse({})[name], name).toEqual(info.paper);
      if (info.appliesWhen) expect(Object.keys(effectiveTheoryParameters.shape)).toContain(info.appliesWhen.field);
    }
    const groups = new Set(fieldsOf(effectiveTheoryParameters).map(({ info }) => info.group));
    expect([...groups]).toEqual(['Task', 'Network', 'Training', 'Thresholds', 'Seeds']);
    effectiveTheoryPresets.forEach(({ id, parameters }) => expect(parse({}, id)).toEqual(parameters));
  });

  it('say in one sentence what is wrong and what would be right', () => {
    expect(message({ symbols: 2 })).toBe('symbols = 2 cannot be used: the number of symbols is a whole number from 3 to 100.');
    expect(message({ decoderRate: 0 })).toBe(
      'decoderRate = 0 cannot be used: the learning rate of the decoder is a number above 0 and at most 10.',
    );
    expect(message({ batchSeed: -1 })).toBe(
      'batchSeed = -1 cannot be used: the seed of the batches is a whole number from 0 to 4294967295.',
    );
    expect(message({ trainingPairs: 55 })).toBe(
      'trainingPairs = 55 cannot be used: the task has 55 pairs, of which at least one must be left to test: at most 54.',
    );
    expect(message({ task: 'permutations', trainingPairs: 36 })).toMatch(/36 pairs, .* at most 35\.$/);
    expect(message({ task: 'permutations', trainingPairs: 24, decoder: 'transformer' })).toMatch(
      /^decoder = "transformer" cannot be used: permutations/,
    );
    expect(parse({ trainingPairs: 99, decoder: 'transformer', task: 'modular' })).toMatchObject({ trainingPairs: 99 });
  });

  it('either parse or give one sentence, whatever is given', () => {
    const anything = fc.oneof(fc.integer(), fc.double(), fc.string(), fc.boolean(), fc.constant(null), fc.array(fc.integer()), fc.object());
    const names = fieldsOf(effectiveTheoryParameters).map(({ name }) => name);
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), anything), (overrides) => {
        const accepted = effectiveTheoryParameters.safeParse(overrides);
        if (accepted.success) expect(accepted.data.trainingPairs).toBeLessThan(sampleCountOf(accepted.data));
        else expect(message(overrides)).toMatch(/^\S+ = .* cannot be used: [^.].*\.$/s);
      }),
    );
  });
});
