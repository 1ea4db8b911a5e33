import { expect, test } from 'vitest';
import { Graph, TransformerBlock } from '../index.ts';

// Training trajectories against PyTorch's TransformerEncoderLayer stand in golden-networks.test.ts.

test('a block says its parameters and keeps the shape, at any length', () => {
  const graph = new Graph();
  const block = new TransformerBlock(graph, 'first', { width: 6, hidden: 10, heads: 3, length: 4, group: 'decoder' });
  expect(block.parameters.map(({ name }) => name)).toEqual(graph.parameters.map(({ parameter }) => parameter.name));
  expect(block.parameters.every(({ name, group }) => name.startsWith('first.') && group === 'decoder')).toBe(true);
  // Four squares with biases, two norms, and the feed-forward part.
  expect(block.parameters.reduce((total, { size }) => total + size, 0)).toBe(4 * (36 + 6) + 2 * 12 + (60 + 10) + (60 + 6));
  expect(block.apply(graph.constant(new Float64Array(48), [8, 6])).shape).toEqual([8, 6]);
  expect(block.apply(graph.constant(new Float64Array(18), [3, 6]), 3).shape).toEqual([3, 6]);
});

test('what does not fit is refused with a sentence', () => {
  const graph = new Graph();
  const options = { width: 6, hidden: 10, heads: 4, length: 4 };
  const block = new TransformerBlock(graph, 'block', options);
  expect(() => new TransformerBlock(graph, 'block', options)).toThrow('Parameter "block.norm1.gain" is declared twice');
  expect(() => block.apply(graph.constant(new Float64Array(24), [4, 6]))).toThrow('attention: 4 heads cannot share the columns');
});
