import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LotkaError } from '#app/protocol/errors.ts';
import { npyHeader, npyTypeOf, readNpy, readNpyHeader, writeNpy } from './npy.ts';

describe('.npy', () => {
  it('gives back every array, bit for bit', () => {
    const array = fc.oneof(
      fc.float64Array({ maxLength: 60 }).map((a) => Float64Array.from(a)),
      fc.float32Array({ maxLength: 60 }).map((a) => Float32Array.from(a)),
      fc.int32Array({ maxLength: 60 }).map((a) => Int32Array.from(a)),
      fc.uint8Array({ maxLength: 60 }).map((a) => Uint8Array.from(a)),
    );
    fc.assert(
      fc.property(array, fc.integer({ min: 0, max: 7 }), (values, shift) => {
        const bytes = writeNpy(values, [values.length, 1]);
        const moved = new Uint8Array(bytes.length + shift);
        moved.set(bytes, shift);
        expect(readNpy(moved.subarray(shift), 'x.npy')).toEqual({ shape: [values.length, 1], values });
      }),
    );
  });

  it('writes what NumPy writes', () => {
    // numpy.save of numpy.array([[1., 2.], [3., 4.]]), NumPy 1.26 and 2.x.
    const header = "\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }";
    const expected = `${header}${' '.repeat(127 - header.length)}\n`;
    expect(String.fromCharCode(...npyHeader('<f8', [2, 2]))).toBe(expected);
    expect(writeNpy(Float64Array.of(1, 2, 3, 4), [2, 2]).length).toBe(128 + 32);
  });

  it('has a header of one length however many rows there are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9999 }), { maxLength: 4 }),
        fc.integer({ min: 0, max: 999_999_999_999 }),
        (rowShape, rows) => {
          const header = npyHeader('<f4', [rows, ...rowShape]);
          expect(header.length).toBe(npyHeader('<f4', [0, ...rowShape]).length);
          expect(header.length % 64).toBe(0);
          if (rows * rowShape.reduce((size, length) => size * length, 1) <= 2 ** 40)
            expect(readNpyHeader(header, 'x.npy')).toEqual({ type: '<f4', shape: [rows, ...rowShape], dataOffset: header.length });
        },
      ),
    );
  });

  it('answers 500 malformed files with a sentence each', () => {
    const good = writeNpy(Float64Array.of(1, 2, 3), [3]);
    const text = (header: string): Uint8Array => {
      const bytes = new Uint8Array(10 + header.length);
      bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
      for (let i = 0; i < header.length; i++) bytes[10 + i] = header.charCodeAt(i);
      return bytes;
    };
    const malformed = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.integer({ min: 0, max: good.length - 1 }).map((length) => good.slice(0, length)),
      fc.tuple(fc.integer({ min: 0, max: 75 }), fc.uint8Array({ minLength: 1, maxLength: 8 })).map(([at, noise]) => {
        const bytes = good.slice();
        bytes.set(noise, at);
        return bytes;
      }),
      fc
        .record({
          descr: fc.constantFrom('<f8', '>f8', '|O', '<c16', '<U9', 'evil'),
          order: fc.constantFrom('True', 'False', '0'),
          shape: fc.constantFrom('(99999999999999999999,)', '(-1,)', '(1, 2', '(3,)', '(9999999, 9999999, 9999999)', '()'),
        })
        .map(({ descr, order, shape }) => text(`{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }\n`)),
    );
    let refused = 0;
    fc.assert(
      fc.property(malformed, (bytes) => {
        try {
          const { shape, values } = readNpy(bytes, 'x.npy');
          expect(values.length).toBe(shape.reduce((size, length) => size * length, 1));
        } catch (error) {
          refused++;
          expect(error).toBeInstanceOf(LotkaError);
          expect((error as LotkaError).code).toBe('store-corrupt');
          expect((error as LotkaError).message).toMatch(/^x\.npy is not a \.npy file that Lotka can read: .+\.$/);
        }
      }),
      { numRuns: 500 },
    );
    expect(refused).toBeGreaterThan(300);
  });

  it('names a type that is no word in one line', () => {
    const header = writeNpy(Float64Array.of(1), [1]);
    const at = header.findIndex((byte, i) => byte === 0x3c && header[i + 1] === 0x66);
    header.set([10, 0, 233], at);
    expect(() => readNpy(header, 'x.npy')).toThrow('its numbers are of type ???, and');
  });

  it('refuses a shape that does not fit', () => {
    expect(() => writeNpy(Float64Array.of(1, 2, 3), [2, 2])).toThrow(RangeError);
    expect(npyTypeOf(new Float32Array(1))).toBe('<f4');
  });
});
