import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stream } from '#app/numerics/random.ts';
import { rationalSpan } from './span.ts';
import {
  countOf,
  degreesOfFreedom,
  idealAccuracy,
  impliedParallelograms,
  membership,
  normalised,
  predictedAccuracy,
  realised,
  rqi,
  sampleRow,
  taskStructure,
  trainedParallelograms,
} from './parallelograms.ts';

const ten = taskStructure('addition', 10);
const all = ten.samples.map((_, sample) => sample);
const closeness = 0.01;

const trainingSet = fc.subarray(all, { minLength: 1 });
const embedding = fc
  .array(fc.integer({ min: -1000, max: 1000 }), { minLength: 10, maxLength: 10 })
  .filter((values) => new Set(values).size > 1);

describe('parallelograms', () => {
  it('are as many as the science says (check 1)', () => {
    expect([4, 5, 6, 8, 10, 12, 15, 20].map((symbols) => taskStructure('addition', symbols).count)).toEqual([
      3, 7, 13, 34, 70, 125, 252, 615,
    ]);
    expect([ten.samples.length, ten.classes]).toEqual([55, 19]);
    const permutations = taskStructure('permutations', 10);
    expect([permutations.symbols, permutations.samples.length, permutations.count]).toEqual([6, 36, 90]);
  });

  it('pair different samples of the same result', () => {
    for (const task of ['addition', 'modular', 'permutations'] as const) {
      const { samples, product, parallelograms, parallelogramSamples, count } = taskStructure(task, 7);
      for (let each = 0; each < count; each += 1) {
        const [one, other] = parallelogramSamples.subarray(2 * each, 2 * each + 2);
        expect(one).toBeLessThan(other);
        expect(product[one]).toBe(product[other]);
        expect([...parallelograms.subarray(4 * each, 4 * each + 4)]).toEqual([...samples[one], ...samples[other]]);
      }
    }
  });

  it('of permutations follow a group: each symbol once in every row and column, one neutral element, no commutativity', () => {
    const { product } = taskStructure('permutations', 6);
    for (let a = 0; a < 6; a += 1) {
      expect(new Set(product.subarray(6 * a, 6 * a + 6)).size).toBe(6);
      expect(product[a]).toBe(a);
      for (let b = 0; b < 6; b += 1)
        for (let c = 0; c < 6; c += 1) expect(product[6 * product[6 * a + b] + c]).toBe(product[6 * a + product[6 * b + c]]);
    }
    expect(product[6 * 1 + 2]).not.toBe(product[6 * 2 + 1]);
  });

  it('need three symbols', () => expect(() => taskStructure('addition', 2)).toThrow('at least three'));
});

describe('representation quality index', () => {
  it('of random embeddings is a multiple of 1/70, usually at most 3/70 (check 1)', () => {
    const random = stream(1, 'test');
    const counts = Array.from({ length: 400 }, () => 70 * rqi(ten, Array.from({ length: 10 }, random.uniform), 1, closeness));
    for (const count of counts) expect(Math.abs(count - Math.round(count))).toBeLessThan(1e-9);
    expect(counts.filter((count) => count < 3.5).length / counts.length).toBeGreaterThan(0.5);
  });

  it('is 1 on a line and undefined where all symbols coincide', () => {
    const line = Array.from({ length: 10 }, (_, k) => [0.3 - 0.07 * k, 2 + k]).flat();
    expect(rqi(ten, line, 2, closeness)).toBe(1);
    expect(rqi(ten, new Float64Array(10).fill(0.1), 1, closeness)).toBeNaN();
    expect(countOf(realised(ten, new Float64Array(10).fill(0.1), 1, closeness))).toBe(0);
  });

  it('ignores where a line lies, its unit, its direction and the order of the symbols', () => {
    fc.assert(
      fc.property(embedding, fc.integer({ min: -3, max: 3 }), fc.constantFrom(-4, -0.5, 0.25, 2), (values, shift, scale) => {
        const value = rqi(ten, values, 1, closeness);
        expect(
          rqi(
            ten,
            values.map((x) => scale * (x + shift)),
            1,
            closeness,
          ),
        ).toBeCloseTo(value, 12);
        expect(rqi(ten, [...values].reverse(), 1, closeness)).toBeCloseTo(value, 12);
      }),
    );
  });

  it('takes the mean over dimensions', () => {
    const line = Array.from({ length: 10 }, (_, k) => k);
    const bent = line.map((k) => (k === 9 ? 9.5 : k));
    const flat = realised(ten, bent, 1, closeness);
    const lifted = realised(
      ten,
      bent.flatMap((x, k) => [x, k]),
      2,
      closeness,
    );
    expect(countOf(flat)).toBeLessThan(70);
    expect(countOf(lifted)).toBeGreaterThanOrEqual(countOf(flat));
  });

  it('of permutations compares matrix products', () => {
    const structure = taskStructure('permutations', 6);
    const permutations = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ];
    const matrices = permutations.flatMap((images) =>
      [0, 1, 2].flatMap((row) => [0, 1, 2].map((column) => (images[column] === row ? 5 : 0))),
    );
    expect(rqi(structure, matrices, 9, 0.5)).toBe(1);
    const random = stream(3, 'test');
    expect(rqi(structure, Array.from({ length: 54 }, random.normal), 9, 0.5)).toBeLessThan(0.5);
    expect(() => rqi(structure, Array.from({ length: 48 }, random.normal), 8, 0.5)).toThrow('square number');
  });
});

