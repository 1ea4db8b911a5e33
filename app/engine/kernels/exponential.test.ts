import { stream } from '#app/numerics/random.ts';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  compile,
  Graph,
  multiply,
  sgd,
  sigmoid,
  silu,
  softmaxCrossEntropy,
  sum,
  tanh,
  wasmBackend,
  type Precision,
  type Tensor,
} from '../index.ts';

const wasm = wasmBackend(readFileSync('dist/kernels/kernels.wasm'));

/** Values that the kernels compute of an activation function. */
function compute(f: (x: Tensor) => Tensor, xs: Float64Array, precision: Precision): ArrayLike<number> {
  const graph = new Graph();
  const probe = graph.parameter('probe', [xs.length]);
  const loss = sum(multiply(f(graph.constant(xs, [xs.length])), probe));
  const session = wasm.open(compile({ graph, precision, loss, trainOutputs: {}, optimizer: sgd({ learningRate: 0 }) }));
  session.run(1);
  return session.read('gradient/probe');
}

/** Distance of neighbouring numbers of the precision at x. */
function spacing(x: number, precision: Precision): number {
  const [digits, lowest] = precision === 'f64' ? [52, -1022] : [23, -126];
  return 2 ** (Math.max(Math.floor(Math.log2(Math.abs(x))), lowest) - digits);
}

/** Fractional bits of the whole numbers that stand for reals below. */
const BITS = 1400n;
const LN2 = (() => {
  let sum = 0n;
  for (let k = 1n; k < BITS; k++) sum += (1n << (BITS - k)) / k;
  return sum;
})();

/** A double as a whole number with BITS fractional bits; exact for what is tested. */
function fixed(x: number): bigint {
  const exponent = Math.floor(Math.log2(Math.abs(x))) - 52;
  const digits = BigInt(x / 2 ** exponent);
  const shift = BITS + BigInt(exponent);
  return shift >= 0n ? digits << shift : digits >> -shift;
}

/** (value - e^x) in units in the last place, with e^x to 400 digits. */
function unitsFromExact(value: number, x: number, precision: Precision): number {
  const n = fixed(x) / LN2;
  const r = fixed(x) - n * LN2;
  let term = 1n << BITS;
  let sum = 0n;
  for (let k = 1n; term !== 0n; k++) {
    sum += term;
    term = (term * r) / (k << BITS);
  }
  const exact = n >= 0n ? sum << n : sum >> -n;
  return Number(((fixed(value) - exact) << 60n) / fixed(spacing(value, precision))) / 2 ** 60;
}

/** Points of both signs from tiny to `limit`, some of them at halves of ln 2, where the reduction of the argument turns. */
function points(limit: number): Float64Array {
  const list: number[] = [0];
  for (let i = 0; i < 40000; i++) list.push(((2 * i + 1) / 40000 - 1) * limit);
  for (let e = -40; e < 3; e++) for (let i = 0; i < 40; i++) list.push(2 ** e * (1 + i / 40), -(2 ** e) * (1 + i / 40));
  for (let n = -60; n < 60; n++) list.push((n + 0.5) * Math.LN2, n * Math.LN2);
  return Float64Array.from(
    list.filter((x) => Math.abs(x) <= limit),
    Math.fround,
  );
}

// Math of V8 is within 1 ulp in f64, so it adds that to what is measured there; in f32 it is exact by comparison.
const functions: [string, (x: Tensor) => Tensor, (x: number) => number, number, { f32: number; f64: number }][] = [
  // 1 / (1 + e^-x): the sum and the quotient round once more each.
  ['sigmoid', sigmoid, (x) => 1 / (1 + Math.exp(-x)), 80, { f32: 2.5, f64: 3 }],
  ['silu', silu, (x) => x / (1 + Math.exp(-x)), 80, { f32: 3, f64: 3 }],
  ['tanh', tanh, Math.tanh, 30, { f32: 2.5, f64: 3 }],
];

for (const precision of ['f32', 'f64'] as const) {
  test.each(functions)(`%s within a few units in the last place, ${precision}`, (_name, f, exact, limit, allowed) => {
    const xs = points(limit);
    const values = compute(f, xs, precision);
    let worst = 0;
    let at = 0;
    xs.forEach((x, i) => {
      const expected = exact(x);
      const error = Math.abs(values[i] - expected) / spacing(expected, precision);
      if (error > worst) [worst, at] = [error, x];
    });
    expect(worst, `at x = ${at}`).toBeLessThan(allowed[precision]);
  });

  test(`e^x within 1 unit in the last place of the exact value, ${precision}`, () => {
    // With logits (0, x), x < -40, the second gradient is e^x / rows to rounding; rows are a power of two, so nothing else is rounded.
    const lowest = precision === 'f64' ? -660 : -76;
    const rows = 512;
    const random = stream(1, precision);
    const xs = Array.from({ length: rows }, () => Math.fround(-40 + random.uniform() * (lowest + 40)));
    const graph = new Graph();
    const z = graph.parameter('z', [rows, 2]);
    const loss = softmaxCrossEntropy(z, graph.indices(new Int32Array(rows), 2));
    const session = wasm.open(compile({ graph, precision, loss, trainOutputs: {}, optimizer: sgd({ learningRate: 0 }) }));
    session.write(
      'z',
      xs.flatMap((x) => [0, x]),
    );
    session.run(1);
    const gradient = session.read('gradient/z');
    const errors = xs.map((x, i) => Math.abs(unitsFromExact(gradient[2 * i + 1] * rows, x, precision)));
    expect(Math.max(...errors)).toBeLessThan(1);
    // And not by luck of a wrong yardstick: rounding alone gives errors up to half a unit.
    expect(Math.max(...errors)).toBeGreaterThan(0.3);
  });

  test(`saturation and special values, ${precision}`, () => {
    const xs = Float64Array.of(-1e30, 1e30, -Infinity, Infinity, NaN, -0, 1e-30, 90, -120, 800, -800);
    const value = (f: (x: Tensor) => Tensor) => Array.from(compute(f, xs, precision));
    const s = value(sigmoid);
    expect(s.map((x) => Math.round(x))).toEqual([0, 1, 0, 1, NaN, 1, 1, 1, 0, 1, 0]);
    expect(s.filter((x) => x < 0 || x > 1)).toEqual([]);
    const t = value(tanh);
    expect([...t.slice(0, 6)]).toEqual([-1, 1, -1, 1, NaN, -0]);
    expect(t[6]).toBe(precision === 'f64' ? 1e-30 : Math.fround(1e-30));
    expect(t.slice(7)).toEqual([1, -1, 1, -1]);
  });
}
