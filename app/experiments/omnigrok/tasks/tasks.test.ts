import { describe, expect, it } from 'vitest';
import { noDatasets, type Dataset } from '#app/datasets/dataset.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { omnigrokParameters, type OmnigrokParameters } from '../parameters.ts';
import { taskOf } from './index.ts';
import type { Samples } from './task.ts';

const parse = (changes: Partial<OmnigrokParameters>) => omnigrokParameters.parse(changes);
const make = (changes: Partial<OmnigrokParameters>) => taskOf(parse(changes), noDatasets);
const rowsOf = ({ rows, inputs }: Samples): string[] =>
  Array.from({ length: rows }, (_, row) => {
    const width = inputs.kind === 'numbers' ? inputs.width : inputs.length;
    return Array.from({ length: width }, (_, i) => inputs.values[row * width + i]).join(' ');
  });

/** Rows whose first number is their own index, in three classes or with their negative to tell. */
const dataset = (kind: 'class' | 'number'): Dataset => ({
  id: 'rows',
  name: 'Rows',
  rows: 30,
  features: 2,
  inputs: Float32Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? i / 2 : 1)),
  target:
    kind === 'class'
      ? { kind, labels: Int32Array.from({ length: 30 }, (_, row) => row % 3), classes: ['a', 'b', 'c'] }
      : { kind, values: Float32Array.from({ length: 30 }, (_, row) => -row), width: 1 },
  hash: '',
});

describe('generated samples', () => {
  it.each<Partial<OmnigrokParameters>>([{ task: 'teacher-student' }, { task: 'sentiment' }, { task: 'molecules' }])(
    'of $task test on the same ones however many are trained on, and follow their seeds',
    (changes) => {
      const [few, many] = [20, 50].map((trainingSamples) => make({ ...changes, trainingSamples, testSamples: 15 }));
      expect(many.test).toEqual(few.test);
      expect(rowsOf(many.train).slice(0, 20)).toEqual(rowsOf(few.train));
      const other = make({ ...changes, trainingSamples: 20, testSamples: 15, dataSeed: 1 });
      expect(rowsOf(other.train)).not.toEqual(rowsOf(few.train));
      const taught = make({ ...changes, trainingSamples: 20, testSamples: 15, teacherSeed: 1 });
      expect(taught.train).not.toEqual(few.train);
    },
  );

  it('of sentiment are shares of words, both classes about as often', () => {
    const { train } = make({ task: 'sentiment', trainingSamples: 400 });
    for (const row of rowsOf(train)) expect(row.split(' ').reduce((sum, share) => sum + Number(share), 0)).toBeCloseTo(1, 9);
    expect(Math.abs(train.labels!.reduce((sum, label) => sum + label, 0) - 200)).toBeLessThan(50);
  });

  it('of molecules are connected graphs whose answer is one sum of what is in them', () => {
    const { train } = make({ task: 'molecules', trainingSamples: 60 });
    const counts = rowsOf(train).map((text) => {
      const row = text.split(' ').map(Number);
      const count = row.slice(0, 45).reduce((sum, x) => sum + x, 0);
      const bonds = (i: number, j: number) => [0, 1, 2].map((kind) => row[45 + 81 * kind + 9 * i + j]);
      const reached = new Set([0]);
      for (const i of reached) for (let j = 0; j < 9; j += 1) if (bonds(i, j).includes(1)) reached.add(j);
      expect(reached.size).toBe(count);
      expect(count).toBeGreaterThanOrEqual(3);
      for (let i = 0; i < 9; i += 1) {
        expect(bonds(i, i)).toEqual([0, 0, 0]);
        for (let j = 0; j < 9; j += 1) {
          expect(bonds(i, j)).toEqual(bonds(j, i));
          expect(bonds(i, j).reduce((sum, x) => sum + x, 0)).toBeLessThanOrEqual(1);
        }
      }
      const ofElement = (element: number) => row.slice(0, 45).filter((x, at) => x === 1 && at % 5 === element).length;
      const ofKind = (kind: number) => row.slice(45 + 81 * kind, 126 + 81 * kind).reduce((sum, x) => sum + x, 0) / 2;
      return [...[0, 1, 2, 3, 4].map(ofElement), ...[0, 1, 2].map(ofKind)].join(' ');
    });
    const answers = new Map<string, number>();
    counts.forEach((key, row) => {
      const answer = train.values![row];
      expect(answer).toBeCloseTo(answers.get(key) ?? answer, 12);
      answers.set(key, answer);
    });
    expect(answers.size).toBeLessThan(60);
  });
});

