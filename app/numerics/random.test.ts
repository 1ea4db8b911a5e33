import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { philox, stream } from './random.ts';

const block = (counter: number[], key: number[]) => {
  const out = new Uint32Array(4);
  philox(counter, key, out);
  return [...out].map((word) => word.toString(16).padStart(8, '0')).join(' ');
};

describe('Philox4x32-10', () => {
  it('gives the published blocks (Random123, kat_vectors)', () => {
    const all = 0xffffffff;
    expect(block([0, 0, 0, 0], [0, 0])).toBe('6627e8d5 e169c58d bc57ac4c 9b00dbd8');
    expect(block([all, all, all, all], [all, all])).toBe('408f276d 41c83b0e a20bc7c6 6d5451fd');
    expect(block([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0])).toBe('d16cfe09 94fdcceb 5001e420 24126ea1');
  });
});

describe('stream', () => {
  it('repeats to the bit and differs by seed and purpose', () => {
    const first = (seed: number, purpose: string) =>
      Array.from(
        { length: 8 },
        (
          (random) => () =>
            random.word()
        )(stream(seed, purpose)),
      );
    expect(first(7, 'embedding')).toEqual(first(7, 'embedding'));
    const others = [first(7, 'mlp'), first(8, 'embedding'), first(7 + 2 ** 32, 'embedding')];
    others.forEach((other) => expect(other).not.toEqual(first(7, 'embedding')));
    expect(new Set(first(0, 'split')).size).toBe(8);
  });
  it('is uniform and normal', () => {
    const count = 40_000;
    const random = stream(1, 'test');
    const uniform = Float64Array.from({ length: count }, () => random.uniform()).sort();
    // Kolmogorov-Smirnov at the 0.1 % level.
    const distance = uniform.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (i + 0.5) / count)), 0);
    expect(distance * Math.sqrt(count)).toBeLessThan(1.95);
    const normal = Array.from({ length: count }, () => random.normal());
    const moment = (power: number) => normal.reduce((sum, value) => sum + value ** power, 0) / count;
    expect(Math.abs(moment(1))).toBeLessThan(0.02);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.03);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.25);
  });
  it('permutes and chooses', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), fc.nat(2 ** 31), fc.double({ min: 0, max: 1, noNaN: true }), (count, seed, share) => {
        expect([...stream(seed, 'p').permutation(count)].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
        const size = Math.floor(share * count);
        const chosen = [...stream(seed, 's').subset(count, size)];
        expect(chosen).toHaveLength(size);
        expect(chosen).toEqual([...new Set(chosen)].sort((a, b) => a - b));
        expect(chosen.every((i) => i < count)).toBe(true);
      }),
    );
  });
  it('chooses every set equally often', () => {
    const random = stream(3, 'sets');
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i += 1) {
      const key = random.subset(4, 2).join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(20.5);
  });
  it('refuses seeds and bounds that are none', () => {
    [-1, 0.5, NaN, 2 ** 53].forEach((seed) => expect(() => stream(seed, 'x')).toThrow(RangeError));
    [0, 1.5, 2 ** 32 + 1].forEach((bound) => expect(() => stream(0, 'x').below(bound)).toThrow(RangeError));
    expect(() => stream(0, 'x').subset(2, 3)).toThrow(RangeError);
  });
});
