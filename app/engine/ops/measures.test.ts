import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  add,
  compile,
  Graph,
  multiply,
  referenceBackend,
  sgd,
  sum,
  wasmBackend,
  type Backend,
  type Precision,
  type RealArray,
  type Tensor,
} from '../index.ts';
import { expectClose } from '../testing.ts';
import { fractionBelow } from './fractionBelow.ts';
import { nearestAccuracy } from './nearestAccuracy.ts';
import { standardizeColumns } from './standardizeColumns.ts';

const wasm = wasmBackend(readFileSync('dist/kernels/kernels.wasm'));
const reference = referenceBackend();
const precisions: readonly Precision[] = ['f32', 'f64'];

/** Evaluates a scalar of given matrices. */
function evaluate(
  backend: Backend,
  precision: Precision,
  given: readonly Matrix[],
  build: (tensors: Tensor[], graph: Graph) => Tensor,
): number {
  const graph = new Graph();
  const tensors = given.map(({ rows, columns }, index) => graph.parameter(`x${index}`, [rows, columns]));
  const [first] = tensors;
  const session = backend.open(
    compile({
      graph,
      precision,
      loss: tensors.reduce((total, tensor) => (tensor === first ? total : sumOf(total, tensor)), sum(first)),
      trainOutputs: {},
      evaluations: { now: { result: build(tensors, graph) } },
      optimizer: sgd({ learningRate: 0 }),
    }),
  );
  given.forEach(({ values }, index) => session.write(`x${index}`, values));
  return session.evaluate('now').result;
}

const sumOf = (total: Tensor, tensor: Tensor): Tensor => add(total, sum(tensor));

interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: readonly number[];
}

const matrixOf = (value: fc.Arbitrary<number>, rows: number, columns: number): fc.Arbitrary<Matrix> =>
  fc.array(value, { minLength: rows * columns, maxLength: rows * columns }).map((values) => ({ rows, columns, values }));

describe.each([wasm, reference])('measures on $name', (backend) => {
  test('nearestAccuracy counts points whose first nearest candidate is the labelled one', () => {
    const small = fc.integer({ min: -2, max: 2 });
    const cases = fc
      .record({ rows: fc.integer({ min: 1, max: 7 }), count: fc.integer({ min: 1, max: 6 }), columns: fc.integer({ min: 1, max: 9 }) })
      .chain(({ rows, count, columns }) =>
        fc.record({
          points: matrixOf(small, rows, columns),
          candidates: matrixOf(fc.oneof({ weight: 9, arbitrary: small }, { weight: 1, arbitrary: fc.constant(NaN) }), count, columns),
          labels: fc.array(fc.nat(count - 1), { minLength: rows, maxLength: rows }),
          precision: fc.constantFrom(...precisions),
        }),
      );
    fc.assert(
      fc.property(cases, ({ points, candidates, labels, precision }) => {
        const row = ({ values, columns }: Matrix, index: number) => values.slice(index * columns, (index + 1) * columns);
        const right = labels.filter((label, i) => {
          const point = row(points, i);
          const distances = Array.from({ length: candidates.rows }, (_, c) =>
            row(candidates, c).reduce((total, value, j) => total + (value - point[j]) ** 2, 0),
          );
          return distances.indexOf(Math.min(...distances.filter((distance) => !Number.isNaN(distance)))) === label;
        });
        const actual = evaluate(backend, precision, [points, candidates], ([x, y], graph) =>
          nearestAccuracy(x, y, graph.indices(labels, candidates.rows)),
        );
        expect(actual).toBeCloseTo(right.length / labels.length, 6);
      }),
    );
  });

  test('fractionBelow counts what is smaller, and is NaN when something is', () => {
    const value = fc.constantFrom(-Infinity, -1, 0, 0.1, Math.fround(0.1), 1, Infinity, NaN);
    const cases = fc.integer({ min: 1, max: 19 }).chain((size) => fc.tuple(matrixOf(value, 1, size), fc.constantFrom(...precisions)));
    fc.assert(
      fc.property(cases, ([matrix, precision]) => {
        const stored = precision === 'f32' ? matrix.values.map(Math.fround) : matrix.values;
        const bound = precision === 'f32' ? Math.fround(0.1) : 0.1;
        const expected = stored.some(Number.isNaN) ? NaN : stored.filter((x) => x < bound).length / stored.length;
        const actual = evaluate(backend, precision, [matrix], ([x]) => fractionBelow(x, 0.1));
        if (Number.isNaN(expected)) expect(actual).toBeNaN();
        else expect(actual).toBeCloseTo(expected, 6);
      }),
    );
  });
});

/** The whole result, read as the gradient of a probe that it is multiplied by. */
function standardized(backend: Backend, precision: Precision, values: Float64Array, columns: number): RealArray {
  const graph = new Graph();
  const shape = [values.length / columns, columns];
  const result = standardizeColumns(graph.parameter('x', shape, { trainable: false }));
  const loss = sum(multiply(result, graph.parameter('probe', shape)));
  const session = backend.open(compile({ graph, precision, loss, trainOutputs: {}, optimizer: sgd({ learningRate: 0 }) }));
  session.write('x', values);
  session.run(1);
  return session.read('gradient/probe');
}

test('standardizeColumns gives mean 0 and unbiased variance 1, whatever the offset', () => {
  const value = fc.double({ min: -3, max: 3, noNaN: true }).map(Math.fround);
  const cases = fc
    .tuple(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 1, max: 6 }))
    .chain(([rows, columns]) => fc.tuple(matrixOf(value, rows, columns), fc.constantFrom(0, 1000)));
  fc.assert(
    fc.property(cases, ([{ rows, columns, values }, offset]) => {
      const input = Float64Array.from(values, (x) => Math.fround(x + offset));
      const column = (of: ArrayLike<number>, j: number) => Array.from({ length: rows }, (_, i) => of[i * columns + j]);
      const distinct = Array.from({ length: columns }, (_, j) => new Set(column(input, j)).size);
      const spread = (j: number) => Math.max(...column(input, j)) - Math.min(...column(input, j));
      fc.pre(distinct.every((count, j) => count === 1 || spread(j) > 1e-3));
      const results = precisions.flatMap((precision) =>
        [wasm, reference].map((backend) => ({ precision, value: standardized(backend, precision, input, columns) })),
      );
      for (let j = 0; j < columns; j++) {
        for (const { precision, value: actual } of results) {
          const standard = column(actual, j);
          if (distinct[j] === 1) {
            expect(standard.every(Number.isNaN)).toBe(true);
            continue;
          }
          const tolerance = precision === 'f64' ? 1e-9 : 1e-4;
          const mean = standard.reduce((a, b) => a + b, 0) / rows;
          expect(Math.abs(mean)).toBeLessThan(tolerance);
          expect(Math.abs(standard.reduce((a, b) => a + (b - mean) ** 2, 0) / (rows - 1) - 1)).toBeLessThan(tolerance);
        }
      }
      if (distinct.every((count) => count > 1)) {
        expectClose(results[0].value, results[1].value, 2e-6, 'f32');
        expectClose(results[2].value, results[3].value, 1e-13, 'f64');
      }
    }),
  );
});
