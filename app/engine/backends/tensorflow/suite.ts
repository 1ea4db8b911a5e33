/** The tests of the TensorFlow backend, for whichever build of TensorFlow.js is at hand. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stream } from '#app/numerics/random.ts';
import * as engine from '../../index.ts';
import type { Backend, Graph, Program, Session, Tensor } from '../../index.ts';
import { affine } from '../../ops/affine.ts';
import { batchedMatmul } from '../../ops/batchedMatmul.ts';
import { halfLogSquaredError } from '../../ops/halfLogSquaredError.ts';
import { roundingAccuracy } from '../../ops/roundingAccuracy.ts';
import { normalizeRows } from '../../ops/normalizeRows.ts';
import { repeatRow } from '../../ops/repeatRow.ts';
import { scaleColumns } from '../../ops/scaleColumns.ts';
import { scaleRows } from '../../ops/scaleRows.ts';
import { sliceColumns } from '../../ops/sliceColumns.ts';
import { softmax } from '../../ops/softmax.ts';
import { stableMaxCrossEntropy } from '../../ops/stableMaxCrossEntropy.ts';
import { sumColumns } from '../../ops/sumColumns.ts';
import { swapMiddle } from '../../ops/swapMiddle.ts';
import { batchTopK, topK } from '../../ops/topK.ts';
import { buildNetwork, initialise, networkPlans } from '../../random-graph.ts';
import { schedule } from '../../schedule.ts';
import { drawArguments, expectClose, runOp, type OpCase } from '../../testing.ts';
import type { TensorFlow } from './interface.ts';
import { kernels } from './runner.ts';
import { tensorflowBackend } from '../tensorflow.ts';

const { adamw, compile, matmul, referenceBackend, sgd, sum, wasmBackend } = engine;

const labels = [2, 0, 6, 6, 3];
const rows = [3, 0, 3, 3, 5, 1, 0];
const counts = [1, 3, 2, 1, 5];
const matrices = (...shapes: number[][]): number[][] => shapes;

/** Ops with a gradient: [name, shapes of the inputs, op]. */
const differentiable: readonly (readonly [string, number[][], OpCase['build']])[] = [
  ['matmul', matrices([5, 7], [7, 9]), ([a, b]) => matmul(a, b)],
  ['matmul, left transposed', matrices([7, 5], [7, 9]), ([a, b]) => matmul(a, b, { transposeA: true })],
  ['matmul, right transposed', matrices([5, 7], [9, 7]), ([a, b]) => matmul(a, b, { transposeB: true })],
  ['add', matrices([3, 5], [3, 5]), ([a, b]) => engine.add(a, b)],
  ['subtract', matrices([3, 5], [3, 5]), ([a, b]) => engine.subtract(a, b)],
  ['multiply', matrices([3, 5], [3, 5]), ([a, b]) => engine.multiply(a, b)],
  ['scale', matrices([3, 5]), ([x]) => engine.scale(x, -1.5)],
  ['affine', matrices([3, 5]), ([x]) => affine(x, -1.5, 0.25)],
  ['addBias', matrices([6, 5], [5]), ([x, b]) => engine.addBias(x, b)],
  ['scaleColumns', matrices([6, 5], [5]), ([x, f]) => scaleColumns(x, f)],
  ['scaleRows', matrices([6, 5], [6]), ([x, f]) => scaleRows(x, f)],
  ['concat', matrices([4, 3], [4, 1], [4, 6]), (parts) => engine.concat(parts)],
  ['sliceColumns', matrices([4, 7]), ([x]) => sliceColumns(x, 2, 3)],
  ['gather', matrices([6, 5]), ([table], graph) => engine.gather(table, graph.indices(rows, 6))],
  ['silu', matrices([6, 7]), ([x]) => engine.silu(x)],
  ['relu', matrices([6, 7]), ([x]) => engine.relu(x)],
  ['tanh', matrices([6, 7]), ([x]) => engine.tanh(x)],
  ['sigmoid', matrices([6, 7]), ([x]) => engine.sigmoid(x)],
  ['gelu', matrices([6, 7]), ([x]) => engine.gelu(x)],
  ['sum', matrices([3, 5]), ([x]) => sum(x)],
  ['mean', matrices([3, 5]), ([x]) => engine.mean(x)],
  ['weighted sum', matrices([5, 3]), ([x], graph) => sum(x, graph.constant(counts, [5]))],
  ['weighted mean', matrices([5, 3]), ([x], graph) => engine.mean(x, graph.constant(counts, [5]))],
  ['weighted sum of a vector', matrices([5]), ([x], graph) => sum(x, graph.constant(counts, [5]))],
  ['sumColumns', matrices([6, 4]), ([x]) => sumColumns(x)],
  ['repeatRow', matrices([4]), ([x]) => repeatRow(x, 3)],
  ['squaredError', matrices([5, 3], [5, 3]), ([a, b]) => engine.squaredError(a, b)],
  ['stableMaxCrossEntropy', matrices([5, 7]), ([z], graph) => stableMaxCrossEntropy(z, graph.indices(labels, 7))],
  ['weighted squaredError', matrices([5, 3], [5, 3]), ([a, b], graph) => engine.squaredError(a, b, graph.constant(counts, [5]))],
  ['halfLogSquaredError', matrices([5, 3], [5, 3]), ([a, b]) => halfLogSquaredError(a, b)],
  ['softmaxCrossEntropy', matrices([5, 7]), ([z], graph) => engine.softmaxCrossEntropy(z, graph.indices(labels, 7))],
  [
    'weighted softmaxCrossEntropy',
    matrices([5, 7]),
    ([z], graph) => engine.softmaxCrossEntropy(z, graph.indices(labels, 7), graph.constant(counts, [5])),
  ],
  ['batchedMatmul', matrices([3, 2, 4], [3, 4, 5]), ([a, b]) => batchedMatmul(a, b)],
  ['batchedMatmul, right transposed', matrices([3, 2, 4], [3, 5, 4]), ([a, b]) => batchedMatmul(a, b, { transposeB: true })],
  ['softmax', matrices([4, 5]), ([x]) => softmax(x)],
  ['causal softmax', matrices([2, 4, 4]), ([x]) => softmax(x, { causal: true })],
  ['normalizeRows', matrices([4, 5]), ([x]) => normalizeRows(x, 1e-5)],
  ['topK', matrices([4, 7]), ([x]) => topK(x, 3)],
  ['batchTopK', matrices([4, 7]), ([x]) => batchTopK(x, 2)],
  ['transpose', matrices([3, 5]), ([x]) => engine.transpose(x)],
  ['swapMiddle', matrices([2, 3, 4, 5]), ([x]) => swapMiddle(x)],
  ['reshape', matrices([3, 8]), ([x]) => engine.reshape(x, [4, 6])],
];

