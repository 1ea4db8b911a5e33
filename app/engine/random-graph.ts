/** Random small networks for property tests. */
import { stream } from '#app/numerics/random.ts';
import fc from 'fast-check';
import {
  accuracy,
  adamw,
  add,
  addBias,
  addPositions,
  affine,
  attention,
  batchTopK,
  clipNorm,
  clipValue,
  compile,
  concat,
  gather,
  gelu,
  Graph,
  grokfast,
  halfLogSquaredError,
  hessianVectorProduct,
  layerNorm,
  matmul,
  mean,
  multiply,
  norm,
  pinNorm,
  relu,
  repeatRow,
  reshape,
  scale,
  scaleColumns,
  scaleRows,
  Schedule,
  sequence,
  sgd,
  sigmoid,
  silu,
  sliceColumns,
  softmax,
  softmaxCrossEntropy,
  squaredError,
  stableMaxCrossEntropy,
  subtract,
  sum,
  sumColumns,
  tanh,
  timeSteps,
  topK,
  transpose,
  unroll,
  type CompileOptions,
  type Optimizer,
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
  /** Which kind of rows enter, by number: see `inputs` in `buildNetwork`. */
  readonly input: number;
  /** True if the label of a row follows from what enters, so that rows can be equal. */
  readonly lawful: boolean;
  readonly layers: readonly { readonly op: number; readonly size: number; readonly pick: number }[];
  readonly loss: number;
  readonly momentum: boolean;
  readonly freeze: boolean;
  readonly seed: number;
  /** What else happens to gradients and parameters, by number: see `optimizerOf`. */
  readonly rule?: number;
  /** True for an evaluation `curvature` with the results `H <parameter>` of a Hessian-vector product. */
  readonly curvature?: boolean;
}

const size = fc.integer({ min: 1, max: 21 });

const common = {
  tokens: fc.integer({ min: 1, max: 9 }),
  width: size,
  rows: fc.oneof(size, fc.constantFrom(16, 64, 70)),
  input: fc.nat(6),
  lawful: fc.boolean(),
  momentum: fc.boolean(),
  freeze: fc.boolean(),
  seed: fc.nat(999),
};

const layers = (ops: number): fc.Arbitrary<NetworkPlan['layers']> =>
  fc.array(fc.record({ op: fc.nat(ops - 1), size, pick: fc.nat(99) }), { maxLength: 9 });

/** Networks of layers, embeddings and element-wise ops. */
export const networkPlans: fc.Arbitrary<NetworkPlan> = fc.record({ ...common, layers: layers(14), loss: fc.nat(3) });

/** Networks of all ops, with any losses and update rules. */
export const widePlans: fc.Arbitrary<NetworkPlan> = fc.record({
  ...common,
  layers: layers(26),
  loss: fc.nat(5),
  rule: fc.nat(3),
  curvature: fc.boolean(),
});

