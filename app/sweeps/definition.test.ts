import { describe, expect, it } from 'vitest';
import type { SweepAxis, SweepDefinition } from '#app/protocol/sweep.ts';
import { checkDefinition, requireBudget } from './definition.ts';
import { definitionOf, mapped } from './testing.ts';

const rate = (more: Partial<Extract<SweepAxis, { kind: 'range' }>>): SweepAxis => ({
  kind: 'range',
  parameter: 'rate',
  scale: 'linear',
  from: 0,
  to: 1,
  count: 5,
  ...more,
});
const list = (parameter: string, values: Extract<SweepAxis, { kind: 'list' }>['values']): SweepAxis => ({
  kind: 'list',
  parameter,
  values,
});

describe('a definition', () => {
  it.each<[string, Partial<SweepDefinition>]>([
    ['of a grid', {}],
    ['with a list of words', { axes: [list('kind', ['one', 'two'])] }],
    ['with an axis that changes sizes', { axes: [list('width', [4, 8, 16])] }],
    ['that is adaptive', { sampling: { kind: 'adaptive', stride: 4, outcome: 'phase' } }],
  ])('%s is taken', (_what, more) => {
    expect(() => checkDefinition(definitionOf(9, 9, more), mapped)).not.toThrow();
  });

  it.each<[string, Partial<SweepDefinition>, RegExp]>([
    ['no axis', { axes: [] }, /needs at least one axis/],
    ['an axis with one value', { axes: [rate({ count: 1 })] }, /axis rate has one value; an axis has at least two/],
    ['a list with one value', { axes: [list('kind', ['one'])] }, /axis kind has one value/],
    ['an empty range', { axes: [rate({ from: 1, to: 1 })] }, /axis rate goes from 1 to 1, which is one value/],
    ['a log axis through zero', { axes: [rate({ scale: 'log' })] }, /axis rate is logarithmic and goes from 0 to 1; .* above 0/],
    ['whole numbers that are one', { axes: [rate({ parameter: 'width', from: 4, to: 4.2 })] }, /axis width has one whole number only/],
    ['an unknown parameter', { axes: [list('speed', [1, 2])] }, /has no parameter "speed" for an axis; it has rate, decay/],
    ['a parameter twice', { axes: [rate({}), list('rate', [1, 2])] }, /rate is on two axes/],
    ['a value twice', { axes: [list('rate', [1, 2, 1])] }, /axis rate has the value 1 twice/],
    ['a value the parameter refuses', { axes: [list('rate', [1, 20])] }, /rate = 20 cannot be used: the rate is a number from 0 to 10/],
    ['words for numbers', { axes: [list('rate', ['fast', 'slow'])] }, /rate = "fast" cannot be used/],
    ['a range of words', { axes: [rate({ parameter: 'kind' })] }, /kind = 0 cannot be used: the kind is one of/],
    ['no seeds', { seeds: { parameters: ['seed'], first: 0, count: 0 } }, /number of seeds is a whole number from 1/],
    ['seeds of nothing', { seeds: { parameters: [], first: 0, count: 3 } }, /3 seeds need a parameter/],
    ['seeds that are fractions', { seeds: { parameters: ['decay'], first: 0, count: 3 } }, /decay cannot be a seed/],
    ['an axis as seed', { axes: [rate({ parameter: 'seed', to: 4 })] }, /seed is an axis and a seed/],
    ['too many points', { axes: [rate({ count: 2000 }), rate({ parameter: 'decay', count: 2000 })] }, /has 4000000 points/],
    [
      'too many seeds for its points',
      { axes: [rate({ count: 2000 })], seeds: { parameters: ['seed'], first: 0, count: 600 } },
      /1200000 trials/,
    ],
    ['no samples', { sampling: { kind: 'random', samples: 0, seed: 0 } }, /number of samples is a whole number from 1/],
    ['one adaptive axis', { axes: [rate({})], sampling: { kind: 'adaptive', stride: 4, outcome: 'phase' } }, /needs two axes/],
    [
      'an adaptive axis without order',
      { axes: [rate({}), list('kind', ['one', 'two'])], sampling: { kind: 'adaptive', stride: 4, outcome: 'phase' } },
      /axis kind has values without an order/,
    ],
    [
      'a strange stride',
      { sampling: { kind: 'adaptive', stride: 3, outcome: 'phase' } },
      /stride of an adaptive sweep is 2, 4, 8, 16 or 32, not 3/,
    ],
    ['an unknown outcome', { sampling: { kind: 'adaptive', stride: 4, outcome: 'joy' } }, /no outcome "joy"; it has phase, loss/],
    ['a bad shared value', { parameters: { width: 0 } }, /width = 0 cannot be used/],
  ])('with %s is refused in a sentence', (_what, more, sentence) => {
    expect(() => checkDefinition(definitionOf(9, 9, more), mapped)).toThrow(sentence);
  });

  it('is refused for values that do not go together, and not for those that do', async () => {
    const survival = (await import('#app/experiments/registry.ts')).experimentById('survival');
    const frequencies = (values: number[][], moduli: number[]): SweepDefinition => ({
      ...definitionOf(2, 2),
      parameters: { circles: 'keep' },
      axes: [list('modulus', moduli), list('circleFrequencies', values)],
      seeds: { parameters: ['splitSeed'], first: 0, count: 1 },
    });
    expect(() => checkDefinition(frequencies([[3], [20]], [31, 59]), survival)).toThrow(/circleFrequencies = \[20\] .* modulus 31/);
    expect(() => checkDefinition(frequencies([[3], [15]], [31, 59]), survival)).not.toThrow();
    // The default modulus is 59, which has no circle 40: what counts are the values of the axes.
    expect(() => checkDefinition(frequencies([[3], [40]], [83, 97]), survival)).not.toThrow();
  });

  it('longer than a week is refused with its length', () => {
    expect(() => requireBudget({ trials: 40_000, secondsInAll: 30 * 86_400 })).toThrow(/40000 trials would train for about 30 days/);
    expect(() => requireBudget({ trials: 40_000, secondsInAll: 86_400 })).not.toThrow();
    expect(() => requireBudget({ trials: 40_000, secondsInAll: null })).not.toThrow();
  });
});
