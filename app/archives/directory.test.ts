import { zipSync } from 'fflate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LotkaError } from '#app/protocol/errors.ts';
import { contentOf, readDirectory, type Read } from './directory.ts';

const readerOf =
  (bytes: Uint8Array): Read =>
  (offset, length) =>
    bytes.subarray(Math.max(0, offset), Math.max(0, offset + length));

const stored = (files: Record<string, Uint8Array>): Uint8Array => zipSync(files, { level: 0 });
const directory = (bytes: Uint8Array) => readDirectory(readerOf(bytes), bytes.length, 'x.lotka');
const refusal = (bytes: Uint8Array): string => {
  try {
    directory(bytes);
  } catch (error) {
    if (error instanceof LotkaError) return error.message;
    throw error;
  }
  throw new Error('it was read');
};
const files = { 'lotka.json': Uint8Array.of(123, 125), 'runs/survival-1/run.json': new Uint8Array(300).fill(7), empty: new Uint8Array(0) };

describe('the directory of an archive', () => {
  it('leads to every part as it was stored', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,12}$/), fc.uint8Array({ maxLength: 200 }), { minKeys: 1 }), (parts) => {
        const bytes = stored(parts);
        const read = directory(bytes);
        expect(read.map(({ name }) => name).sort()).toEqual(Object.keys(parts).sort());
        for (const part of read) {
          const start = contentOf(readerOf(bytes), part, 'x.lotka');
          expect(bytes.slice(start, start + part.length)).toEqual(parts[part.name]);
        }
      }),
    );
  });

  it('is refused in a sentence when the file is empty, cut off, compressed or something else', () => {
    const whole = stored(files);
    expect(refusal(new Uint8Array(0))).toBe('"x.lotka" cannot be opened: it is empty. Ask for the file again, or copy it again.');
    expect(refusal(new TextEncoder().encode('%PDF-1.7 not an archive'))).toMatch(/its end is missing, or it is no .lotka file/);
    expect(refusal(whole.subarray(0, whole.length - 30))).toMatch(/its end is missing/);
    expect(refusal(zipSync({ a: new Uint8Array(5000) }, { level: 6 }))).toMatch(/its part a is compressed/);
  });

  it('is refused when parts lie over each other, as those of a bomb do', () => {
    const bytes = stored({ a: new Uint8Array(1000), b: new Uint8Array(1000) });
    const view = new DataView(bytes.buffer);
    const second = bytes.lastIndexOf(0x50, bytes.length - 23);
    expect(view.getUint32(second, true)).toBe(0x02014b50);
    view.setUint32(second + 42, 0, true);
    expect(refusal(bytes)).toMatch(/its part [ab] lies over another/);
  });

  it('of any bytes is read or refused, never worse', () => {
    const whole = stored(files);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 12 }),
        fc.nat(whole.length),
        (edits, cut) => {
          const bytes = whole.slice(0, cut < 40 ? whole.length : cut);
          for (const [at, value] of edits) bytes[at % bytes.length] = value;
          try {
            const parts = directory(bytes);
            for (const part of parts) contentOf(readerOf(bytes), part, 'x.lotka');
          } catch (error) {
            expect(error).toBeInstanceOf(LotkaError);
          }
        },
      ),
    );
  });
});
