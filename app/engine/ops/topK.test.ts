import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Graph, referenceBackend, wasmBackend } from '../index.ts';
import { checkOp, runOp } from '../testing.ts';
import { batchTopK, topK } from './topK.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test.each([
  [1, 1, 1],
  [5, 7, 3],
  [4, 8, 8],
  [3, 33, 5],
])('topK of %i x %i, %i kept', (rows, columns, k) => {
  checkOp(kernels, { inputs: [[rows, columns]], build: ([x]) => topK(x, k) });
  checkOp(kernels, { inputs: [[rows, columns]], build: ([x]) => batchTopK(x, k) });
});

test('any numbers, ties, signed zeros, infinities and NaN: kernel and definition choose the same', () => {
  const number = fc.oneof(
    fc.constantFrom(0, -0, 1, -1, 2, NaN, Infinity, -Infinity, 1e-40, -1e-40),
    fc.double({ noDefaultInfinity: true, noNaN: true }),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), fc.array(number, { minLength: 1, maxLength: 13 }), fc.nat(12), (rows, row, pick) => {
      const k = 1 + (pick % row.length);
      const values = Float64Array.from({ length: rows * row.length }, (_, i) => row[(i * rows + Math.floor(i / row.length)) % row.length]);
      for (const build of [topK, batchTopK]) {
        for (const precision of ['f32', 'f64'] as const) {
          const opCase = { inputs: [[rows, row.length]], build: ([x]: Parameters<typeof topK>[0][]) => build(x, k) };
          const given = { inputs: [values], upstream: new Float64Array(values.length).fill(1), shape: [rows, row.length] };
          const [expected, actual] = [referenceBackend(), wasmBackend(kernels)].map((backend) => runOp(backend, precision, opCase, given));
          expect(actual).toEqual(expected);
          expect([...actual.gradients[0]].reduce((sum, kept) => sum + kept)).toBe(rows * k);
        }
      }
    }),
    { numRuns: 200 },
  );
});

test('a k out of range is refused with a sentence', () => {
  const x = new Graph().parameter('x', [2, 3]);
  expect(() => topK(x, 4)).toThrow('topK: k must be a whole number in 1..3 for shape [2, 3], not 4.');
  expect(() => batchTopK(x, 0)).toThrow('batchTopK: k must be a whole number in 1..3 for shape [2, 3], not 0.');
});
