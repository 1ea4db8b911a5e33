import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { adamw, compile, engineBuild, Graph, matmul, sum } from '#app/engine/index.ts';
import type { Program } from '#app/engine/index.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { kernelsPath } from '#main/paths.ts';
import { temporaryFolder } from '#main/testing/temporary.ts';
import { allowRelaxedSimd, backendNamed, describeBackend, judgeKernels, listBackends, openBackend } from './backends.ts';

function program(): Program {
  const graph = new Graph();
  const loss = sum(matmul(graph.parameter('a', [3, 40]), graph.parameter('b', [40, 5])));
  return compile({ graph, precision: 'f32', loss, trainOutputs: { loss }, optimizer: adamw({ learningRate: 0.01 }) });
}

it('offers the deterministic backend first, and says of each whether it works and why', async () => {
  const backends = await listBackends();
  expect(backends.map(({ name }) => name)).toEqual(['wasm', 'wasm-relaxed', 'tensorflow']);
  for (const { state, why, build } of backends) {
    expect(why).toMatch(/^[A-Z/].*\.$/s);
    expect(build === null).toBe(state !== 'ready');
  }
});

it.each(['wasm', 'wasm-relaxed', 'reference'] as const)('opens %s, which says what computes', async (name) => {
  const backend = await openBackend(name);
  expect(backend.name).toBe(name);
  expect(backend.build).toBe((await describeBackend(name)).build);
  const session = backend.open(program());
  expect(session.backend).toBe(name);
  session.write('a', new Float32Array(120).fill(1));
  session.write('b', new Float32Array(200).fill(0.5));
  session.run(1);
  expect(session.trainOutputs().loss).toBe(300);
});

it('has builds of its own for the two roundings', async () => {
  const [plain, relaxed] = await Promise.all([describeBackend('wasm'), describeBackend('wasm-relaxed')]);
  expect(relaxed.build).toMatch(/^[0-9a-f]{16}$/);
  expect(relaxed.build).not.toBe(plain.build);
});

it('switches relaxed SIMD on for worker threads too', async () => {
  allowRelaxedSimd();
  const validates = await new Promise((resolve, reject) => {
    const source = `const { parentPort, workerData } = require('node:worker_threads');
      parentPort.postMessage(WebAssembly.validate(require('node:fs').readFileSync(workerData)));`;
    const worker = new Worker(source, { eval: true, workerData: kernelsPath('wasm-relaxed') });
    worker.once('message', resolve).once('error', reject);
  });
  expect(validates).toBe(true);
});

it('says what is wrong with kernels that cannot be used, and what helps', () => {
  const path = kernelsPath('wasm-relaxed');
  expect(judgeKernels('wasm-relaxed', path, 'Fast.')).toMatchObject({ state: 'ready', why: 'Fast.' });
  const missing = join(temporaryFolder(), 'kernels.wasm');
  expect(judgeKernels('wasm', missing, '')).toEqual({ state: 'broken', why: `${missing} is missing; run npm run build.`, build: null });
  writeFileSync(missing, readFileSync(path).subarray(0, 1000));
  for (const name of ['wasm', 'wasm-relaxed'] as const)
    expect(judgeKernels(name, missing, '')).toEqual({ state: 'broken', why: `${missing} is damaged; run npm run build.`, build: null });
  // A host without any vectors, and one that lacks the relaxed ones only.
  expect(judgeKernels('wasm', kernelsPath('wasm'), '', () => false).why).toMatch(
    /^(Node|Electron) [\d.]+ has no SIMD in its WebAssembly, .*; use Node/,
  );
  const strict = (bytes: Uint8Array<ArrayBuffer>) =>
    bytes.length > 100 && engineBuild(bytes) === engineBuild(readFileSync(kernelsPath('wasm')));
  expect(judgeKernels('wasm', kernelsPath('wasm'), '', strict).state).toBe('ready');
  expect(judgeKernels('wasm-relaxed', path, '', strict).why).toMatch(
    /has no relaxed SIMD in its WebAssembly, .*; use the default backend, or Node 22/,
  );
});

it('names what there is when asked for anything else', () => {
  expect(backendNamed('wasm-relaxed')).toBe('wasm-relaxed');
  expect(() => backendNamed('cuda')).toThrow(
    new LotkaError('bad-input', 'There is no backend "cuda"; there are: wasm, wasm-relaxed, tensorflow.'),
  );
});
