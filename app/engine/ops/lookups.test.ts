import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stream } from '#app/numerics/random.ts';
import { add, addBias, compile, gather, Graph, mean, multiply, referenceBackend, sgd, wasmBackend } from '../index.ts';
import type { Precision, Program, Session } from '../index.ts';

const backends = [referenceBackend(), wasmBackend(readFileSync('dist/kernels/kernels.wasm'))];

const plans = fc.record({
  limits: fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 })),
  rows: fc.integer({ min: 1, max: 9 }),
  period: fc.integer({ min: 1, max: 3 }),
  columns: fc.integer({ min: 1, max: 19 }),
  bias: fc.boolean(),
  precision: fc.constantFrom<Precision>('f32', 'f64'),
  seed: fc.nat(999),
});

function program(plan: typeof plans extends fc.Arbitrary<infer P> ? P : never, fusion: boolean): Program {
  const graph = new Graph();
  const random = stream(plan.seed, 'rows');
  const [first, second] = plan.limits.map((limit, i) => {
    const rows = Array.from({ length: plan.rows * plan.period }, () => random.below(limit));
    return gather(graph.parameter(`table${i}`, [limit, plan.columns]), graph.batches(rows, plan.rows, limit));
  });
  const sum = add(first, second);
  const y = plan.bias ? addBias(sum, graph.parameter('bias', [plan.columns])) : sum;
  const loss = mean(multiply(y, y));
  return compile({
    graph,
    precision: plan.precision,
    loss,
    passes: { fusion },
    trainOutputs: { loss },
    optimizer: sgd({ learningRate: 0.1 }),
  });
}

function begin(session: Session): Session {
  for (const { name, size } of session.info.parameters) {
    const random = stream(5, name);
    session.write(
      name,
      Float64Array.from({ length: size }, () => Math.fround(random.normal())),
    );
  }
  return session;
}

test.each(backends)('sums of looked-up rows have the bits of the operations they stand for, on $name', (backend) => {
  fc.assert(
    fc.property(plans, (plan) => {
      const [fused, plain] = [true, false].map((fusion) => begin(backend.open(program(plan, fusion))));
      for (let step = 0; step < 4; step++) {
        fused.run(1);
        plain.run(1);
        expect(fused.trainOutputs()).toEqual(plain.trainOutputs());
      }
      expect(fused.checkpoint()).toEqual(plain.checkpoint());
    }),
  );
});

test('two gathered tables and a bias are one operation', () => {
  const names = program({ limits: [4, 5], rows: 6, period: 1, columns: 3, bias: true, precision: 'f32', seed: 1 }, true).train.steps.map(
    ({ operation }) => operation.name,
  );
  expect(names).toContain('lookups');
  expect(names).not.toContain('gather');
  expect(names).not.toContain('addBias');
});
