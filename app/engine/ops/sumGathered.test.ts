import { expect, test } from 'vitest';
import { Graph } from '../graph.ts';
import { sumGathered } from './sumGathered.ts';

// Values are covered by the gradient of gather.
test('positions of each index are listed in ascending order', () => {
  const { starts, positions } = new Graph().indices([2, 0, 2, 2, 1], 4).rows;
  expect([...starts]).toEqual([0, 1, 2, 5, 5]);
  expect([...positions]).toEqual([1, 4, 0, 2, 3]);
});

test('a wrong number of indices is refused with a sentence', () => {
  const graph = new Graph();
  expect(() => sumGathered(graph.parameter('x', [3, 2]), graph.indices([0, 1], 2))).toThrow('sumGathered: 3 rows need 3 indices, not 2.');
});
