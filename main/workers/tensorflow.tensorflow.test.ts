/** The TensorFlow backend on TensorFlow itself. Vitest runs test files in child processes, where it may be loaded. */
import { readFileSync } from 'node:fs';
import util from 'node:util';
import { describe, expect, it } from 'vitest';
import { datasets } from '#main/datasets/source.ts';
import { tensorflowSuite } from '#app/engine/backends/tensorflow/suite.ts';
import { wasmBackend } from '#app/engine/index.ts';
import { parseParameters } from '#app/experiments/parameters.ts';
import { experimentById } from '#app/experiments/registry.ts';
import { openSession } from '#app/runs/session.ts';
import { kernelsPath } from '#main/paths.ts';
import { openBackend } from './backends.ts';
import { loadTensorflow } from './tensorflow-source.ts';

// As in Node 23 and later, which dropped what the binding calls.
Object.assign(util, { isNullOrUndefined: undefined });

tensorflowSuite(loadTensorflow(), readFileSync(kernelsPath()), 200);

describe('the survival experiment', () => {
  it('begins as on the kernels: ten losses within 2e-6', async () => {
    const experiment = experimentById('survival');
    const parameters = parseParameters(experiment, 'fast', { precision: 'f32' });
    const backends = [wasmBackend(readFileSync(kernelsPath())), await openBackend('tensorflow')];
    const losses = backends.map((backend) => {
      const session = openSession(experiment.build(parameters, datasets), backend);
      const series = Array.from({ length: 10 }, () => {
        session.run(1);
        return session.trainOutputs();
      });
      session.dispose();
      return series;
    });
    losses[0]!.forEach((expected, step) => {
      for (const [name, value] of Object.entries(expected)) {
        if (!/loss/i.test(name)) continue;
        expect(Math.abs(losses[1]![step]![name]! / value - 1), `${name} of step ${step}`).toBeLessThan(2e-6);
      }
    });
    expect(Object.keys(losses[0]![0]!).some((name) => /loss/i.test(name))).toBe(true);
  });
});