describe('modular addition', () => {
  it.each(['modular-addition', 'transformer'] as const)('of %s has every ordered pair once, with its sum', (task) => {
    const { train, test } = make({ task, modulus: 7, trainingFraction: 0.4, embeddingWidth: 8, hiddenWidths: [6] });
    expect([train.rows, test.rows]).toEqual([19, 30]);
    expect(new Set([...rowsOf(train), ...rowsOf(test)]).size).toBe(49);
    for (const samples of [train, test])
      rowsOf(samples).forEach((row, at) => {
        const [a, b, ...further] = row.split(' ').map(Number);
        expect(samples.labels![at]).toBe((a + b) % 7);
        expect(further).toEqual(task === 'transformer' ? [7] : []);
      });
  });

  it('on latents reads sums of points that lie between a line and anywhere', () => {
    const at = (messiness: number) =>
      make({ task: 'latents', modulus: 10, trainingSamples: 45, messiness }).train.inputs.values as Float64Array;
    const [line, half, random] = [at(0), at(0.3), at(1)];
    half.forEach((value, i) => expect(value).toBeCloseTo(0.7 * line[i] + 0.3 * random[i], 12));
    const { train, test } = make({ task: 'latents', modulus: 10, trainingSamples: 45, messiness: 0 });
    expect([train.rows, test.rows]).toEqual([45, 10]);
    // On the line the first number tells the sum: -2 + 2 (i + j) / 9.
    for (const { rows, inputs, labels } of [train, test])
      for (let row = 0; row < rows; row += 1) {
        const sum = ((inputs.values[2 * row] + 2) * 9) / 2;
        expect(Math.round(sum) % 10).toBe(labels![row]);
        expect(sum).toBeCloseTo(Math.round(sum), 9);
        expect(Math.abs(inputs.values[2 * row + 1])).toBeLessThanOrEqual(0.6);
      }
  });
});

describe('a dataset', () => {
  const own = (changes: Partial<OmnigrokParameters>) =>
    parse({ task: 'dataset', dataset: 'rows', trainingSamples: 20, testSamples: 10, ...changes });

  it('gives every row once to training or test, with what belongs to it', () => {
    const { train, test, target, objective } = taskOf(own({}), () => dataset('class'));
    expect([target, objective]).toEqual([{ kind: 'class', classes: 3 }, 'cross-entropy']);
    const rows = [train, test].flatMap((samples) => rowsOf(samples).map((row, at) => [Number(row.split(' ')[0]), samples.labels![at]]));
    expect(rows.map(([row]) => row).sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, row) => row));
    for (const [row, label] of rows) expect(label).toBe(row % 3);
    const numbers = taskOf(own({}), () => dataset('number'));
    expect([numbers.target, numbers.objective]).toEqual([{ kind: 'number', width: 1 }, 'mse']);
    rowsOf(numbers.train).forEach((row, at) => expect(numbers.train.values![at] + Number(row.split(' ')[0])).toBe(0));
  });

  it('is refused in one sentence where it does not fit', () => {
    const refused = (changes: Partial<OmnigrokParameters>, kind: 'class' | 'number') => {
      try {
        taskOf(own(changes), () => dataset(kind));
      } catch (error) {
        expect(error).toBeInstanceOf(LotkaError);
        return (error as LotkaError).message;
      }
      return expect.fail('was taken');
    };
    expect(refused({ trainingSamples: 25 }, 'class')).toContain('"Rows" has 30 rows, fewer than the 25 to train and 10 to test');
    expect(refused({ objective: 'stablemax' }, 'number')).toContain('choose objective = "mse", not "stablemax"');
    expect(() => taskOf(own({ dataset: 'gone' }), noDatasets)).toThrow('"gone"');
  });
});
