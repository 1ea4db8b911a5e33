import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { referenceBackend, wasmBackend, type Precision, type Program } from './index.ts';
import { buildNetwork, initialise, widePlans } from './random-graph.ts';
import { ARENA_BASE } from './tape.ts';
import { expectClose } from './testing.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');
const wasm = wasmBackend(kernels);
// Newer hosts have relaxed SIMD without it.
setFlagsFromString('--experimental-wasm-relaxed-simd');
const relaxed = wasmBackend(readFileSync('dist/kernels/kernels-relaxed.wasm'), 'wasm-relaxed');

test.each([
  ['wasm', 'f64', 1e-9, wasm],
  ['wasm', 'f32', 2e-4, wasm],
  ['wasm-relaxed', 'f64', 1e-9, relaxed],
  ['wasm-relaxed', 'f32', 2e-4, relaxed],
] as const)('%s and reference agree on random networks, %s', (_name, precision, tolerance, kernelsBackend) => {
  fc.assert(
    fc.property(widePlans, (plan) => {
      const [expected, actual] = [referenceBackend(), kernelsBackend].map((backend) => {
        const session = backend.open(buildNetwork(plan, precision));
        initialise(session, plan);
        session.run(1);
        return session;
      });
      for (const output of ['loss', 'norm']) {
        expectClose([actual.trainOutputs()[output]], [expected.trainOutputs()[output]], tolerance, output);
      }
      for (const { name, trainable } of expected.info.parameters) {
        if (trainable) expectClose(actual.read(`gradient/${name}`), expected.read(`gradient/${name}`), tolerance, `gradient of ${name}`);
      }
      if (precision === 'f32') return;
      if (expected.info.results.length > 0) for (const session of [expected, actual]) session.evaluate('curvature');
      for (const { name } of expected.info.results)
        expectClose(actual.read(`results/${name}`), expected.read(`results/${name}`), 1e-7, name);
      for (const session of [expected, actual]) session.run(3);
      for (const { name } of expected.info.parameters) expectClose(actual.read(name), expected.read(name), 1e-6, name);
      expectClose([actual.evaluate('now').loss], [expected.evaluate('now').loss], 1e-6, 'loss of the evaluation');
    }),
  );
});

/** Runs the train tape on memory that holds NaN wherever a step must not read before it writes. */
function runOnPoisonedMemory(
  program: Program,
  initial: ReadonlyMap<string, ArrayLike<number>>,
  steps: number,
): Map<string, ArrayLike<number>> {
  const { tape, info } = program;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((ARENA_BASE + tape.arenaBytes) / 65536) });
  const module = new WebAssembly.Module(kernels);
  const instance = new WebAssembly.Instance(module, { env: { memory, abort: () => expect.fail('abort') } });
  const { run32, run64 } = instance.exports as Record<'run32' | 'run64', (tape: number, length: number, times: number) => void>;
  new Uint8Array(memory.buffer, ARENA_BASE).fill(0xff);
  new Int32Array(memory.buffer, tape.counter, 1)[0] = 0;
  const reals = (name: string, size: number) =>
    new (info.precision === 'f64' ? Float64Array : Float32Array)(memory.buffer, tape.addresses.get(name)!, size);
  for (const { name, size } of program.state) reals(name, size).set(initial.get(name) ?? new Float64Array(size));
  for (const { address, values } of tape.contents) {
    new Uint8Array(memory.buffer, address).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  (info.precision === 'f64' ? run64 : run32)(tape.train.address, tape.train.length, steps);
  return new Map(program.state.map(({ name, size }) => [name, reals(name, size).slice()]));
}

test('no kernel lets memory it should not read into a result: NaN everywhere else changes no bit', () => {
  fc.assert(
    fc.property(widePlans, fc.constantFrom<Precision>('f32', 'f64'), (plan, precision) => {
      const program = buildNetwork(plan, precision);
      const session = wasm.open(program);
      initialise(session, plan);
      const initial = new Map(session.info.parameters.map(({ name }) => [name, session.read(name)]));
      session.run(3);
      const poisoned = runOnPoisonedMemory(program, initial, 3);
      const { arrays } = session.checkpoint();
      for (const [name, values] of poisoned) expect(values, name).toEqual(arrays[name].values);
    }),
    { numRuns: 60 },
  );
});

test('fusing neighbours changes no more than rounding', () => {
  fc.assert(
    fc.property(widePlans, (plan) => {
      const [fused, plain] = [true, false].map((fusion) => {
        const session = wasm.open(buildNetwork(plan, 'f64', { fusion }));
        initialise(session, plan);
        session.run(1);
        return session;
      });
      expectClose([fused.trainOutputs().loss], [plain.trainOutputs().loss], 1e-12, 'loss');
      for (const { name, trainable } of fused.info.parameters) {
        if (trainable) expectClose(fused.read(`gradient/${name}`), plain.read(`gradient/${name}`), 1e-9, name);
      }
    }),
    { numRuns: 40 },
  );
});

test('evaluations leave training alone, however they are interleaved', () => {
  fc.assert(
    fc.property(widePlans, (plan) => {
      const program = buildNetwork(plan, 'f32');
      const [quiet, watched] = [wasm.open(program), wasm.open(program)];
      for (const session of [quiet, watched]) initialise(session, plan);
      quiet.run(5);
      watched.run(4);
      watched.evaluate('now');
      watched.run(1);
      const outputs = watched.trainOutputs();
      watched.evaluate('now');
      expect(watched.trainOutputs()).toEqual(outputs);
      expect(watched.trainOutputs()).toEqual(quiet.trainOutputs());
      expect(watched.checkpoint()).toEqual(quiet.checkpoint());
    }),
    { numRuns: 30 },
  );
});

test('the same program gives the same bits in every session, results included', () => {
  fc.assert(
    fc.property(widePlans, fc.constantFrom<Precision>('f32', 'f64'), (plan, precision) => {
      const [first, second] = [0, 1].map(() => {
        const session = wasm.open(buildNetwork(plan, precision));
        initialise(session, plan);
        session.run(3);
        if (session.info.results.length > 0) session.evaluate('curvature');
        return session;
      });
      expect(second.checkpoint()).toEqual(first.checkpoint());
      for (const { name } of first.info.results) expect(second.read(`results/${name}`), name).toEqual(first.read(`results/${name}`));
    }),
    { numRuns: 40 },
  );
});
