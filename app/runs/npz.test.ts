import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LotkaError } from '#app/protocol/errors.ts';
import { readCheckpoint, writeCheckpoint } from './npz.ts';

const checkpoint = {
  step: 1200,
  arrays: {
    embedding: { shape: [2, 3], values: Float32Array.of(1, -0, NaN, Infinity, 1e-40, 3) },
    'adam.m/mlp.0.weight': { shape: [2], values: Float64Array.of(1 / 3, 2) },
    scale: { shape: [], values: Float64Array.of(7) },
  },
};

describe('checkpoints', () => {
  it('come back bit for bit', () => {
    expect(readCheckpoint(writeCheckpoint(checkpoint), 'c.npz')).toEqual(checkpoint);
  });

  it('are equal files for equal states', () => {
    expect(writeCheckpoint(checkpoint)).toEqual(writeCheckpoint(structuredClone(checkpoint)));
  });

  it('refuse damaged files with a sentence', () => {
    const good = writeCheckpoint(checkpoint);
    let refused = 0;
    const damage = fc.oneof(
      fc.integer({ min: 0, max: good.length - 1 }).map((length) => good.slice(0, length)),
      fc.tuple(fc.integer({ min: 0, max: good.length - 1 }), fc.uint8Array({ minLength: 1, maxLength: 40 })).map(([at, noise]) => {
        const bytes = good.slice();
        bytes.set(noise.subarray(0, bytes.length - at), at);
        return bytes;
      }),
      fc.uint8Array({ maxLength: 500 }),
    );
    fc.assert(
      fc.property(damage, (bytes) => {
        try {
          readCheckpoint(bytes, 'c.npz');
        } catch (error) {
          refused++;
          expect(error).toBeInstanceOf(LotkaError);
          expect((error as LotkaError).message).toContain('c.npz');
        }
      }),
      { numRuns: 500 },
    );
    expect(refused).toBeGreaterThan(250);
  });
});
