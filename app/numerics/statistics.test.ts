import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import golden from './golden.json' with { type: 'json' };
import { mean, median, pearson, quantile, ranks, rocAuc, spearman, standardDeviation } from './statistics.ts';

const { scores, other, truth, ...expected } = golden.statistics;

describe('statistics', () => {
  it('agree with NumPy, SciPy and scikit-learn', () => {
    expect(
      rocAuc(
        scores,
        truth.map((label) => label === 1),
      ),
    ).toBeCloseTo(expected.auc, 14);
    expect(spearman(scores, other)).toBeCloseTo(expected.spearman, 14);
    expect(pearson(scores, other)).toBeCloseTo(expected.pearson, 14);
    expect(standardDeviation(scores)).toBeCloseTo(expected.sd, 14);
    expected.quantiles.forEach(([q, value]) => expect(quantile(scores, q)).toBeCloseTo(value, 14));
  });
  it('AUC is the share of ordered pairs, ties half', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.boolean()), { minLength: 2, maxLength: 30 }), (pairs) => {
        const [winners, losers] = [true, false].map((label) => pairs.filter((pair) => pair[1] === label).map((pair) => pair[0]));
        const wins = winners.flatMap((a) => losers.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
        const auc = rocAuc(
          pairs.map((pair) => pair[0]),
          pairs.map((pair) => pair[1]),
        );
        if (wins.length === 0) expect(auc).toBeNaN();
        else expect(auc).toBeCloseTo(mean(wins), 12);
      }),
    );
  });
  it('have the plain values', () => {
    expect([...ranks([3, 1, 3, 2])]).toEqual([3.5, 1, 3.5, 2]);
    expect([mean([1, 2, 6]), median([4, 1, 3, 2]), standardDeviation([1, 3], 0)]).toEqual([3, 2.5, 1]);
    expect(median([1, Infinity, Infinity, Infinity])).toBe(Infinity);
    expect([mean([]), median([]), pearson([1, 1], [1, 2])]).toEqual([NaN, NaN, NaN]);
    expect(() => quantile([1], 2)).toThrow(RangeError);
    expect(() => pearson([1], [1, 2])).toThrow(RangeError);
    expect(() => rocAuc([1], [])).toThrow(RangeError);
  });
});
