import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  accuracy,
  adamw,
  add,
  addBias,
  compile,
  concat,
  gather,
  Graph,
  matmul,
  norm,
  referenceBackend,
  sgd,
  silu,
  softmaxCrossEntropy,
  sum,
  transpose,
  wasmBackend,
  type Precision,
  type Program,
  type Session,
  type Tensor,
} from '../index.ts';
import { stream } from '#app/numerics/random.ts';
import { buildNetwork, initialise, networkPlans } from '../random-graph.ts';
import { expectClose } from '../testing.ts';

const wasm = wasmBackend(readFileSync('dist/kernels/kernels.wasm'));
const backends = [wasm, referenceBackend()];

/** Modular addition; the first layer on concatenated embeddings, or as two tables that are gathered and added. */
function addition(precision: Precision, options: { factorised?: boolean; frozen?: boolean } = {}): Program {
  const [p, d, h] = [11, 6, 13];
  const graph = new Graph();
  const embedding = graph.parameter('embedding', [p, d], { trainable: !options.frozen });
  const [top, bottom] = [graph.parameter('top', [d, h]), graph.parameter('bottom', [d, h])];
  const stacked = transpose(concat([transpose(top), transpose(bottom)]));
  const bias = graph.parameter('bias', [h]);
  const output = graph.parameter('output', [h, p]);
  const outcome = (pairs: number[]): { loss: Tensor; accuracy: Tensor } => {
    const indices = (of: (pair: number) => number) => graph.indices(pairs.map(of), p);
    const a = indices((pair) => Math.floor(pair / p));
    const b = indices((pair) => pair % p);
    const first = options.factorised
      ? add(gather(matmul(embedding, top), a), gather(matmul(embedding, bottom), b))
      : matmul(concat([gather(embedding, a), gather(embedding, b)]), stacked);
    const logits = matmul(silu(addBias(first, bias)), output);
    const labels = indices((pair) => (Math.floor(pair / p) + (pair % p)) % p);
    return { loss: softmaxCrossEntropy(logits, labels), accuracy: accuracy(logits, labels) };
  };
  const pairs = Array.from(stream(5, 'split').permutation(p * p));
  const train = { ...outcome(pairs.slice(0, 96)), norm: norm(graph.parameters) };
  return compile({
    graph,
    precision,
    loss: train.loss,
    trainOutputs: train,
    evaluations: { train, test: outcome(pairs.slice(96)) },
    optimizer: adamw({ learningRate: 0.01, weightDecay: 0.5 }),
  });
}

function start(session: Session, seed = 3): Session {
  for (const { name, size, shape } of session.info.parameters) {
    const random = stream(seed, name);
    session.write(
      name,
      Float64Array.from({ length: size }, () => random.normal() / Math.sqrt(name === 'embedding' ? 1 : shape[0])),
    );
  }
  return session;
}

