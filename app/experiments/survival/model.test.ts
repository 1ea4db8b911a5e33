import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { referenceBackend, wasmBackend } from '#app/engine/index.ts';
import type { Backend } from '#app/engine/index.ts';
import { compileKernels } from '#app/engine/kernels/compile.mjs';
import { openSession } from '#app/runs/session.ts';
import { Trainer } from '#app/runs/trainer.ts';
import { frameStepsOf } from '../estimate.ts';
import golden from './golden.json' with { type: 'json' };
import { estimateOf } from './estimate.ts';
import { initialValues, layersOf, splitPairs, survivalProgram } from './model.ts';
import { survivalParameters } from './parameters.ts';
import { survivalPresets } from './presets.ts';
import { survivalTraining } from './recording.ts';

const wasm = wasmBackend(await readFile((await compileKernels()).wasm));
const backends: Backend[] = [referenceBackend(), wasm];
const tiny = survivalParameters.parse({ modulus: 7, embeddingWidth: 4, hiddenWidths: [6, 5], splitSeed: 3, steps: 10, precision: 'f64' });

describe('the network', () => {
  it.each(backends)('takes the same ten steps as the official architecture in PyTorch ($name)', (backend) => {
    const training = { ...survivalTraining(tiny), initial: golden.initial };
    const session = openSession(training, backend);
    const trainer = new Trainer(training, session, tiny);
    while (trainer.state === 'training') trainer.advance();
    const { rows } = trainer.take();
    for (const { name, width } of training.series) {
      const expected = golden.rows.flatMap((row) => row[name as keyof typeof row]);
      expect(rows[name]).toHaveLength(expected.length);
      expected.forEach((value, i) =>
        expect(Math.abs(rows[name][i] - value), `${name}[${i} / ${width}]`).toBeLessThan(1e-10 * Math.max(1, Math.abs(value))),
      );
    }
    Object.entries(golden.final).forEach(([name, values]) => {
      const trained = session.read(name);
      values.forEach((value, i) => expect(Math.abs(trained[i] - value), name).toBeLessThan(1e-10));
    });
    session.dispose();
  });

  it('multiplies each token by the first layer once, not each pair', () => {
    const { info } = survivalProgram(survivalPresets[0].parameters);
    expect(info.passes).toMatchObject([{ name: 'tables', what: '1 linear layer over 31 tokens' }]);
    expect(info.flopsPerStep / info.plainFlopsPerStep).toBeLessThan(0.65);
  });
});

describe('initial values', () => {
  it('have the distributions of PyTorch, each purpose from its own seed', () => {
    const parameters = survivalPresets[0].parameters;
    const values = initialValues(parameters);
    layersOf(parameters).forEach(({ weight, inputs }) => {
      const bound = 1 / Math.sqrt(inputs);
      const largest = values[weight].reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(largest).toBeLessThan(bound);
      expect(largest).toBeGreaterThan(0.99 * bound);
      expect(values[weight].reduce((sum, value) => sum + value * value, 0) / values[weight].length).toBeCloseTo(bound ** 2 / 3, 3);
    });
    const other = initialValues({ ...parameters, embeddingSeed: 1 });
    expect(other.embedding).not.toEqual(values.embedding);
    expect(other['mlp.0.weight']).toEqual(values['mlp.0.weight']);
    expect(initialValues({ ...parameters, mlpSeed: 1 }).embedding).toEqual(values.embedding);
  });
});

describe('the split', () => {
  it('takes floor(fraction p²) pairs and leaves the rest', () => {
    const parameters = survivalPresets[1].parameters;
    const { train, test, all } = splitPairs(parameters);
    expect([train.label.length, test.label.length, all.label.length]).toEqual([2784, 697, 3481]);
    const numbers = [train, test].flatMap(({ first, second }) => Array.from(first, (a, i) => a * 59 + second[i]));
    expect(new Set(numbers).size).toBe(3481);
    all.label.forEach((label, i) => expect(label).toBe((all.first[i] + all.second[i]) % 59));
    expect(splitPairs({ ...parameters, splitSeed: 1 }).train.first).not.toEqual(train.first);
    expect(Array.from(splitPairs(tiny).train.first, (a, i) => a * 7 + splitPairs(tiny).train.second[i])).toEqual(golden.train);
  });
});

describe('a frozen embedding', () => {
  it('keeps its bits while the network learns', () => {
    const parameters = { ...tiny, freezeEmbedding: true };
    const session = openSession(survivalTraining(parameters), wasm);
    const [embedding, weight] = [session.read('embedding'), session.read('mlp.0.weight')];
    session.run(5);
    expect(session.read('embedding')).toEqual(embedding);
    expect(session.read('mlp.0.weight')).not.toEqual(weight);
    session.dispose();
  });
});

describe('what is recorded', () => {
  it('has frames at increasing steps from 0 to the end', () => {
    [1, 2, 99, 100, 101, 1500, 30_001].forEach((steps) => {
      const chosen = frameStepsOf(steps);
      expect([chosen[0], chosen.at(-1)]).toEqual([0, steps]);
      chosen.slice(1).forEach((step, i) => expect(step).toBeGreaterThan(chosen[i]));
      expect(chosen.length).toBeLessThan(750);
    });
  });
  it('costs what the estimate says', () => {
    const parameters = survivalPresets[1].parameters;
    const estimate = estimateOf(parameters);
    expect(estimate.steps).toBe(1500);
    // 265 MFLOP for the products of one step (forward, and twice that backward), the rest for activations, softmax and optimiser.
    expect(estimate.flopsPerStep).toBeGreaterThan(265e6);
    expect(estimate.flopsPerStep).toBeLessThan(1.1 * 265e6);
    expect(estimate.bytesKept).toBeGreaterThan(8 * 36 * 1501 + 59 * 128 * 4 * frameStepsOf(1500).length);
    expect(estimate.arenaBytes).toBe(survivalProgram(parameters).info.arenaBytes);
  });
});