describe('normalised embedding', () => {
  it('is centred with Z0 = (p - 1) d', () => {
    const random = stream(2, 'test');
    const values = normalised(Array.from({ length: 20 }, random.normal), 10, 2);
    for (const axis of [0, 1]) {
      const column = [...values].filter((_, i) => i % 2 === axis);
      expect(column.reduce((sum, x) => sum + x, 0)).toBeCloseTo(0, 12);
      expect(column.reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(9, 12);
    }
    expect([...normalised([1, 5, 1, 6], 2, 2)]).toEqual([0, -Math.SQRT1_2, 0, Math.SQRT1_2].map((x) => expect.closeTo(x, 12) as number));
  });
});

describe('accuracies', () => {
  it('predicted is at least the training fraction, and 1 when all closes and every result is trained on', () => {
    fc.assert(
      fc.property(trainingSet, embedding, (training, values) => {
        const mask = realised(ten, values, 1, closeness);
        expect(predictedAccuracy(ten, training, mask)).toBeGreaterThanOrEqual(training.length / 55);
        const everything = new Uint8Array(ten.count).fill(1);
        const results = new Set(training.map((sample) => ten.product[sample]));
        const reachable = all.filter((sample) => results.has(ten.product[sample])).length;
        expect(predictedAccuracy(ten, training, everything)).toBeCloseTo(reachable / 55, 12);
      }),
    );
  });

  it('ideal counts what P(D) implies', () => {
    expect(idealAccuracy(ten, all.slice(0, 1))).toBeCloseTo(1 / 55, 12);
    expect(idealAccuracy(ten, all)).toBe(1);
  });
});

describe('implication', () => {
  it('P0(D) ⊆ P(D) ⊆ P0, for every task', () => {
    for (const task of ['addition', 'modular', 'permutations'] as const) {
      const structure = taskStructure(task, 6);
      const samples = structure.samples.map((_, sample) => sample);
      fc.assert(
        fc.property(fc.subarray(samples), (training) => {
          const trained = trainedParallelograms(structure, training);
          const implied = impliedParallelograms(structure, training);
          expect(implied.length).toBe(structure.count);
          trained.forEach((value, each) => expect(implied[each]).toBeGreaterThanOrEqual(value));
        }),
        { numRuns: 40 },
      );
    }
  });

  it('P(D) has exactly the parallelograms that leave the rank of P0(D) unchanged', () => {
    const row = (each: number) =>
      sampleRow(ten, ten.parallelogramSamples[2 * each], ten.parallelogramSamples[2 * each + 1], new Float64Array(10));
    fc.assert(
      fc.property(fc.subarray(all, { minLength: 12, maxLength: 28 }), (training) => {
        const span = rationalSpan(10);
        trainedParallelograms(ten, training).forEach((value, each) => value === 1 && span.add(row(each)));
        const implied = impliedParallelograms(ten, training);
        for (let each = 0; each < ten.count; each += 1) expect(span.contains(row(each))).toBe(implied[each] === 1);
      }),
    );
  });

  it('more samples never leave more freedom (check 3)', () => {
    fc.assert(
      fc.property(trainingSet, fc.constantFrom(...all), (training, extra) => {
        const before = degreesOfFreedom(ten, training);
        const after = degreesOfFreedom(ten, [...new Set([...training, extra])]);
        expect(after).toBeLessThanOrEqual(before);
        expect(after).toBeGreaterThanOrEqual(2);
      }),
    );
  });

  it('is complete exactly where nothing but translation and scale is free', () => {
    fc.assert(
      fc.property(fc.subarray(all, { minLength: 15, maxLength: 35 }), (training) => {
        const complete = countOf(impliedParallelograms(ten, training)) === ten.count;
        expect(complete).toBe(degreesOfFreedom(ten, training) === 2);
      }),
    );
  });

  it('over residues leaves the linear maps, also of a composite modulus', () => {
    for (const symbols of [5, 9, 10, 12]) {
      const structure = taskStructure('modular', symbols);
      expect(
        degreesOfFreedom(
          structure,
          structure.samples.map((_, sample) => sample),
        ),
      ).toBe(2);
    }
  });

  it('in a group closes quadrangles: three equalities give the fourth, two do not', () => {
    const structure = taskStructure('permutations', 6);
    const sampleOf = (a: number, b: number) => 6 * a + b;
    // ax = bu, ay = bv, cx = du with a, b, c, d, x, y, u, v of S3 chosen so that products agree.
    const [a, c, x, y] = [1, 2, 3, 4];
    const { product } = structure;
    const find = (left: number, result: number) => [0, 1, 2, 3, 4, 5].find((right) => product[sampleOf(left, right)] === result)!;
    const b = 5;
    const u = find(b, product[sampleOf(a, x)]);
    const v = find(b, product[sampleOf(a, y)]);
    const d = [0, 1, 2, 3, 4, 5].find((left) => product[sampleOf(left, u)] === product[sampleOf(c, x)])!;
    const three = [sampleOf(a, x), sampleOf(b, u), sampleOf(a, y), sampleOf(b, v), sampleOf(c, x), sampleOf(d, u)];
    const fourth = impliedParallelograms(structure, three).findIndex((value, each) => {
      const pair = [...structure.parallelogramSamples.subarray(2 * each, 2 * each + 2)];
      return value === 1 && pair.includes(sampleOf(c, y)) && pair.includes(sampleOf(d, v));
    });
    expect(fourth).toBeGreaterThanOrEqual(0);
    expect(countOf(impliedParallelograms(structure, three.slice(0, 4)))).toBe(countOf(trainedParallelograms(structure, three.slice(0, 4))));
    expect(degreesOfFreedom(structure, three)).toBeNaN();
  });
});

it('membership marks samples', () => expect([...membership(ten, [0, 54])].filter(Boolean)).toHaveLength(2));
