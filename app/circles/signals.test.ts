import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stream } from '#app/numerics/random.ts';
import { principalComponents } from '#app/numerics/pca.ts';
import { initialEmbedding, normalEmbedding } from '#app/experiments/survival/circles.ts';
import { circularity } from './measures/circularity.ts';
import { fourierPlane, keepCircles, neighbourStep, projectOnPlane, signals, signalsWithMean } from './signals.ts';
import type { Embedding } from './signals.ts';

const odd = fc.integer({ min: 2, max: 15 }).map((half) => 2 * half + 1);
const embeddings = fc
  .record({ modulus: odd, width: fc.integer({ min: 1, max: 6 }), seed: fc.nat(1e6) })
  .map(({ modulus, width, seed }): Embedding => ({ modulus, width, values: normalEmbedding(modulus, width, stream(seed, 'test')) }));

const closeTo = (actual: ArrayLike<number>, expected: ArrayLike<number>, relative: number) => {
  expect(actual.length).toBe(expected.length);
  const scale = Math.max(...Array.from(expected, Math.abs), 1e-300);
  for (let i = 0; i < actual.length; i += 1) expect(Math.abs(actual[i] - expected[i])).toBeLessThanOrEqual(relative * scale);
};

const circle = (modulus: number, k: number): Embedding => ({
  modulus,
  width: 2,
  values: Float64Array.from({ length: 2 * modulus }, (_, i) =>
    (i % 2 === 0 ? Math.cos : Math.sin)((2 * Math.PI * k * Math.floor(i / 2)) / modulus),
  ),
});

describe('signals', () => {
  it('have the golden values', () => {
    const values = Array.from({ length: 21 }, (_, i) => Math.sin((Math.floor(i / 3) + 1) * ((i % 3) + 1)));
    closeTo(signalsWithMean({ modulus: 7, width: 3, values }), [1.061708, 3.631017, 3.659473, 2.689607], 2e-7);
  });
  it('keep the energy (Parseval)', () => {
    fc.assert(
      fc.property(embeddings, (embedding) => {
        const [mean, ...circles] = signalsWithMean(embedding);
        const energy = circles.reduce((sum, signal) => sum + 2 * signal ** 2, mean ** 2);
        const frobenius = Array.from(embedding.values).reduce((sum, value) => sum + value ** 2, 0);
        closeTo([energy], [embedding.modulus * frobenius], 1e-12);
      }),
    );
  });
  it('do not change under orthogonal maps of the space or translation of the tokens', () => {
    fc.assert(
      fc.property(embeddings, fc.double({ min: 0, max: 6.3, noNaN: true }), fc.nat(40), ({ modulus, width, values }, angle, shift) => {
        const turned = Float64Array.from(values);
        if (width > 1) {
          for (let t = 0; t < modulus; t += 1) {
            const [x, y] = [values[t * width], values[t * width + 1]];
            turned[t * width] = Math.cos(angle) * x - Math.sin(angle) * y;
            turned[t * width + 1] = Math.sin(angle) * x + Math.cos(angle) * y;
          }
        }
        const moved = Float64Array.from(turned, (_, i) => turned[((Math.floor(i / width) + shift) % modulus) * width + (i % width)]);
        closeTo(signals({ modulus, width, values: moved }), signals({ modulus, width, values }), 1e-12);
      }),
    );
  });
  it('are permuted by multiplication of the tokens: s_k of t -> c t is s_(c k)', () => {
    fc.assert(
      fc.property(fc.constantFrom(5, 7, 11, 13, 31), fc.integer({ min: 1, max: 30 }), fc.nat(1e6), (modulus, factor, seed) => {
        const c = ((factor - 1) % (modulus - 1)) + 1;
        const values = normalEmbedding(modulus, 3, stream(seed, 'test'));
        // Token c t takes the place of token t: E'[c t] = E[t], hence F'_k = F_(c k).
        const permuted = new Float64Array(values.length);
        for (let t = 0; t < modulus; t += 1) permuted.set(values.subarray(3 * t, 3 * t + 3), 3 * ((c * t) % modulus));
        const original = signals({ modulus, width: 3, values });
        const expected = original.map((_, i) => {
          const k = (c * (i + 1)) % modulus;
          return original[Math.min(k, modulus - k) - 1];
        });
        closeTo(signals({ modulus, width: 3, values: permuted }), expected, 1e-12);
      }),
    );
  });
});