type Telling = readonly [name: string, inputs: number[][], op: (tensors: Tensor[], graph: Graph) => Tensor, values?: number[][]];

/** Ops that only tell something. */
const telling: readonly Telling[] = [
  ['accuracy', matrices([5, 7]), ([z], graph) => engine.accuracy(z, graph.indices(labels, 7))],
  [
    'weighted accuracy',
    matrices([5, 7]),
    ([z], graph) => engine.accuracy(z, graph.indices([2, 0, 1, 1, 3], 7), graph.constant(counts, [5])),
  ],
  [
    'accuracy where numbers are missing, equal or without end',
    matrices([6, 3]),
    ([z], graph) => engine.accuracy(z, graph.indices([0, 0, 1, 0, 1, 2], 3)),
    [[NaN, NaN, NaN, 2, 2, 1, 2, 2, 1, NaN, 1, 0, NaN, 1, 0, -Infinity, -Infinity, Infinity]],
  ],
  ['norm', matrices([5, 7], [3], []), (tensors) => engine.norm(tensors)],
  ['nearestAccuracy', matrices([5, 2], [7, 2]), ([x, y], graph) => engine.nearestAccuracy(x, y, graph.indices(labels, 7))],
  [
    'nearestAccuracy where numbers are missing or distances equal',
    matrices([3, 1], [3, 1]),
    ([x, y], graph) => engine.nearestAccuracy(x, y, graph.indices([1, 0, 0], 3)),
    [
      [0, NaN, 2],
      [NaN, 1, -1],
    ],
  ],
  [
    'roundingAccuracy',
    matrices([6], [6]),
    ([a, b]) => roundingAccuracy(a, b),
    [
      [0.5, 1.5, -0.5, 2.4, NaN, 7.6],
      [0, 2, 0, 2, 1, 7],
    ],
  ],
  ['fractionBelow', matrices([4, 5]), ([x]) => engine.fractionBelow(x, 0.1)],
  ['fractionBelow of what is not a number', matrices([3]), ([x]) => engine.fractionBelow(x, 0.1), [[0, NaN, 1]]],
  ['standardizeColumns', matrices([6, 4]), ([x]) => engine.norm([engine.add(engine.standardizeColumns(x), x)])],
];

