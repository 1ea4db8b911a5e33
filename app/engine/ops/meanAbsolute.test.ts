import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { adamw, compile, Graph, referenceBackend } from '../index.ts';
import { checkOp } from '../testing.ts';
import { meanAbsolute } from './meanAbsolute.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test.each([[[1]], [[3, 5]], [[257]]])('mean absolute value of shape %j', (shape) => {
  checkOp(kernels, { inputs: [shape], build: ([x]) => meanAbsolute(x) });
});

test('it is the mean of magnitudes, and its gradient their signs', () => {
  const graph = new Graph();
  const loss = meanAbsolute(graph.parameter('x', [4]));
  const optimizer = adamw({ learningRate: 0.1 });
  const session = referenceBackend().open(compile({ graph, precision: 'f64', loss, trainOutputs: { loss }, optimizer }));
  session.write('x', [-3, 0, 0.5, 2]);
  session.run(1);
  expect(session.trainOutputs()).toEqual({ loss: 5.5 / 4 });
  expect(Array.from(session.read('gradient/x'), (value) => value + 0)).toEqual([-0.25, 0, 0.25, 0.25]);
});
