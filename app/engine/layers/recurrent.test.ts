import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Graph, addBias, concat, matmul, tanh, timeSteps, unroll } from '../index.ts';
import { checkOp } from '../testing.ts';

// Training trajectories against PyTorch stand in golden-networks.test.ts.

const kernels = readFileSync('dist/kernels/kernels.wasm');

test('time steps of a computed tensor and of a constant are the same', () => {
  checkOp(kernels, { inputs: [[3, 4, 2]], build: ([x]) => concat(timeSteps(x)) });
  const graph = new Graph();
  const steps = timeSteps(graph.constant([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [2, 3, 2]));
  expect(steps.map(({ values }) => [...values!])).toEqual([
    [0, 1, 6, 7],
    [2, 3, 8, 9],
    [4, 5, 10, 11],
  ]);
});

test('gradients run back through ten steps with shared weights', () => {
  checkOp(kernels, {
    inputs: [[4, 10, 2], [5, 3], [3], [4, 3]],
    build: ([x, weights, shift, start]) =>
      concat(unroll(timeSteps(x), start, (h, input) => tanh(addBias(matmul(concat([h, input]), weights), shift)))),
  });
});

test('the cell is told the time', () => {
  const graph = new Graph();
  const times: number[] = [];
  const [x, h] = [graph.constant(new Float64Array(6), [1, 3, 2]), graph.constant([0, 0], [1, 2])];
  const states = unroll(timeSteps(x), h, (state, _input, time) => {
    times.push(time);
    return tanh(state);
  });
  expect([times, states.length]).toEqual([[0, 1, 2], 3]);
});

test('sequences and cells that do not fit are refused with a sentence', () => {
  const graph = new Graph();
  const h = graph.parameter('h', [2, 3]);
  expect(() => timeSteps(h)).toThrow('timeSteps: sequences must be of shape [count, length, channels], not [2, 3]; reshape them first.');
  expect(() => unroll([], h, (state) => state)).toThrow('unroll: give at least one time step.');
  expect(() => unroll([h], h, (state) => matmul(state, graph.parameter('w', [3, 4])))).toThrow(
    'unroll: step 0 turns a state of shape [2, 3] into [2, 4]; the shapes must be equal.',
  );
});
