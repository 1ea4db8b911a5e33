import { readFileSync } from 'node:fs';
import { stream } from '#app/numerics/random.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accuracy, adamw, compile, gather, Graph, matmul, referenceBackend, softmaxCrossEntropy, wasmBackend } from './index.ts';
import type { Backend, Checkpoint, Precision, Program } from './index.ts';

const backends = [referenceBackend(), wasmBackend(readFileSync('dist/kernels/kernels.wasm'))];

interface Plan {
  readonly rows: number;
  readonly count: number;
  readonly period: number;
  readonly seed: number;
}

const plans = fc.record({
  rows: fc.integer({ min: 1, max: 12 }),
  count: fc.integer({ min: 1, max: 9 }),
  period: fc.integer({ min: 1, max: 5 }),
  seed: fc.nat(999),
});

const CLASSES = 4;

/** Rows of a trained table, through a layer, against labels; the rows and labels are those of `lists`. */
function program({ rows, count, seed }: Plan, lists: readonly number[], precision: Precision): Program {
  const graph = new Graph();
  const random = stream(seed, 'labels');
  const label = Array.from({ length: rows }, () => random.below(CLASSES));
  const logits = matmul(
    gather(graph.parameter('table', [rows, 3]), graph.batches(lists, count, rows)),
    graph.parameter('weight', [3, CLASSES]),
  );
  const labels = graph.batches(
    lists.map((row) => label[row]),
    count,
    CLASSES,
  );
  const loss = softmaxCrossEntropy(logits, labels);
  return compile({
    graph,
    precision,
    loss,
    trainOutputs: { loss },
    evaluations: { next: { loss, accuracy: accuracy(logits, labels) } },
    optimizer: adamw({ learningRate: 0.05 }),
    // A single list may repeat rows or name few, which these passes would use and so round otherwise.
    passes: { duplicates: false, tables: false },
  });
}

function listsOf({ rows, count, period, seed }: Plan): number[] {
  const random = stream(seed, 'lists');
  return Array.from({ length: count * period }, () => random.below(rows));
}

function start(backend: Backend, compiled: Program, checkpoint: Checkpoint | null) {
  const session = backend.open(compiled);
  for (const { name, size } of session.info.parameters) {
    const random = stream(3, name);
    session.write(
      name,
      Float64Array.from({ length: size }, () => Math.fround(random.normal())),
    );
  }
  if (checkpoint) session.restore(checkpoint);
  return session;
}

describe.each(backends)('mini-batches on $name', (backend) => {
  test('each step trains on its own list: the same bits as one program a list', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const lists = listsOf(plan);
        const together = start(backend, program(plan, lists, 'f64'), null);
        let checkpoint: Checkpoint | null = null;
        for (let step = 0; step < 2 * plan.period + 1; step++) {
          const slot = step % plan.period;
          const alone = start(backend, program(plan, lists.slice(slot * plan.count, (slot + 1) * plan.count), 'f64'), checkpoint);
          expect(together.evaluate('next')).toEqual(alone.evaluate('next'));
          together.run(1);
          alone.run(1);
          expect(together.trainOutputs()).toEqual(alone.trainOutputs());
          checkpoint = alone.checkpoint();
          expect(together.checkpoint()).toEqual(checkpoint);
        }
      }),
      { numRuns: 40 },
    );
  });
});

test('lists that are not whole, and numbers out of range, are refused', () => {
  const graph = new Graph();
  expect(() => graph.batches([0, 1, 2], 2, 3)).toThrow('3 indices cannot be divided into lists of 2; give whole lists.');
  expect(() => graph.batches([0, 3], 1, 3)).toThrow('Index 3 at position 1 must be a whole number in 0..2.');
});
