import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readText, withText } from './png.ts';

// A 1 x 1 grey PNG written by another program.
const pixel = Uint8Array.from(
  atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=='),
  (character) => character.charCodeAt(0),
);

it('keeps every text it is given, and the picture', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 300 }), (text) => {
      const written = withText(pixel, 'lotka', text);
      expect(readText(written, 'lotka')).toBe(text);
      expect(written.subarray(written.length - 22)).toEqual(pixel.subarray(pixel.length - 22));
    }),
  );
});

it('knows the checksum of the specification', () => {
  // IEND has no data; its checksum AE 42 60 82 is printed in every description of the format.
  const written = withText(pixel, 'a', '');
  const view = new DataView(written.buffer);
  expect(view.getUint32(33)).toBe(2);
  expect(String.fromCharCode(...written.subarray(37, 43))).toBe('tEXta\0');
});

it('finds nothing where nothing is, and refuses damage', () => {
  expect(readText(pixel, 'lotka')).toBeNull();
  expect(() => readText(new Uint8Array(20), 'lotka')).toThrow(/no PNG/);
  expect(() => readText(withText(pixel, 'lotka', 'text').subarray(0, 50), 'lotka')).toThrow(/within a chunk/);
  const damaged = withText(pixel, 'lotka', 'text');
  damaged[8 + 25 + 8 + 7] ^= 1;
  expect(() => readText(damaged, 'lotka')).toThrow(/damaged/);
  expect(() => withText(pixel, 'lotka', 'sₖ')).toThrow(/Latin-1/);
});
