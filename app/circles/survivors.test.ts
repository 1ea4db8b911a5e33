import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { colourSlots, meanThreshold, survivorsByGap, survivorsByMean, survivorsOf, winnersFixedAt } from './survivors.ts';
import type { SignalHistory } from './survivors.ts';

const row = (modulus: number, alive: Readonly<Record<number, number>>, rest: number, mean = rest) => ({
  modulus,
  signals: Float64Array.from({ length: (modulus - 1) / 2 }, (_, i) => alive[i + 1] ?? rest),
  unpaired: [mean],
});

/** Each entry of `script` holds from its step until the next. */
const history = (rows: number, script: readonly (readonly [number, readonly number[]])[]): SignalHistory => ({
  rows,
  at: (step) => {
    const alive = script.findLast(([from]) => from <= step)![1];
    return row(59, Object.fromEntries(alive.map((k) => [k, 80])), alive.length === 0 ? 80 : 5);
  },
});

describe('the two rules', () => {
  it('agree after long training', () => {
    const survivors = survivorsOf(row(59, { 5: 80, 11: 75, 23: 60, 28: 90 }, 9));
    expect(survivors).toMatchObject({
      frequencies: [5, 11, 23, 28],
      rule: 'twice-the-mean',
      byMean: [5, 11, 23, 28],
      byGap: [5, 11, 23, 28],
      aboveTen: [5, 11, 23, 28],
    });
  });
  it('report nobody in a random embedding', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 78, max: 96, noNaN: true }), { minLength: 29, maxLength: 29 }), (signals) => {
        expect(survivorsOf({ modulus: 59, signals, unpaired: [87] })).toMatchObject({ byMean: [], byGap: [] });
      }),
    );
  });
  it('twice the mean counts all p bins, the mean included', () => {
    const example = { modulus: 7, signals: [3, 2, 1], unpaired: [9] };
    expect(meanThreshold(example)).toBeCloseTo((2 * (9 + 12)) / 7, 14);
    // The one bin above the threshold is the mean: half a pair, hence nobody.
    expect(survivorsByMean(example)).toEqual([]);
    expect(meanThreshold({ modulus: 6, signals: [3, 2], unpaired: [1, 4] })).toBeCloseTo(5, 14);
  });
  it('twice the mean reports fewer than p/4 equal survivors, so that small moduli fall back on the gap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 49 }), fc.nat(40), (half, pick) => {
        const modulus = 2 * half + 1;
        const count = (pick % half) + 1;
        const alive = Object.fromEntries(Array.from({ length: count }, (_, i) => [i + 1, 50]));
        const reported = survivorsByMean(row(modulus, alive, 0)).length;
        expect(reported).toBe(count < modulus / 4 ? count : 0);
      }),
    );
    const small = survivorsOf(row(13, { 1: 30, 2: 28, 4: 33, 6: 31 }, 1));
    expect(small).toMatchObject({ frequencies: [1, 2, 4, 6], rule: 'largest-gap', byMean: [], byGap: [1, 2, 4, 6] });
    expect(small.reason).toContain('modulus 13');
  });
  it('gaps among the dead do not matter', () => {
    expect(survivorsByGap([60, 55, 3, 1e-6, 1e-12, 0])).toEqual([1, 2]);
    expect(survivorsByGap([0, 0, 0])).toEqual([]);
  });
});

describe('winnersFixedAt', () => {
  it('is the first step of the last constant stretch', () => {
    expect(
      winnersFixedAt(
        history(400, [
          [0, []],
          [100, [5, 9, 20]],
          [250, [5, 9]],
        ]),
      ),
    ).toBe(250);
    expect(winnersFixedAt(history(10, [[0, [3]]]))).toBe(0);
    expect(winnersFixedAt(history(10, [[0, []]]))).toBeNull();
    expect(winnersFixedAt({ rows: 0, at: () => row(59, {}, 1) })).toBeNull();
  });
});

describe('colourSlots', () => {
  const script = [
    [0, []],
    [40, [7]],
    [80, [7, 3]],
    [200, [3, 9]],
    [300, [3, 9, 12]],
  ] as const;
  it('never recolours a circle that stays alive while training goes on', () => {
    let before = new Map<number, number>();
    for (let rows = 1; rows <= 600; rows += 7) {
      const slots = colourSlots(history(rows, script));
      for (const [k, slot] of slots) if (slot >= 0 && (before.get(k) ?? -1) >= 0) expect(slot).toBe(before.get(k));
      before = new Map(slots);
    }
    expect([before.get(3), before.get(9), before.get(12), before.get(7), before.size]).toEqual([1, 0, 2, -1, 29]);
  });
  it('gives different survivors different slots', () => {
    const slots = [...colourSlots(history(50, [[0, [1, 4, 6, 7, 9, 20, 22, 29]]])).values()].filter((slot) => slot >= 0);
    expect(slots.sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });
});
