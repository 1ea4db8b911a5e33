import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  adam,
  adamw,
  clipNorm,
  clipValue,
  compile,
  Graph,
  grokfast,
  multiply,
  perpendicular,
  pinNorm,
  referenceBackend,
  Schedule,
  sequence,
  sgd,
  sum,
  wasmBackend,
  type Optimizer,
  type Precision,
} from '../index.ts';
import { integerPower } from './adam.ts';
import { expectClose } from '../testing.ts';

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
function trained(optimizer: Optimizer, steps: number, precision: Precision = 'f64') {
  return [wasm, referenceBackend()].map((backend) => {
    const graph = new Graph();
    const [a, b] = ['a', 'b'].map((name) => graph.parameter(name, [5], { group: name }));
    const loss = sum(multiply(a, multiply(b, b)));
    const session = backend.open(compile({ graph, precision, loss, trainOutputs: { loss }, optimizer }));
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
  [
    'adamw, every setting by group',
    adamw({ learningRate: 0.1, groups: { a: { beta1: 0.5, beta2: 0.9, epsilon: 1e-3 }, b: { beta1: 0 } } }),
  ],
  ['scheduled adamw', adamw({ learningRate: Schedule.linear(0, 0.1, 5).then(Schedule.cosine(0.1, 0.01, 10)) })],
  ['scheduled groups', sgd({ learningRate: 0.01, groups: { b: { learningRate: Schedule.staircase(0.02, 0.5, 4, 3) } } })],
  ['clipped by norm', sequence(clipNorm({ maximum: 1.5 }), sgd({ learningRate: 0.05, momentum: 0.5 }))],
  ['clipped by value', sequence(clipValue({ limit: 0.7 }), sgd({ learningRate: 0.05 }))],
  ['grokfast', sequence(grokfast({ alpha: 0.9, gain: 3 }), adamw({ learningRate: 0.05 }))],
  ['perpendicular', sequence(perpendicular(), sgd({ learningRate: 0.02 }))],
  ['perpendicular, shortened', sequence(perpendicular({ keepNorm: false }), adam({ learningRate: 0.02 }))],
  ['pinned', sequence(adamw({ learningRate: 0.1 }), pinNorm({ norm: 3 }))],
  ['a pinned group', sequence(adamw({ learningRate: 0.1 }), pinNorm({ norm: 3, groups: ['b'] }))],
  [
    'all of it',
    sequence(
      grokfast(),
      perpendicular(),
      clipNorm({ maximum: 2 }),
      clipValue({ limit: 1 }),
      adamw({ learningRate: 0.1 }),
      pinNorm({ norm: 5 }),
    ),
  ],
] as const)('%s: kernels and definition agree', (_name, optimizer) => {
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

const euclidean = (...parts: ArrayLike<number>[]): number => Math.hypot(...parts.flatMap((part) => Array.from(part)));

test.each(['f32', 'f64'] as const)('pinned parameters have the norm together, whatever the rest does, %s', (precision) => {
  const tolerance = precision === 'f32' ? 1e-6 : 1e-14;
  for (const session of trained(sequence(adamw({ learningRate: 0.1 }), pinNorm({ norm: 3 })), 7, precision))
    expect(Math.abs(euclidean(session.read('a'), session.read('b')) / 3 - 1)).toBeLessThan(tolerance);
  for (const session of trained(sequence(adamw({ learningRate: 0.1 }), pinNorm({ norm: 3, groups: ['a'] })), 7, precision)) {
    expect(Math.abs(euclidean(session.read('a')) / 3 - 1)).toBeLessThan(tolerance);
    expect(euclidean(session.read('b'))).not.toBeCloseTo(3, 3);
  }
});

test('parameters that are all zero cannot be pinned and stay', () => {
  const graph = new Graph();
  const x = graph.parameter('x', [3]);
  const optimizer = sequence(sgd({ learningRate: 0 }), pinNorm({ norm: 3 }));
  for (const backend of [wasm, referenceBackend()]) {
    const session = backend.open(compile({ graph, precision: 'f64', loss: sum(x), trainOutputs: {}, optimizer }));
    session.run(2);
    expect([...session.read('x')]).toEqual([0, 0, 0]);
  }
});

test('clipped gradients are no longer than allowed and short ones stay', () => {
  for (const session of trained(sequence(clipNorm({ maximum: 1.5 }), sgd({ learningRate: 0 })), 1))
    expect(euclidean(session.read('gradient/a'), session.read('gradient/b'))).toBeCloseTo(1.5, 6);
  for (const session of trained(sequence(clipNorm({ maximum: 1e6 }), sgd({ learningRate: 0 })), 1))
    expect([...session.read('gradient/a')]).toEqual([0.25, 0.25, 1, 0, 4]);
  for (const session of trained(sequence(clipValue({ limit: 0.7 }), sgd({ learningRate: 0 })), 1))
    expect([...session.read('gradient/a')]).toEqual([0.25, 0.25, 0.7, 0, 0.7]);
});

test.each([true, false])('a perpendicular gradient is at right angles to each parameter, keeping its norm: %s', (keepNorm) => {
  const [plain] = trained(sgd({ learningRate: 0 }), 1);
  for (const session of trained(sequence(perpendicular({ keepNorm }), sgd({ learningRate: 0 })), 1)) {
    for (const name of ['a', 'b']) {
      const [gradient, before] = [session.read(`gradient/${name}`), plain.read(`gradient/${name}`)];
      const along = [...session.read(name)].reduce((total, p, i) => total + p * gradient[i], 0);
      expect(Math.abs(along)).toBeLessThan(1e-13);
      if (keepNorm) expect(euclidean(gradient)).toBeCloseTo(euclidean(before), 12);
      else expect(euclidean(gradient)).toBeLessThan(euclidean(before));
    }
  }
});

test('nothing of a gradient along its tensor remains, rounding included', () => {
  for (const precision of ['f32', 'f64'] as const) {
    for (const backend of [wasm, referenceBackend()]) {
      const graph = new Graph();
      const x = graph.parameter('x', [3]);
      const optimizer = sequence(perpendicular(), sgd({ learningRate: 0 }));
      const session = backend.open(compile({ graph, precision, loss: sum(multiply(x, x)), trainOutputs: {}, optimizer }));
      session.write('x', [0.1, 0.7, -1.3]);
      session.run(1);
      expect([...session.read('gradient/x')].map(Math.abs)).toEqual([0, 0, 0]);
    }
  }
});

test('the average of grokfast begins at the first gradient and is part of a checkpoint', () => {
  for (const session of trained(sequence(grokfast({ alpha: 0.5, gain: 2 }), sgd({ learningRate: 0 })), 1)) {
    expect([...session.checkpoint().arrays['grokfast.average/a'].values]).toEqual([0.25, 0.25, 1, 0, 4]);
    expect([...session.read('gradient/a')]).toEqual([0.75, 0.75, 3, 0, 12]);
  }
});

test('a run resumed from a checkpoint goes on to the same bits under any rules', () => {
  const optimizer = sequence(
    grokfast(),
    clipNorm({ maximum: 1 }),
    adamw({ learningRate: Schedule.cosine(0.1, 0.01, 9) }),
    pinNorm({ norm: 4, groups: ['b'] }),
  );
  for (const [index] of [wasm, referenceBackend()].entries()) {
    const through = trained(optimizer, 12)[index];
    const half = trained(optimizer, 5)[index];
    const resumed = trained(optimizer, 1)[index];
    resumed.restore(half.checkpoint());
    resumed.run(7);
    expect(resumed.checkpoint()).toEqual(through.checkpoint());
  }
});

test('a gradient that is no number is passed on, not hidden', () => {
  const rules = [clipNorm({ maximum: 1 }), clipValue({ limit: 1 }), grokfast(), perpendicular(), pinNorm({ norm: 1 })];
  for (const rule of rules) {
    for (const backend of [wasm, referenceBackend()]) {
      const graph = new Graph();
      const x = graph.parameter('x', [3]);
      const loss = sum(multiply(x, x));
      const optimizer = sequence(rule, sgd({ learningRate: 1 }));
      const session = backend.open(compile({ graph, precision: 'f32', loss, trainOutputs: { loss }, optimizer }));
      session.write('x', [1, NaN, 2]);
      session.run(2);
      expect(session.trainOutputs().loss, rule.name).toBeNaN();
    }
  }
});

test('schedules give the learning rates of their definitions', () => {
  const rates = (schedule: Schedule, steps: number): number[] => Array.from({ length: steps }, (_, i) => schedule.at(i + 1));
  expect(rates(Schedule.linear(0, 1, 4), 6)).toEqual([0, 0.25, 0.5, 0.75, 1, 1]);
  expect(rates(Schedule.constant(0.3, 2).then(Schedule.linear(1, 0, 2)), 6)).toEqual([0.3, 0.3, 1, 0.5, 0, 0]);
  expect(rates(Schedule.staircase(1, 0.5, 2, 2), 7)).toEqual([1, 1, 0.5, 0.5, 0.25, 0.25, 0.25]);
  rates(Schedule.cosine(2, 1, 7), 9).forEach((rate, i) => expect(rate).toBeCloseTo(1.5 + Math.cos((Math.PI * Math.min(i, 7)) / 7) / 2, 14));
});

test('what makes no schedule or rule is refused with a sentence', () => {
  expect(() => new Schedule([])).toThrow('A schedule needs learning rates that are finite and not negative, not none.');
  expect(() => Schedule.linear(0, -1, 3)).toThrow('finite and not negative, not -');
  expect(() => Schedule.cosine(1, 0, 0)).toThrow('A schedule describes a whole number of steps in 1..10000000, not 0.');
  expect(() => clipNorm({ maximum: 0 })).toThrow('clipNorm: maximum must be at least');
  expect(() => pinNorm({ norm: NaN })).toThrow('pinNorm: norm must be');
  expect(() => sequence(grokfast(), grokfast())).toThrow('sequence: two of the rules keep "grokfast.average"; give one rule of a kind.');
  expect(() => adamw({ learningRate: 1, groups: { x: { beta2: 1 } } })).toThrow('adamw: beta2 must be at least 0 and below 1, not 1.');
  expect(() => trained(sequence(sgd({ learningRate: 1 }), pinNorm({ norm: 1, groups: ['c'] })), 1)).toThrow('for the group "c"');
});