/** Values of the inputs, then of the telling. */
function tell(backend: Backend, [, shapes, op, given]: Telling, precision: 'f32' | 'f64'): number {
  const graph = new engine.Graph();
  const inputs = shapes.map((shape, index) => graph.parameter(`x${index}`, shape));
  const loss = inputs.map((x) => sum(x)).reduce((a, b) => engine.add(a, b));
  const told = op(inputs, graph);
  const session = backend.open(
    compile({ graph, precision, loss, trainOutputs: {}, evaluations: { now: { told } }, optimizer: sgd({ learningRate: 0 }) }),
  );
  const random = stream(3, 'telling');
  inputs.forEach((x, index) =>
    session.write(`x${index}`, given?.[index] ?? Float64Array.from({ length: x.size }, () => Math.fround(random.normal()))),
  );
  const { told: value } = session.evaluate('now');
  session.dispose();
  return value;
}

/** Modular addition in batches, by two optimiser groups, with a parameter that is frozen. */
function addition(precision: 'f32' | 'f64' = 'f32'): Program {
  const [p, d, h] = [7, 5, 9];
  const graph = new engine.Graph();
  const embedding = graph.parameter('embedding', [p, d], { group: 'embedding' });
  const shift = graph.parameter('shift', [d], { trainable: false });
  const pairs = Array.from(stream(5, 'split').permutation(p * p)).slice(0, 48);
  const batches = (of: (pair: number) => number) => graph.batches(pairs.map(of), 16, p);
  const token = (indices: engine.Indices): Tensor => engine.addBias(engine.gather(embedding, indices), shift);
  const first = engine.concat([token(batches((pair) => Math.floor(pair / p))), token(batches((pair) => pair % p))]);
  const hidden = engine.silu(engine.addBias(matmul(first, graph.parameter('first', [2 * d, h])), graph.parameter('bias', [h])));
  const logits = matmul(hidden, graph.parameter('last', [h, p]));
  const loss = engine.softmaxCrossEntropy(
    logits,
    batches((pair) => (Math.floor(pair / p) + (pair % p)) % p),
  );
  return compile({
    graph,
    precision,
    loss,
    trainOutputs: { loss, norm: engine.norm(graph.parameters) },
    evaluations: { now: { loss } },
    optimizer: adamw({ learningRate: 0.01, weightDecay: 0.3, groups: { embedding: { learningRate: 0.02 } } }),
  });
}

function start(session: Session): Session {
  for (const { name, size } of session.info.parameters) {
    const random = stream(3, name);
    session.write(
      name,
      Float64Array.from({ length: size }, () => Math.fround(0.5 * random.normal())),
    );
  }
  return session;
}

