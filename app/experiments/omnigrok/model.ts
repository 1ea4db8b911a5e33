/**
 * Any network of a task as a program: all its parameters begin at alpha times their usual values, and may be held at one norm
 * (Liu, Michaud, Tegmark 2023).
 */
import type { DatasetSource } from '#app/datasets/dataset.ts';
import { gradients } from '#app/engine/autodiff.ts';
import {
  accuracy,
  adam,
  adamw,
  compile,
  fractionBelow,
  gather,
  Graph,
  grokfast,
  multiply,
  nearestAccuracy,
  norm,
  perpendicular,
  pinNorm,
  add,
  scale,
  Schedule,
  sequence,
  sgd,
  softmaxCrossEntropy,
  squaredError,
  stableMaxCrossEntropy,
  subtract,
  sum,
  sumColumns,
} from '#app/engine/index.ts';
import type { Indices, Optimizer, Program, Tensor } from '#app/engine/index.ts';
import { stream } from '#app/numerics/random.ts';
import type { OmnigrokParameters } from './parameters.ts';
import { inputOf, type Batches, type Network, type Samples, type Task, type TaskTarget } from './tasks/task.ts';
import { taskOf } from './tasks/index.ts';

/** A task with what its parameters make of it. */
export interface Model {
  readonly task: Task;
  readonly network: Network;
  readonly objective: 'mse' | 'cross-entropy' | 'stablemax';
  readonly batches: Batches | null;
}

/** @throws LotkaError if the task needs a dataset that is not there or does not fit */
export function modelOf(parameters: OmnigrokParameters, datasets: DatasetSource): Model {
  const task = taskOf(parameters, datasets);
  const objective = parameters.objective === 'task' ? task.objective : parameters.objective;
  return { task, objective, network: task.network(outputsOf(task.target, objective)), batches: batchesOf(parameters, task.train.rows) };
}

const outputsOf = (target: TaskTarget, objective: Model['objective']): number =>
  target.kind === 'number' ? target.width : objective === 'mse' && target.templates ? target.templates.width : target.classes;

/** Numbers that the lists of all batches hold together at most. */
const mostListed = 2 ** 17;

/**
 * Which training samples each step uses: drawn without replacement, independently for each step; after as many steps as 2^17 numbers
 * give lists, the lists begin anew. Null if a batch holds all.
 */
export function batchesOf(
  { batchSize, batchSeed, steps }: Pick<OmnigrokParameters, 'batchSize' | 'batchSeed' | 'steps'>,
  rows: number,
): Batches | null {
  if (batchSize === 0 || batchSize >= rows) return null;
  const random = stream(batchSeed, 'batches');
  const period = Math.max(1, Math.min(steps, Math.floor(mostListed / batchSize)));
  const lists = new Int32Array(period * batchSize);
  for (let at = 0; at < lists.length; at += batchSize) lists.set(random.subset(rows, batchSize), at);
  return { size: batchSize, lists };
}

/** Prefix of the frozen copies of initial parameters that a lazy network is compared with. */
const frozen = 'initial.';

/**
 * Initial values, drawn in the order of the network's tensors and multiplied by alpha; a lazy network has them once more, frozen.
 * Rounded to the run's precision.
 */
export function initialValues(parameters: OmnigrokParameters, { network }: Model): Record<string, Float64Array> {
  const { networkSeed, initialScale, precision, laziness } = parameters;
  const random = stream(networkSeed, 'network');
  const values: Record<string, Float64Array> = {};
  for (const { name, draw } of network.tensors) {
    const scaled = draw(random).map((value) => initialScale * value);
    values[name] = precision === 'f32' ? scaled.map(Math.fround) : scaled;
  }
  if (laziness > 0) for (const { name } of network.tensors) values[frozen + name] = values[name];
  return values;
}

/** Euclidean norm of all trainable parameters. */
export function normOf(values: Readonly<Record<string, ArrayLike<number>>>, { network }: Model): number {
  let squares = 0;
  for (const { name } of network.tensors) {
    const tensor = values[name];
    for (let i = 0; i < tensor.length; i += 1) squares += tensor[i] * tensor[i];
  }
  return Math.sqrt(squares);
}

/**
 * The training program. A step measures `loss` (of its batch) and `norm`, and over all training samples, where those are the batch,
 * `accuracy`. Evaluations: `step` the same, `train` and `test` loss and accuracy over all samples, of classes under cross-entropy `weights`:
 * `descent`, the product of the loss's negative gradient and the parameters, and `gradientNorm`; and the result `trainOutput`.
 * @param held norm that a pinned network is held at, above 0
 */
