import { expect, it } from 'vitest';
import { blankWords, drawnWords, remembered, type FigureWords } from './figure-words.ts';

it('reads ends of axes, both or none', () => {
  expect(drawnWords(blankWords)).toEqual({ title: null, names: {}, xLimits: null, yLimits: null });
  expect(drawnWords({ ...blankWords, xFrom: '1e-3', xTo: ' 10 ' })).toMatchObject({ xLimits: [0.001, 10], yLimits: null });
  for (const wrong of [{ xFrom: '1' }, { yFrom: 'one', yTo: '2' }, { xFrom: '1', xTo: '1e999' }])
    expect(drawnWords({ ...blankWords, ...wrong })).toBeNull();
});

it('remembers words of a figure until they are its own again, of the latest figures only', () => {
  const mine = { ...blankWords, title: 'Mine' };
  expect(remembered({}, 'a/b', mine)).toEqual({ 'a/b': mine });
  expect(remembered({ 'a/b': mine }, 'a/b', blankWords)).toEqual({});
  let all: Record<string, FigureWords> = {};
  for (let index = 0; index < 70; index += 1) all = remembered(all, `figure ${index}`, mine);
  expect(Object.keys(all)).toHaveLength(60);
  expect(Object.keys(all).at(-1)).toBe('figure 69');
});
