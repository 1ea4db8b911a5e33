import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { adam, adamw, compile, Graph, multiply, referenceBackend, sgd, sum, wasmBackend, type Optimizer } from './index.ts';
import { integerPower } from './optimizers.ts';
import { expectClose } from './testing.ts';

// Trajectories against PyTorch stand in golden.test.ts.

const wasm = wasmBackend(readFileSync('dist/kernels/kernels.wasm'));

test('integerPower is the power to a few units in the last place, up to a million', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.5, max: 1, noNaN: true }), fc.integer({ min: 0, max: 1_000_000 }), (base, exponent) => {
      const expected = base ** exponent;
      expect(Math.abs(integerPower(base, exponent) - expected)).toBeLessThanOrEqual(1e-9 * expected + 1e-307);
    }),
  );
  expect([integerPower(0.9, 0), integerPower(0.9, 1), integerPower(0.5, 10), integerPower(0, 3)]).toEqual([1, 0.9, 2 ** -10, 0]);
});

/** Trains two parameters on a quadratic; they belong to the groups `a` and `b`. */
function trained(optimizer: Optimizer, steps: number) {
  return [wasm, referenceBackend()].map((backend) => {
    const graph = new Graph();
    const [a, b] = ['a', 'b'].map((name) => graph.parameter(name, [5], { group: name }));
    const loss = sum(multiply(a, multiply(b, b)));
    const session = backend.open(compile({ graph, precision: 'f64', loss, trainOutputs: { loss }, optimizer }));
    session.write('a', [1, 2, 3, 4, 5]);
    session.write('b', [0.5, -0.5, 1, 0, 2]);
    session.run(steps);
    return session;
  });
}

test.each([
  ['adamw', adamw({ learningRate: 0.1, weightDecay: 0.3, groups: { b: { learningRate: 0.01, weightDecay: 0 } } })],
  ['adam', adam({ learningRate: 0.1, weightDecay: 0.3, beta1: 0, groups: { a: { weightDecay: 0 } } })],
  ['sgd', sgd({ learningRate: 0.01, weightDecay: 0.3, momentum: 0.9, groups: { b: { learningRate: 0.002 } } })],
  ['plain sgd', sgd({ learningRate: 0.01 })],
] as const)('%s with groups: kernels and definition agree', (_name, optimizer) => {
  const [actual, expected] = trained(optimizer, 25);
  for (const name of ['a', 'b']) expectClose(actual.read(name), expected.read(name), 1e-13, name);
  expect(Object.keys(actual.checkpoint().arrays)).toEqual([
    'a',
    'b',
    ...optimizer.moments.flatMap((moment) => [`${moment}/a`, `${moment}/b`]),
  ]);
});

test('the first step of AdamW is the learning rate in the direction of the sign, after the decay', () => {
  const [session] = trained(adamw({ learningRate: 0.1, weightDecay: 0.5 }), 1);
  // Gradient of a is b^2; where it is 0 only the decay acts.
  expectClose(
    session.read('a'),
    [1, 2, 3, 4, 5].map((a, i) => a * 0.95 - (i === 3 ? 0 : 0.1)),
    1e-7,
    'a',
  );
});

test('a group of learning rate 0 stays', () => {
  const [session] = trained(adamw({ learningRate: 0.1, groups: { b: { learningRate: 0 } } }), 7);
  expect([...session.read('b')]).toEqual([0.5, -0.5, 1, 0, 2]);
});

test('settings out of range and unknown groups are refused with a sentence', () => {
  expect(() => adamw({ learningRate: -1 })).toThrow('adamw: learningRate must be at least 0 and below Infinity, not -1.');
  expect(() => adamw({ learningRate: NaN })).toThrow('adamw: learningRate');
  expect(() => adam({ learningRate: 1, beta1: 1 })).toThrow('adam: beta1 must be at least 0 and below 1, not 1.');
  expect(() => sgd({ learningRate: 1, groups: { x: { weightDecay: -2 } } })).toThrow('sgd: weightDecay must be at least 0');
  expect(() => trained(adamw({ learningRate: 1, groups: { c: {} } }), 1)).toThrow(
    'adamw has settings for the group "c", but the groups are: a, b.',
  );
});
