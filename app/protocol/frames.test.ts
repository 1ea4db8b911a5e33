import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LotkaError } from './errors.ts';
import { decodeFrame, encodeFrame } from './frames.ts';

const typedArray = fc.oneof(
  fc.float64Array().map((a) => Float64Array.from(a)),
  fc.float32Array().map((a) => Float32Array.from(a)),
  fc.int32Array().map((a) => Int32Array.from(a)),
  fc.uint8Array().map((a) => Uint8Array.from(a)),
);
const message = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    typedArray,
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('value'), { maxLength: 5 }),
  object: fc.dictionary(fc.oneof(fc.string(), fc.constant('$'), fc.constant('__proto__'), fc.constant('7')), tie('value'), {
    maxKeys: 5,
    noNullPrototype: true,
  }),
}));

describe('frames', () => {
  it('give back every message, bit for bit, wherever the bytes lie', () => {
    fc.assert(
      fc.property(message.value, fc.integer({ min: 0, max: 7 }), (sent, shift) => {
        const bytes = encodeFrame(sent);
        const moved = new Uint8Array(bytes.length + shift);
        moved.set(bytes, shift);
        expect(decodeFrame(moved.subarray(shift))).toStrictEqual(sent === undefined ? null : sent);
      }),
      { numRuns: 300 },
    );
  });

  it('hold arrays raw at multiples of eight, outside the JSON', () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => i / 3);
    const bytes = encodeFrame({ values });
    expect(bytes.length).toBeLessThan(8000 + 64);
    const raw = new Uint8Array(values.buffer);
    expect(bytes.subarray(bytes.length - 8000)).toEqual(raw);
    expect((bytes.length - 8000) % 8).toBe(0);
  });

  it('refuse damaged bytes with a sentence', () => {
    const good = encodeFrame({ a: Float64Array.of(1, 2, 3), b: [1, NaN] });
    const damage = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.integer({ min: 0, max: good.length - 1 }).map((length) => good.slice(0, length)),
      fc.tuple(fc.integer({ min: 0, max: good.length - 1 }), fc.integer({ min: 0, max: 255 })).map(([at, byte]) => {
        const bytes = good.slice();
        bytes[at] = byte;
        return bytes;
      }),
    );
    fc.assert(
      fc.property(damage, (bytes) => {
        try {
          decodeFrame(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(LotkaError);
          expect((error as LotkaError).message).toMatch(/damaged/);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('refuse what cannot travel', () => {
    for (const value of [() => 1, 1n, new Map(), new ArrayBuffer(8), new Float64Array(1).buffer, new DataView(new ArrayBuffer(1))]) {
      expect(() => encodeFrame({ value })).toThrow(LotkaError);
    }
  });
});