describe('a perfect circle', () => {
  it('has circularity 1, rank 2 and all energy in one conjugate pair', () => {
    [
      [59, 5],
      [31, 12],
      [13, 1],
    ].forEach(([modulus, k]) => {
      const embedding = circle(modulus, k);
      expect(circularity(embedding, k)).toBeCloseTo(1, 12);
      const norms = signalsWithMean(embedding);
      norms.forEach((norm, j) => expect(norm).toBeCloseTo(j === k ? modulus / Math.SQRT2 : 0, 10));
      const { singularValues } = principalComponents(embedding.values, modulus, 2, 2);
      expect(singularValues[1] / singularValues[0]).toBeCloseTo(1, 12);
    });
  });
  it('orders its tokens by the neighbour step', () => {
    const [modulus, k] = [59, 8];
    const step = neighbourStep(k, modulus)!;
    expect((k * step) % modulus).toBe(1);
    const points = projectOnPlane(circle(modulus, k), fourierPlane(circle(modulus, k), k, 'orthonormal'));
    const distance = (a: number, b: number) => Math.hypot(points[2 * a] - points[2 * b], points[2 * a + 1] - points[2 * b + 1]);
    const nearest = Math.min(...Array.from({ length: modulus - 1 }, (_, i) => distance(0, i + 1)));
    expect(distance(0, step)).toBeCloseTo(nearest, 12);
  });
});

describe('neighbourStep', () => {
  it('is the inverse where there is one: the steps of the paper up to direction', () => {
    expect([2, 8, 22, 23, 3].map((k) => neighbourStep(k, 59))).toEqual([30, 37, 51, 18, 20]);
    expect([neighbourStep(2, 16), neighbourStep(3, 15), neighbourStep(1, 5)]).toEqual([null, null, 1]);
  });
});

describe('fourierPlane', () => {
  it('is orthonormal on request and leaves the paper basis as it is', () => {
    fc.assert(
      fc.property(fc.nat(1e6), (seed) => {
        const embedding = { modulus: 11, width: 6, values: normalEmbedding(11, 6, stream(seed, 'test')) };
        const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, j) => sum + value * b[j], 0);
        const plain = fourierPlane(embedding, 3);
        const upright = fourierPlane(embedding, 3, 'orthonormal');
        [plain, upright].forEach(({ u, v }) => closeTo([dot(u, u), dot(v, v)], [1, 1], 1e-12));
        expect(dot(upright.u, upright.v)).toBeCloseTo(0, 12);
        expect(upright.u).toEqual(plain.u);
      }),
    );
  });
});

describe('interventions', () => {
  const [modulus, width] = [31, 8];
  const make = (intervention: Parameters<typeof initialEmbedding>[3]) => {
    const values = initialEmbedding(modulus, width, stream(5, 'embedding'), intervention);
    return signalsWithMean({ modulus, width, values });
  };
  const untouched = make({ kind: 'all' });
  it('keep, remove and scale exactly the listed circles', () => {
    closeTo(
      make({ kind: 'keep', frequencies: [3, 8] }),
      untouched.map((signal, k) => (k === 3 || k === 8 ? signal : 0)),
      1e-12,
    );
    closeTo(
      make({ kind: 'remove', frequencies: [3, 8] }),
      untouched.map((signal, k) => (k === 3 || k === 8 ? 0 : signal)),
      1e-12,
    );
    closeTo(
      make({ kind: 'scale', frequencies: [4], scale: 1.15 }),
      untouched.map((signal, k) => (k === 4 ? 1.15 * signal : signal)),
      1e-12,
    );
  });
  it('construct circles of prescribed strength', () => {
    const built = make({ kind: 'construct', frequencies: [7, 2], scale: 0.25 });
    closeTo(
      built,
      untouched.map((_, k) => (k === 0 ? 0 : k === 7 ? 80 : k === 2 ? 20 : 1e-6)),
      1e-12,
    );
  });
  it('a subset embedding keeps the mean', () => {
    const values = initialEmbedding(modulus, width, stream(5, 'embedding'), { kind: 'all' });
    const kept = signalsWithMean({ modulus, width, values: keepCircles({ modulus, width, values }, [1, 15]) });
    closeTo(
      kept,
      untouched.map((signal, k) => (k === 0 || k === 1 || k === 15 ? signal : 0)),
      1e-12,
    );
  });
});
