import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noDatasets } from '#app/datasets/dataset.ts';
import { adam, adamw, compile, fractionBelow, Graph, multiply, scale, sgd, squaredError, subtract, sumColumns } from '#app/engine/index.ts';
import { wasmBackend } from '#app/engine/index.ts';
import { compileKernels } from '#app/engine/kernels/compile.mjs';
import { openSession } from '#app/runs/session.ts';
import { trainInMemory } from '../testing.ts';
import experiment from './experiment.ts';
import { batchesOf, initialValues, modelOf, normOf } from './model.ts';
import { omnigrokParameters, tasks, type OmnigrokParameters } from './parameters.ts';
import { omnigrokTraining } from './recording.ts';
import { perceptron } from './tasks/networks.ts';

const backend = wasmBackend(await readFile((await compileKernels()).wasm));
type Changes = Partial<OmnigrokParameters>;

/** Every task that needs no dataset, small. */
const small: Readonly<Record<Exclude<(typeof tasks)[number], 'digits' | 'dataset'>, Changes>> = {
  'teacher-student': { trainingSamples: 20, testSamples: 10, hiddenWidths: [12, 10] },
  'modular-addition': { modulus: 7, embeddingWidth: 4, hiddenWidths: [9] },
  transformer: { modulus: 5, embeddingWidth: 8, heads: 2, hiddenWidths: [12] },
  latents: { modulus: 5, trainingSamples: 10, hiddenWidths: [10] },
  sentiment: { trainingSamples: 10, testSamples: 6, embeddingWidth: 3, hiddenWidths: [4] },
  molecules: { trainingSamples: 10, testSamples: 6, hiddenWidths: [5, 4] },
};
const parse = (task: keyof typeof small, changes: Changes = {}) =>
  omnigrokParameters.parse({ ...small[task], task, steps: 30, testEvery: 10, ...changes });
const anyTask = fc.constantFrom(...(Object.keys(small) as (keyof typeof small)[]));
const train = (parameters: OmnigrokParameters) => trainInMemory(experiment, parameters, backend).run;

/** Gradients of the first step. */
function firstGradients(parameters: OmnigrokParameters): Record<string, number[]> {
  const training = omnigrokTraining(parameters, noDatasets);
  const session = openSession(training, backend);
  session.run(1);
  const { tensors } = modelOf(parameters, noDatasets).network;
  const gradients = Object.fromEntries(tensors.map(({ name }) => [name, Array.from(session.read(`gradient/${name}`))]));
  session.dispose();
  return gradients;
}

describe('pinning', () => {
  it('keeps the norm to a millionth at all steps, whatever learns', () => {
    fc.assert(
      fc.property(
        anyTask,
        fc.constantFrom('adamw', 'adam', 'sgd'),
        fc.constantFrom('none', 'perpendicular', 'grokfast'),
        fc.constantFrom('f32', 'f64'),
        fc.double({ min: 0.3, max: 4, noNaN: true }),
        fc.option(fc.double({ min: 0.5, max: 20, noNaN: true }), { nil: 0 }),
        (task, optimizer, gradientTransform, precision, initialScale, pinnedNorm) => {
          const run = train(
            parse(task, { optimizer, gradientTransform, precision, initialScale, pinnedNorm, pinNorm: true, weightDecay: 0.5 }),
          );
          const norms = run.series('norm').values;
          const wanted = pinnedNorm > 0 ? pinnedNorm : norms[0];
          norms.forEach((norm, step) => {
            if (step > 0) expect(Math.abs(norm / wanted - 1), `step ${step}`).toBeLessThan(1e-6);
          });
        },
      ),
      { numRuns: 40 },
    );
  });

  it('begins with the gradient of the free run', () => {
    for (const task of Object.keys(small) as (keyof typeof small)[]) {
      const free = parse(task, { initialScale: 1.7 });
      const norm = normOf(initialValues(free, modelOf(free, noDatasets)), modelOf(free, noDatasets));
      const gradients = firstGradients(free);
      expect(
        Object.values(gradients)
          .flat()
          .some((slope) => slope !== 0),
      ).toBe(true);
      expect(firstGradients({ ...free, pinNorm: true })).toEqual(gradients);
      expect(firstGradients({ ...free, pinNorm: true, pinnedNorm: norm })).toEqual(gradients);
    }
  });

  it('at the initial norm is pinning without a norm', () => {
    const parameters = parse('teacher-student', { pinNorm: true, initialScale: 2, precision: 'f64' });
    const model = modelOf(parameters, noDatasets);
    const named = { ...parameters, pinnedNorm: normOf(initialValues(parameters, model), model) };
    expect(train(named).series('trainLoss').values).toEqual(train(parameters).series('trainLoss').values);
  });
});