/** Compiles the network of a plan. */
export function buildNetwork(plan: NetworkPlan, precision: Precision, passes: CompileOptions['passes'] = {}): Program {
  const random = stream(plan.seed, 'data');
  const graph = new Graph();
  const numbers = (count: number): number[] => Array.from({ length: count }, () => random.normal());
  const below = (count: number, limit: number): number[] => Array.from({ length: count }, () => random.below(limit));
  let name = 0;
  const parameter = (...shape: number[]): Tensor =>
    graph.parameter(`w${name++}`, shape, { group: shape.length === 1 ? 'biases' : 'default' });
  const table = () => graph.parameter('table', [plan.tokens, plan.width], { trainable: !plan.freeze });
  const { tokens, width } = plan;
  const kinds = [below(plan.rows, tokens), below(plan.rows, tokens)];
  const [first, second] = kinds.map((kind) => graph.indices(kind, tokens));
  // Sparse data with columns that are zero throughout, a row for each token.
  const sparse = () => {
    const alive = Array.from({ length: width }, () => random.uniform() < 0.6);
    return Array.from({ length: tokens * width }, (_, at) => (alive[at % width] && random.uniform() < 0.4 ? random.normal() : 0));
  };
  const period = 1 + (plan.seed % 3);
  const slots = below(plan.rows * period, tokens);
  const stepwise = plan.input === 6;
  const inputs = [
    () => gather(table(), first),
    () => {
      const rows = table();
      return concat([gather(rows, first), gather(rows, second)]);
    },
    () => {
      const rows = table();
      return add(gather(rows, first), gather(rows, second));
    },
    () => {
      const [rows, others] = [table(), parameter(tokens, width)];
      const sum = addBias(subtract(scale(gather(rows, first), 0.5), gather(others, second)), parameter(width));
      return concat([sum, gather(others, first), scale(add(sum, gather(rows, second)), 2)]);
    },
    () => {
      const data = sparse();
      return graph.constant(
        kinds[0].flatMap((kind) => data.slice(kind * width, (kind + 1) * width)),
        [plan.rows, width],
      );
    },
    () => gather(graph.constant(sparse(), [tokens, width]), first),
    () => gather(graph.constant(sparse(), [tokens, width]), graph.batches(slots, plan.rows, tokens)),
  ];
  let x = inputs[plan.input]();
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
      // So large an epsilon that rows of nearly equal numbers are not blown up to their rounding errors.
      () => layerNorm(x, parameter(columns), parameter(columns), 0.1),
      () => softmax(x, { causal: rows === columns && pick % 2 === 0 }),
      () => {
        // Numbers of its own, since what is equal by symmetry only, up to rounding, is chosen differently by different roundings.
        const numbers = matmul(x, parameter(columns, size));
        return pick % 2 === 0 ? topK(numbers, 1 + (pick % size)) : batchTopK(numbers, 1 + (pick % size));
      },
      () => {
        const [length, heads] = [divisor(rows, pick), divisor(columns, pick + 1)];
        const [q, k] = [0, 1].map(() => scale(matmul(x, parameter(columns, columns)), 1 / Math.sqrt(columns)));
        return attention(q, k, other, { length, heads, causal: pick % 3 > 0 });
      },
      () => scaleColumns(x, parameter(columns)),
      () => scaleRows(x, parameter(rows)),
      () => sliceColumns(x, pick % columns, 1 + ((pick * size) % (columns - (pick % columns)))),
      () => affine(x, -0.5, 0.25),
      () => scale(scaleRows(x, sumColumns(tanh(other))), 1 / columns),
      () => add(x, repeatRow(parameter(columns), rows)),
      () => addPositions(x, parameter(divisor(rows, pick), columns)),
      () => {
        // Sequences of two steps where the rows allow it: one cell, used at each.
        const steps = timeSteps(reshape(x, [rows / divisor(rows, pick), divisor(rows, pick), columns])).slice(0, 2);
        const cell = parameter(2 * columns, columns);
        const states = unroll(steps, scale(steps[0], 0.5), (h, input) => tanh(scale(matmul(concat([h, input]), cell), 0.7)));
        return states[states.length - 1];
      },
    ][op]();
    seen.push(x);
  }
  const [rows, columns] = x.shape;
  // A last layer makes sure that something can be trained, and its size that logits stay small.
  const last = scale(addBias(matmul(x, parameter(columns, 5)), parameter(5)), 0.3);
  const law = (row: number): number => (plan.input === 0 || plan.input > 3 ? kinds[0][row] : kinds[0][row] + kinds[1][row]) % 5;
  const chance = graph.indices(below(rows, 5), 5);
  const lawful = plan.lawful && rows === plan.rows;
  const whole = graph.indices(
    Array.from({ length: rows }, (_, row) => (lawful ? law(row) : chance.values[row])),
    5,
  );
  const labels =
    stepwise && lawful
      ? graph.batches(
          slots.map((slot) => slot % 5),
          rows,
          5,
        )
      : whole;
  const targets = numbers(rows * 5).map((value, at) => (lawful ? Math.cos(law(Math.floor(at / 5)) + (at % 5)) : value));
  const loss = [
    () => softmaxCrossEntropy(last, labels),
    () => squaredError(last, graph.constant(targets, [rows, 5])),
    () => mean(multiply(last, last)),
    () => scale(sum(tanh(last)), 1 / rows),
    () => halfLogSquaredError(last, graph.constant(targets, [rows, 5])),
    () => stableMaxCrossEntropy(last, labels),
  ][plan.loss]();
  // StableMax has no second derivative.
  const curvature: CompileOptions['results'] = plan.curvature && plan.loss !== 5 ? { curvature: curvatureOf(loss) } : {};
  return compile({
    graph,
    precision,
    loss,
    passes,
    results: curvature,
    optimizer: optimizerOf(plan),
    trainOutputs: { loss, accuracy: accuracy(last, labels), norm: norm(graph.parameters) },
    evaluations: { now: { loss, norm: norm(graph.parameters) } },
  });
}

function optimizerOf({ momentum, rule = 0 }: NetworkPlan): Optimizer {
  const learningRate = rule === 1 ? Schedule.linear(0.001, 0.01, 2).then(Schedule.cosine(0.01, 0.005, 2)) : 0.01;
  const step = momentum
    ? sgd({ learningRate, momentum: 0.5, weightDecay: 0.1 })
    : adamw({ learningRate, groups: { biases: { weightDecay: 0 } } });
  return [
    () => step,
    () => sequence(clipNorm({ maximum: 0.5 }), step),
    () => sequence(grokfast(), clipValue({ limit: 0.1 }), step),
    () => sequence(step, pinNorm({ norm: 4, groups: ['default'] })),
  ][rule]();
}

/** H v by parameter, for vectors v that are frozen parameters. */
function curvatureOf(loss: Tensor): Record<string, Tensor> {
  const parameters = loss.graph.parameters.filter(({ parameter }) => parameter.trainable);
  const vectors = parameters.map(({ shape, parameter }) => loss.graph.parameter(`v ${parameter.name}`, shape, { trainable: false }));
  const products = hessianVectorProduct(loss, parameters, vectors);
  return Object.fromEntries(products.map((product, index) => [`H ${parameters[index].parameter.name}`, product]));
}

/** One of the divisors of a number. */
function divisor(of: number, pick: number): number {
  const all = Array.from({ length: of }, (_, i) => i + 1).filter((candidate) => of % candidate === 0);
  return all[pick % all.length];
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
