import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { noDatasets, type Dataset, type DatasetSource } from '#app/datasets/dataset.ts';
import { referenceBackend, wasmBackend } from '#app/engine/index.ts';
import type { Backend } from '#app/engine/index.ts';
import { compileKernels } from '#app/engine/kernels/compile.mjs';
import { stream } from '#app/numerics/random.ts';
import { openSession } from '#app/runs/session.ts';
import { Trainer } from '#app/runs/trainer.ts';
import golden from './golden.json' with { type: 'json' };
import { modelOf, normOf, omnigrokProgram, type Model } from './model.ts';
import { omnigrokParameters } from './parameters.ts';
import { recorded } from './recording.ts';
import type { Samples } from './tasks/task.ts';

const backends: Backend[] = [referenceBackend(), wasmBackend(await readFile((await compileKernels()).wasm))];

interface Given {
  readonly inputs: readonly number[];
  readonly labels?: readonly number[];
  readonly values?: readonly number[];
}

interface Case {
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly samples: { readonly train: Given; readonly test: Given };
  readonly templates?: readonly number[];
  readonly batches?: readonly (readonly number[])[];
  readonly initial: Readonly<Record<string, readonly number[]>>;
  readonly runs: Readonly<
    Record<'f64' | 'f32', { readonly rows: readonly Record<string, number>[]; readonly final: Record<string, number[]> }>
  >;
}

/** Samples of the file in place of those that the task draws. */
function givenSamples(drawn: Samples, { inputs, labels, values }: Given): Samples {
  const numbers = drawn.inputs.kind === 'numbers' ? Float64Array.from(inputs) : Int32Array.from(inputs);
  expect(numbers).toHaveLength(drawn.inputs.values.length);
  return {
    rows: drawn.rows,
    inputs: { ...drawn.inputs, values: numbers } as Samples['inputs'],
    ...(labels ? { labels: Int32Array.from(labels) } : { values: Float64Array.from(values!) }),
  };
}

/** Digits of the file at the rows from which the task takes them, so that it is the task that makes them messy. */
function digitsOf({ train, test }: Case['samples']): DatasetSource {
  const labels = [...test.labels!, ...train.labels!];
  const inputs = [...test.inputs, ...train.inputs];
  const features = inputs.length / labels.length;
  const order = stream(0, 'data').permutation(labels.length);
  const placed: Dataset = {
    id: 'digits-14',
    name: 'digits',
    rows: labels.length,
    features,
    inputs: new Float32Array(inputs.length),
    target: { kind: 'class', labels: new Int32Array(labels.length), classes: Array.from({ length: 10 }, (_, digit) => `${digit}`) },
    hash: '',
  };
  order.forEach((row, at) => {
    placed.inputs.set(inputs.slice(at * features, (at + 1) * features), row * features);
    if (placed.target.kind === 'class') placed.target.labels[row] = labels[at];
  });
  return () => placed;
}

function modelFor(given: Case, parameters: ReturnType<typeof omnigrokParameters.parse>): Model {
  const digits = parameters.task === 'digits';
  const model = modelOf(parameters, digits ? digitsOf(given.samples) : noDatasets);
  const { train, test } = model.task;
  const samples = digits ? {} : { train: givenSamples(train, given.samples.train), test: givenSamples(test, given.samples.test) };
  const target = given.templates
    ? { target: { kind: 'class', classes: 5, templates: { width: 30, values: Float64Array.from(given.templates) } } as const }
    : {};
  const batches = given.batches && { size: given.batches[0].length, lists: Int32Array.from(given.batches.flat()) };
  return { ...model, task: { ...model.task, ...samples, ...target }, batches: batches ?? null };
}

const cases = golden.cases as unknown as Case[];

describe.each(cases)('$name', (given) => {
  describe.each(['f64', 'f32'] as const)('%s', (precision) => {
    const parameters = omnigrokParameters.parse({ ...given.parameters, precision });
    const model = modelFor(given, parameters);
    const trainable = Object.fromEntries(Object.entries(given.initial).map(([name, values]) => [name, Float64Array.from(values)]));
    const frozen = parameters.laziness > 0 ? Object.fromEntries(Object.entries(trainable).map(([k, v]) => [`initial.${k}`, v])) : {};
    const held = parameters.pinnedNorm > 0 ? parameters.pinnedNorm : normOf(trainable, model);
    // AdamW divides gradients by their own size, and so makes the rounding of small ones as large as a part of a step.
    const tolerance = precision === 'f64' ? 1e-10 : 4e-5;
    const near = (value: number, wanted: number, what: string) =>
      expect(Math.abs(value - wanted) / Math.max(1, Math.abs(wanted)), `${what}: ${value}, not ${wanted}`).toBeLessThan(tolerance);

    it.each(backends)('takes the same twenty steps as PyTorch ($name)', (backend) => {
      const training = recorded(parameters, model, omnigrokProgram(parameters, model, held), { ...trainable, ...frozen });
      const session = openSession(training, backend);
      const trainer = new Trainer(training, session, parameters);
      while (trainer.state === 'training') trainer.advance();
      const { rows } = trainer.take();
      const { rows: expected, final } = given.runs[precision];
      expect(Object.keys(rows).sort()).toEqual(Object.keys(expected[0]).sort());
      expected.forEach((row, step) => {
        // No step takes a batch after the last one.
        for (const [name, wanted] of Object.entries(row))
          if (name !== 'batchLoss' || step < parameters.steps) near(rows[name][step], wanted, `${name}[${step}]`);
      });
      expect(Object.keys(final).sort()).toEqual(model.network.tensors.map(({ name }) => name).sort());
      for (const [name, values] of Object.entries(final)) {
        const trained = session.read(name);
        values.forEach((value, i) => near(trained[i], value, `${name}[${i}]`));
      }
      session.dispose();
    });
  });
});

it('covers every task but that of imported datasets, and collapse', () => {
  const tasks = new Set(cases.map(({ parameters }) => parameters.task));
  expect([...tasks].sort()).toEqual(['digits', 'latents', 'modular-addition', 'molecules', 'sentiment', 'teacher-student', 'transformer']);
  const shares = cases.flatMap(({ runs }) => runs.f64.rows.map(({ softmaxCollapse }) => softmaxCollapse ?? 0));
  expect(Math.max(...shares)).toBeGreaterThan(0.4);
});
