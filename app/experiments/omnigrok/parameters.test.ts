import { describe, expect, it } from 'vitest';
import { omnigrokParameters, tasks } from './parameters.ts';
import { omnigrokPresets } from './presets.ts';

const problems = (changes: object): string[] =>
  omnigrokParameters.safeParse(changes).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

describe('parameters', () => {
  it('are those of teacher and student unless given', () => {
    expect(omnigrokParameters.parse({})).toMatchObject({
      task: 'teacher-student',
      trainingSamples: 100,
      testSamples: 100,
      hiddenWidths: [100, 100],
      activation: 'tanh',
      learningRate: 3e-4,
      initialScale: 1,
      pinNorm: false,
    });
  });

  it.each<[object, RegExp]>([
    [{ initialScale: 0 }, /^initialScale: .*above 0/],
    [{ initialScale: -1 }, /^initialScale: .*above 0/],
    [{ pinnedNorm: -2 }, /^pinnedNorm: /],
    [{ messiness: 1.2 }, /^messiness: /],
    [{ objective: 'stablemax' }, /^objective: this task learns numbers/],
    [{ task: 'molecules', objective: 'cross-entropy' }, /^objective: this task learns numbers/],
    [{ task: 'dataset' }, /^dataset: name the imported dataset/],
    [{ task: 'digits', trainingSamples: 9000, testSamples: 2000 }, /^trainingSamples: there are 10000 digits/],
    [{ task: 'modular-addition', modulus: 3, trainingFraction: 0.05 }, /^trainingFraction: it makes 0 training pairs of 9/],
    [{ task: 'latents', modulus: 10, trainingSamples: 55 }, /^trainingSamples: there are 55 pairs/],
    [{ task: 'transformer', hiddenWidths: [8, 8] }, /^hiddenWidths: the transformer has one block/],
    [{ task: 'transformer', hiddenWidths: [8], embeddingWidth: 30 }, /^heads: 4 heads cannot share 30 numbers evenly/],
    [{ pinNorm: true, pinnedNorm: 1e-9 }, /^pinnedNorm: it cannot be reached/],
  ])('are refused in one sentence that names the parameter: %o', (changes, sentence) => {
    expect(problems(changes)).toEqual([expect.stringMatching(sentence)]);
  });
});

describe('presets', () => {
  it('have every task that needs nothing of the user', () => {
    expect(new Set(omnigrokPresets.map(({ parameters }) => parameters.task))).toEqual(new Set(tasks.filter((task) => task !== 'dataset')));
  });
});
