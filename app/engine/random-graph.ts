/** Random small networks for property tests. */
import { stream } from '#app/numerics/random.ts';
import fc from 'fast-check';
import {
  accuracy,
  adamw,
  add,
  addBias,
  compile,
  concat,
  gather,
  gelu,
  Graph,
  matmul,
  mean,
  multiply,
  norm,
  relu,
  reshape,
  scale,
  sgd,
  sigmoid,
  silu,
  softmaxCrossEntropy,
  squaredError,
  subtract,
  sum,
  tanh,
  transpose,
  type Precision,
  type Program,
  type Session,
  type Tensor,
} from './index.ts';

/** A random network: sizes, the ops between table and loss, and what to do with the rest. Plain data, so that it shrinks well. */
export interface NetworkPlan {
  readonly tokens: number;
  readonly width: number;
  readonly rows: number;
  readonly layers: readonly { readonly op: number; readonly size: number; readonly pick: number }[];
  readonly loss: number;
  readonly momentum: boolean;
  readonly freeze: boolean;
  readonly seed: number;
}

const size = fc.integer({ min: 1, max: 21 });

export const networkPlans: fc.Arbitrary<NetworkPlan> = fc.record({
  tokens: fc.integer({ min: 1, max: 9 }),
  width: size,
  rows: fc.oneof(size, fc.constantFrom(16, 64, 70)),
  layers: fc.array(fc.record({ op: fc.nat(13), size, pick: fc.nat(99) }), { maxLength: 9 }),
  loss: fc.nat(3),
  momentum: fc.boolean(),
  freeze: fc.boolean(),
  seed: fc.nat(999),
});

/** Compiles the network of a plan. */
export function buildNetwork(plan: NetworkPlan, precision: Precision, fusion = true): Program {
  const random = stream(plan.seed, 'data');
  const graph = new Graph();
  const numbers = (count: number): number[] => Array.from({ length: count }, () => random.normal());
  const below = (count: number, limit: number): number[] => Array.from({ length: count }, () => random.below(limit));
  let name = 0;
  const parameter = (...shape: number[]): Tensor =>
    graph.parameter(`w${name++}`, shape, { group: shape.length === 1 ? 'biases' : 'default' });
  const table = graph.parameter('table', [plan.tokens, plan.width], { trainable: !plan.freeze });
  let x = gather(table, graph.indices(below(plan.rows, plan.tokens), plan.tokens));
  const seen: Tensor[] = [x];
  for (const { op, size, pick } of plan.layers) {
    const [rows, columns] = x.shape;
    const alike = seen.filter((other) => other.shape[0] === rows && other.shape[1] === columns);
    const other = alike[pick % alike.length];
    const level = seen.filter((candidate) => candidate.shape[0] === rows);
    x = [
      () => scale(matmul(x, parameter(columns, size)), 1 / Math.sqrt(columns)),
      () => matmul(x, parameter(size, columns), { transposeB: true }),
      () => matmul(parameter(rows, size), x, { transposeA: true }),
      () => addBias(matmul(x, parameter(columns, size)), parameter(size)),
      () => addBias(x, parameter(columns)),
      () => silu(x),
      () => tanh(x),
      () => relu(x),
      () => gelu(x),
      () => add(x, other),
      () => subtract(x, scale(other, 0.5)),
      () => multiply(sigmoid(x), other),
      () => (columns > 60 ? x : concat([x, level[pick % level.length]])),
      () => (pick % 2 === 0 ? transpose(x) : reshape(x, [columns, rows])),
    ][op]();
    seen.push(x);
  }
  const [rows, columns] = x.shape;
  // A last layer makes sure that something can be trained, and its size that logits stay small.
  const last = scale(addBias(matmul(x, parameter(columns, 5)), parameter(5)), 0.3);
  const labels = graph.indices(below(rows, 5), 5);
  const loss = [
    () => softmaxCrossEntropy(last, labels),
    () => squaredError(last, graph.constant(numbers(rows * 5), [rows, 5])),
    () => mean(multiply(last, last)),
    () => scale(sum(tanh(last)), 1 / rows),
  ][plan.loss]();
  const optimizer = plan.momentum
    ? sgd({ learningRate: 0.01, momentum: 0.5, weightDecay: 0.1 })
    : adamw({ learningRate: 0.01, groups: { biases: { weightDecay: 0 } } });
  return compile({
    graph,
    precision,
    loss,
    fusion,
    optimizer,
    trainOutputs: { loss, accuracy: accuracy(last, labels), norm: norm(graph.parameters) },
    evaluations: { now: { loss, norm: norm(graph.parameters) } },
  });
}

/** Writes initial values that depend on the plan's seed only. */
export function initialise(session: Session, { seed }: NetworkPlan): void {
  for (const { name, shape, size } of session.info.parameters) {
    const random = stream(seed, name);
    const spread = name === 'table' ? 1 : 1 / Math.sqrt(shape[0]);
    session.write(
      name,
      Float64Array.from({ length: size }, () => Math.fround(spread * random.normal())),
    );
  }
}