/**
 * @param tf TensorFlow.js with its backend chosen
 * @param module bytes of the kernels
 * @param networks how many random networks are trained
 */
export function tensorflowSuite(tf: TensorFlow, module: Uint8Array, networks: number): void {
  const computed = new Set<string>();
  const plain = tensorflowBackend(tf, 'under test');
  /** Notes what it is asked to compute. */
  const backend: Backend = {
    ...plain,
    open: (program) => {
      for (const section of [program.train, ...program.evaluations.values()]) {
        for (const { operation } of schedule(section.outputs, section.pinned, false).steps) computed.add(operation.name);
      }
      return plain.open(program);
    },
  };

  describe('operations', () => {
    test.each(differentiable)('%s: value and gradients', (_name, inputs, build) => {
      const opCase = { inputs, build };
      const given = drawArguments(opCase);
      const expected = runOp(referenceBackend(), 'f64', opCase, given);
      const actual = runOp(backend, 'f32', opCase, given);
      expectClose(actual.value, expected.value, 2e-6, 'value');
      actual.gradients.forEach((gradient, index) => expectClose(gradient, expected.gradients[index], 2e-6, `gradient ${index}`));
    });

    test.each(telling.map((each) => ({ name: each[0], telling: each })))('$name', ({ telling }) => {
      const [expected, actual] = [tell(referenceBackend(), telling, 'f64'), tell(backend, telling, 'f32')];
      if (Number.isNaN(expected)) expect(actual).toBeNaN();
      else expectClose([actual], [expected], 2e-6, 'value');
    });

    test('logits without end and far apart', () => {
      const graph = new engine.Graph();
      const z = graph.parameter('z', [4, 3]);
      const loss = engine.softmaxCrossEntropy(z, graph.indices([1, 0, 2, 1], 3));
      const program = compile({ graph, precision: 'f32', loss, trainOutputs: { loss }, optimizer: sgd({ learningRate: 0 }) });
      const [expected, actual] = [referenceBackend(), backend].map((each) => {
        const session = each.open(program);
        session.write('z', [1000, 0, -1000, 0, -80, 1, -Infinity, 1, 2, -5000, -5001, -9000]);
        session.run(1);
        return { loss: session.trainOutputs().loss, gradient: session.read('gradient/z') };
      });
      expectClose([actual.loss], [expected.loss], 2e-7, 'loss');
      expectClose(actual.gradient, expected.gradient, 2e-7, 'gradient');
    });

    test('every operation that has a kernel was computed above', () => {
      expect([...kernels.keys()].filter((name) => !computed.has(name))).toEqual([]);
    });

    test('one that has none is named', () => {
      const graph = new engine.Graph();
      const x = graph.parameter('x', [2, 3]);
      const odd = graph.apply({
        name: 'oddity',
        inputs: [x],
        shape: [2, 3],
        flops: 0,
        gradient: () => [x],
        evaluate: () => undefined,
        lower: () => undefined,
      });
      const program = compile({
        graph,
        precision: 'f32',
        loss: sum(odd),
        trainOutputs: { odd: sum(odd) },
        optimizer: sgd({ learningRate: 1 }),
      });
      expect(() => backend.open(program)).toThrow(
        'The operation oddity (result of shape [2, 3]) is not known to the TensorFlow backend; use the backend wasm.',
      );
    });
  });

  test('random networks train as the definition does', () => {
    fc.assert(
      fc.property(networkPlans, (plan) => {
        const [expected, actual] = [
          { each: referenceBackend(), precision: 'f64' as const },
          { each: backend, precision: 'f32' as const },
        ].map(({ each, precision }) => {
          const session = each.open(buildNetwork(plan, precision));
          initialise(session, plan);
          const first = session.evaluate('now');
          session.run(3);
          const result = { first, outputs: session.trainOutputs(), state: session.checkpoint() };
          session.dispose();
          return result;
        });
        expect(Object.keys(actual.state.arrays)).toEqual(Object.keys(expected.state.arrays));
        for (const name of ['loss', 'norm']) {
          expectClose([actual.first[name]], [expected.first[name]], 1e-5, `${name} at the start`);
          expectClose([actual.outputs[name]], [expected.outputs[name]], 1e-5, `${name} of the third step`);
        }
      }),
      { numRuns: networks },
    );
  });

  describe('session', () => {
    test('follows the definition, batch by batch', () => {
      const [expected, actual] = [referenceBackend().open(addition('f64')), backend.open(addition())].map(start);
      for (let step = 1; step <= 20; step++) {
        for (const session of [expected, actual]) session.run(1);
        expectClose([actual.trainOutputs().loss], [expected.trainOutputs().loss], 1e-5, `loss of step ${step}`);
      }
      const saved = expected.checkpoint().arrays;
      for (const [name, { shape, values }] of Object.entries(actual.checkpoint().arrays)) {
        expect(shape).toEqual(saved[name].shape);
        expectClose(values, saved[name].values, 1e-4, name);
      }
      expectClose([actual.evaluate('now').loss], [expected.evaluate('now').loss], 1e-5, 'evaluation');
    });

    test('same start, same bits, in any portions and after a resume', () => {
      const [a, b, c] = [0, 1, 2].map(() => start(backend.open(addition())));
      a.run(30);
      for (const portion of [1, 7, 0, 22]) b.run(portion);
      expect(b.checkpoint()).toEqual(a.checkpoint());
      expect(b.trainOutputs()).toEqual(a.trainOutputs());
      c.run(11);
      const resumed = backend.open(addition());
      resumed.run(2);
      resumed.restore(c.checkpoint());
      expect(resumed.step).toBe(11);
      expect(resumed.trainOutputs()).toEqual({ loss: NaN, norm: NaN });
      resumed.run(19);
      expect(resumed.checkpoint()).toEqual(a.checkpoint());
    });

    test('goes on where another backend stopped, and the other way', () => {
      const wasm = wasmBackend(module);
      for (const [first, second] of [
        [wasm, backend],
        [backend, wasm],
      ]) {
        const begun = start(first.open(addition()));
        begun.run(10);
        const goesOn = second.open(addition());
        goesOn.restore(begun.checkpoint());
        begun.run(10);
        goesOn.run(10);
        expectClose([goesOn.trainOutputs().loss], [begun.trainOutputs().loss], 1e-5, 'loss');
      }
    });

    test('reads, writes and refuses', () => {
      const session = start(backend.open(addition()));
      expect(session.backend).toBe('tensorflow');
      const shift = session.read('shift');
      const before = session.read('last');
      session.run(1);
      expect(session.read('shift')).toEqual(shift);
      expect(session.read('last')).not.toEqual(before);
      expect(session.read('gradient/last').some((slope) => slope !== 0)).toBe(true);
      expect(() => session.read('gradient/shift')).toThrow(RangeError);
      expect(() => session.write('last', [1])).toThrow('"last" holds 63 numbers, not 1.');
      expect(() => session.evaluate('then')).toThrow('There is no evaluation "then"');
      expect(() => session.run(-1)).toThrow(RangeError);
      expect(() => session.restore({ step: 1, arrays: {} })).toThrow(RangeError);
      session.dispose();
      session.dispose();
      expect(() => session.run(1)).toThrow('This session was disposed of');
      expect(() => backend.open(addition('f64'))).toThrow('The TensorFlow backend computes in f32 only');
    });

    test('leaves no tensor behind', () => {
      const { numTensors: atFirst } = tf.memory();
      const session = start(backend.open(addition()));
      session.run(1);
      const { numTensors } = tf.memory();
      for (let slice = 0; slice < 10; slice++) {
        session.run(100);
        session.evaluate('now');
        expect(tf.memory().numTensors).toBe(numTensors);
      }
      session.dispose();
      expect(tf.memory().numTensors).toBe(atFirst);
    });
  });
}