describe('initial values', () => {
  it('are multiplied by the initial scale, and so is their norm', () => {
    fc.assert(
      fc.property(anyTask, fc.double({ min: 0.01, max: 100, noNaN: true }), fc.nat(99), (task, initialScale, networkSeed) => {
        const usual = parse(task, { networkSeed, precision: 'f64' });
        const model = modelOf(usual, noDatasets);
        const [plain, scaled] = [initialValues(usual, model), initialValues({ ...usual, initialScale }, model)];
        for (const { name } of model.network.tensors) expect(scaled[name]).toEqual(plain[name].map((value) => initialScale * value));
        expect(normOf(scaled, model) / normOf(plain, model) / initialScale).toBeCloseTo(1, 14);
      }),
    );
  });
  it('by a power of two scale the norm exactly, in what is trained and recorded too', () => {
    for (const precision of ['f32', 'f64'] as const) {
      const norm = (initialScale: number) =>
        train(parse('teacher-student', { initialScale, precision, steps: 1 })).series('norm').values[0];
      for (const factor of [0.25, 2, 8]) expect(norm(factor)).toBe(factor * norm(1));
    }
  });
  it('of a lazy network are kept beside it, and its first answers are 0', () => {
    const parameters = parse('teacher-student', { laziness: 3, precision: 'f64' });
    const training = omnigrokTraining(parameters, noDatasets);
    const { network, task } = modelOf(parameters, noDatasets);
    for (const { name } of network.tensors) expect(training.initial[`initial.${name}`]).toEqual(training.initial[name]);
    const values = task.train.values!;
    expect(train(parameters).series('trainLoss').values[0]).toBeCloseTo(values.reduce((sum, y) => sum + y * y, 0) / values.length, 12);
  });
});

describe('without decay, scale and pin', () => {
  it.each([
    ['adamw', () => adamw({ learningRate: 1e-3, weightDecay: 0 })],
    ['adam', () => adam({ learningRate: 1e-3 })],
    ['sgd', () => sgd({ learningRate: 1e-3 })],
  ] as const)('the run is that of plain %s, bit for bit', (optimizer, rule) => {
    for (const precision of ['f32', 'f64'] as const) {
      const parameters = parse('teacher-student', { optimizer, precision, learningRate: 1e-3 });
      const { task } = modelOf(parameters, noDatasets);
      const graph = new Graph();
      const { tensors, apply } = perceptron([5, 12, 10, 5], 'tanh');
      const trained = new Map(tensors.map(({ name, shape }) => [name, graph.parameter(name, shape)]));
      const output = apply((name) => trained.get(name)!, graph.constant(task.train.inputs.values, [20, 5]));
      const wanted = graph.constant(task.train.values!, [20, 5]);
      const difference = subtract(output, wanted);
      const loss = squaredError(output, wanted);
      const accuracy = fractionBelow(scale(sumColumns(multiply(difference, difference)), 1 / 5), 0.001);
      const program = compile({ graph, precision, loss, trainOutputs: { loss, accuracy }, evaluations: {}, optimizer: rule() });
      const plain = openSession(
        { ...omnigrokTraining(parameters, noDatasets), program, initial: initialValues(parameters, modelOf(parameters, noDatasets)) },
        backend,
      );
      const full = openSession(omnigrokTraining(parameters, noDatasets), backend);
      plain.run(30);
      full.run(30);
      for (const { name } of tensors) expect(full.read(name)).toEqual(plain.read(name));
      plain.dispose();
      full.dispose();
    }
  });
});

describe('batches', () => {
  it('hold distinct training samples, and a longer run begins as a shorter one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 300 }), fc.integer({ min: 0, max: 320 }), fc.nat(99), (rows, batchSize, batchSeed) => {
        const batches = batchesOf({ batchSize, batchSeed, steps: 20 }, rows);
        expect(batches === null).toBe(batchSize === 0 || batchSize >= rows);
        if (!batches) return;
        expect([batches.size, batches.lists.length]).toEqual([batchSize, 20 * batchSize]);
        for (let at = 0; at < batches.lists.length; at += batchSize) {
          const list = batches.lists.subarray(at, at + batchSize);
          expect(new Set(list).size).toBe(batchSize);
          expect(list.every((sample) => sample >= 0 && sample < rows)).toBe(true);
        }
        expect(batchesOf({ batchSize, batchSeed, steps: 40 }, rows)!.lists.subarray(0, 20 * batchSize)).toEqual(batches.lists);
      }),
    );
  });
  it('are bounded in memory however long the run is', () => {
    expect(batchesOf({ batchSize: 200, batchSeed: 0, steps: 1_000_000 }, 1000)!.lists.length).toBeLessThanOrEqual(2 ** 17);
  });
});