export function omnigrokProgram(parameters: OmnigrokParameters, model: Model, held: number): Program {
  const { precision, laziness, temperature, correctBelow } = parameters;
  const { task, network, objective, batches } = model;
  const graph = new Graph();
  const trained = new Map(network.tensors.map(({ name, shape }) => [name, graph.parameter(name, shape)]));
  const start = new Map(
    laziness > 0 ? network.tensors.map(({ name, shape }) => [name, graph.parameter(frozen + name, shape, { trainable: false })]) : [],
  );
  const targets = targetsOf(graph, task.target, objective, correctBelow);

  const side = (samples: Samples, drawn: Batches | null) => {
    const input = inputOf(graph, samples, drawn);
    const plain = network.apply((name) => trained.get(name)!, input);
    const lazy =
      laziness > 0
        ? scale(
            subtract(
              plain,
              network.apply((name) => start.get(name)!, input),
            ),
            laziness,
          )
        : plain;
    const output = temperature === 1 ? lazy : scale(lazy, 1 / temperature);
    return { output, ...targets(output, samples, drawn) };
  };
  const onTrain = side(task.train, null);
  const onTest = side(task.test, null);
  const fitted = batches ? side(task.train, batches) : onTrain;
  const train = { loss: onTrain.loss, accuracy: onTrain.accuracy };
  const size = norm([...trained.values()]);
  const step = batches ? { loss: fitted.loss, norm: size } : { ...train, norm: size };
  return compile({
    graph,
    precision,
    loss: fitted.loss,
    trainOutputs: step,
    evaluations: {
      step,
      train,
      test: { loss: onTest.loss, accuracy: onTest.accuracy },
      ...(objective === 'mse' ? {} : { weights: alongWeights(onTrain.loss) }),
    },
    results: objective === 'mse' ? {} : { weights: { trainOutput: onTrain.output } },
    optimizer: optimizerOf(parameters, held),
  });
}

/** Loss and accuracy of outputs. */
function targetsOf(graph: Graph, target: TaskTarget, objective: Model['objective'], correctBelow: number) {
  const listed = (drawn: Batches | null, values: Int32Array, limit: number): Indices =>
    drawn
      ? graph.batches(
          drawn.lists.map((sample) => values[sample]),
          drawn.size,
          limit,
        )
      : graph.indices(values, limit);
  if (target.kind === 'number') {
    return (output: Tensor, { rows, values }: Samples, drawn: Batches | null) => {
      const all = graph.constant(values!, [rows, target.width]);
      const wanted = drawn ? gather(all, graph.batches(drawn.lists, drawn.size, rows)) : all;
      const difference = subtract(output, wanted);
      return {
        loss: squaredError(output, wanted),
        accuracy: fractionBelow(scale(sumColumns(multiply(difference, difference)), 1 / target.width), correctBelow),
      };
    };
  }
  const { classes, templates } = target;
  if (objective !== 'mse') {
    const lossOf = objective === 'stablemax' ? stableMaxCrossEntropy : softmaxCrossEntropy;
    return (output: Tensor, { labels }: Samples, drawn: Batches | null) => {
      const expected = listed(drawn, labels!, classes);
      return { loss: lossOf(output, expected), accuracy: accuracy(output, expected) };
    };
  }
  const vectors = templates
    ? graph.constant(templates.values, [classes, templates.width])
    : graph.constant(
        Float64Array.from({ length: classes * classes }, (_, i) => (i % (classes + 1) === 0 ? 1 : 0)),
        [classes, classes],
      );
  return (output: Tensor, { labels }: Samples, drawn: Batches | null) => {
    const expected = listed(drawn, labels!, classes);
    // The nearest of one-hot vectors is that of the largest output.
    const right = templates ? nearestAccuracy(output, vectors, expected) : accuracy(output, expected);
    return { loss: squaredError(output, gather(vectors, expected)), accuracy: right };
  };
}

/** How the loss falls along the parameters themselves. */
function alongWeights(loss: Tensor): Record<string, Tensor> {
  const slopes = [...gradients(loss)];
  const products = slopes.map(([parameter, slope]) => sum(multiply(parameter, slope)));
  return { descent: scale(products.reduce(add), -1), gradientNorm: norm(slopes.map(([, slope]) => slope)) };
}

function optimizerOf(parameters: OmnigrokParameters, held: number): Optimizer {
  const { gradientTransform, grokfastDecay, grokfastStrength, secondMomentDecay, weightDecay } = parameters;
  const learningRate = rateOf(parameters);
  const settings = { learningRate, weightDecay };
  const rule = {
    adamw: () => adamw({ ...settings, beta2: secondMomentDecay }),
    adam: () => adam({ ...settings, beta2: secondMomentDecay }),
    sgd: () => sgd(settings),
  }[parameters.optimizer]();
  const before = {
    none: [],
    perpendicular: [perpendicular()],
    grokfast: [grokfast({ alpha: grokfastDecay, gain: grokfastStrength })],
  }[gradientTransform];
  const parts = [...before, rule, ...(parameters.pinNorm ? [pinNorm({ norm: held })] : [])];
  return parts.length === 1 ? rule : sequence(...parts);
}

/** Factor of the learning rate where it drops. */
const drop = 0.2;

function rateOf({ learningRate, rateDropEvery, steps }: OmnigrokParameters): number | Schedule {
  const drops = rateDropEvery > 0 ? Math.floor((steps - 1) / rateDropEvery) : 0;
  return drops > 0 ? Schedule.staircase(learningRate, drop, rateDropEvery, drops) : learningRate;
}