describe.each(backends)('session on $name', (backend) => {
  test.each(['f32', 'f64'] as const)('learns modular addition and says what it knows, %s', (precision) => {
    const session = start(backend.open(addition(precision)));
    expect(session.backend).toBe(backend.name);
    expect(session.step).toBe(0);
    expect(session.trainOutputs()).toEqual({ loss: NaN, accuracy: NaN, norm: NaN });
    const before = session.evaluate('train');
    session.run(1);
    expect(session.step).toBe(1);
    expect(session.trainOutputs()).toEqual(before);
    session.run(199);
    expect(session.step).toBe(200);
    const { loss, accuracy, norm } = session.trainOutputs();
    expect(loss).toBeLessThan(0.1 * before.loss);
    expect(accuracy).toBeGreaterThan(0.9);
    expect(norm).toBeGreaterThan(0);
    expect(Object.keys(session.evaluate('test'))).toEqual(['loss', 'accuracy']);
  });

  test('same start, same bits; steps in any portions', () => {
    const [a, b, c] = [0, 1, 2].map(() => start(backend.open(addition('f32'))));
    a.run(60);
    b.run(60);
    for (const portion of [1, 7, 0, 22, 30]) c.run(portion);
    expect(b.checkpoint()).toEqual(a.checkpoint());
    expect(c.checkpoint()).toEqual(a.checkpoint());
    expect(c.trainOutputs()).toEqual(a.trainOutputs());
  });

  test('a resumed session goes on to the same bits, from any step and for any network', () => {
    fc.assert(
      fc.property(
        networkPlans,
        fc.nat(6),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom<Precision>('f32', 'f64'),
        (plan, cut, rest, precision) => {
          const program = buildNetwork(plan, precision);
          const through = backend.open(program);
          initialise(through, plan);
          through.run(cut);
          const saved = through.checkpoint();
          through.run(rest);
          const resumed = backend.open(buildNetwork(plan, precision));
          resumed.run(2);
          resumed.restore(saved);
          expect(resumed.step).toBe(cut);
          resumed.run(rest);
          expect(resumed.checkpoint()).toEqual(through.checkpoint());
          expect(resumed.trainOutputs()).toEqual(through.trainOutputs());
        },
      ),
      { numRuns: 25 },
    );
  });

  test('checkpoints are copies, complete and named', () => {
    const session = start(backend.open(addition('f64', { frozen: true })));
    session.run(2);
    const saved = session.checkpoint();
    const bytes = Object.values(saved.arrays).reduce((total, { values }) => total + values.byteLength, 0);
    expect(bytes).toBe(session.info.stateBytes);
    const trained = ['top', 'bottom', 'bias', 'output'];
    const names = ['embedding', ...trained, ...['adam.m', 'adam.v'].flatMap((moment) => trained.map((name) => `${moment}/${name}`))];
    expect(Object.keys(saved.arrays)).toEqual(names);
    const kept = saved.arrays.top.values.slice();
    session.run(1);
    expect(saved.arrays.top.values).toEqual(kept);
    expect(session.read('top')).not.toEqual(kept);
    session.restore(saved);
    expect(session.trainOutputs().loss).toBeNaN();
  });

  test('a frozen parameter keeps its bits and has no gradient', () => {
    const session = start(backend.open(addition('f32', { frozen: true })));
    const before = session.read('embedding');
    session.run(20);
    expect(session.read('embedding')).toEqual(before);
    expect(() => session.read('gradient/embedding')).toThrow(RangeError);
    expect(session.read('gradient/top').some((value) => value !== 0)).toBe(true);
  });

  test('write changes a parameter and nothing else; read returns a copy', () => {
    const session = start(backend.open(addition('f64')));
    session.run(3);
    const before = session.checkpoint();
    const values = Float64Array.from(session.read('bias'), (value) => value + 1);
    session.write('bias', values);
    expect(session.read('bias')).toEqual(values);
    session.read('bias').fill(7);
    const after = session.checkpoint();
    expect({ ...after.arrays, bias: before.arrays.bias }).toEqual(before.arrays);
    expect(after.step).toBe(before.step);
  });

  test('impossible requests are refused with a sentence and change nothing', () => {
    const session = start(backend.open(addition('f32')));
    session.run(1);
    const before = session.checkpoint();
    expect(() => session.evaluate('validation')).toThrow(new RangeError('There is no evaluation "validation"; there are: train, test.'));
    expect(() => session.read('nothing')).toThrow('There is no parameter "nothing"; there are: embedding, top, bottom, bias, output.');
    expect(() => session.write('bias', [1, 2])).toThrow(new RangeError('"bias" holds 13 numbers, not 2.'));
    expect(() => session.write('gradient/bias', new Float64Array(13))).toThrow(RangeError);
    expect(() => session.run(-1)).toThrow('The number of steps must be a whole number of at least 0, not -1.');
    expect(() => session.run(1.5)).toThrow(RangeError);
    const { top, ...incomplete } = before.arrays;
    expect(() => session.restore({ step: 1, arrays: incomplete })).toThrow('The checkpoint lacks "top".');
    expect(() => session.restore({ step: 1, arrays: { ...before.arrays, other: top } })).toThrow('The checkpoint holds "other"');
    expect(() => session.restore({ step: 1, arrays: { ...before.arrays, bias: top } })).toThrow('"bias" holds 13 numbers, not 78.');
    expect(() => session.restore({ ...before, step: -1 })).toThrow(
      'The step of a checkpoint must be a whole number of at least 0, not -1.',
    );
    expect(session.checkpoint()).toEqual(before);
  });

  test('a diverged network reports NaN and can be restored', () => {
    const session = start(backend.open(addition('f32')));
    session.run(2);
    const sound = session.checkpoint();
    session.write('top', new Float32Array(78).fill(NaN));
    session.run(2);
    expect(session.trainOutputs().loss).toBeNaN();
    expect(session.trainOutputs().accuracy).toBe(0);
    session.restore(sound);
    session.run(1);
    expect(session.trainOutputs().loss).toBeGreaterThan(0);
  });

  test('a disposed session says so', () => {
    const session = start(backend.open(addition('f32')));
    session.dispose();
    const sentence = 'This session was disposed of; open a new one.';
    for (const use of [() => session.run(1), () => session.read('top'), () => session.trainOutputs(), () => session.checkpoint()]) {
      expect(use).toThrow(sentence);
    }
  });
});

test.each([
  ['f32', 1e-6],
  ['f64', 1e-13],
] as const)('the factorised first layer is the concatenated one, %s', (precision, tolerance) => {
  const [plain, factorised] = [false, true].map((is) => start(wasm.open(addition(precision, { factorised: is }))));
  for (let step = 0; step < 5; step++) {
    for (const session of [plain, factorised]) session.run(1);
    expectClose([factorised.trainOutputs().loss], [plain.trainOutputs().loss], tolerance, `loss at ${step}`);
  }
  expectClose([factorised.evaluate('test').loss], [plain.evaluate('test').loss], precision === 'f32' ? 1e-5 : tolerance, 'test loss');
});

test('sessions of one program are apart', () => {
  const program = addition('f32');
  const [a, b] = [start(wasm.open(program), 1), start(wasm.open(program), 2)];
  const alone = start(wasm.open(program), 1);
  for (let step = 0; step < 3; step++) {
    a.run(1);
    b.run(2);
  }
  alone.run(3);
  expect(a.checkpoint()).toEqual(alone.checkpoint());
});

test('a long run of a tiny network is cut into calls and still counts every step', () => {
  const graph = new Graph();
  const x = graph.parameter('x', [1]);
  const session = wasm.open(compile({ graph, precision: 'f64', loss: sum(x), trainOutputs: {}, optimizer: sgd({ learningRate: 1 }) }));
  session.run(3_000_000);
  expect(session.step).toBe(3_000_000);
  expect(session.read('x')[0]).toBe(-3_000_000);
});
