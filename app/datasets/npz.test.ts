import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LotkaError } from '#app/protocol/errors.ts';
import { writeNpy } from '#app/runs/npy.ts';
import { readNpz } from './npz.ts';
import { imported, noTurn, refusal } from './testing.ts';

const golden = (name: string): Uint8Array => new Uint8Array(readFileSync(join(import.meta.dirname, 'golden', name)));
const npz = (arrays: Record<string, Uint8Array>, level: 0 | 6 = 6): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(arrays).map(([name, bytes]) => [`${name}.npy`, bytes])), { level });

describe('what NumPy wrote', () => {
  it.each(['stored', 'deflated'])('%s: arrays X and y become inputs and classes', async (name) => {
    const data = await imported(golden(`${name}.npz`), `${name}.npz`);
    expect(data).toMatchObject({ name, rows: 6, features: 4 });
    expect([...data.inputs]).toEqual(Array.from({ length: 24 }, (_, i) => i / 8));
    expect(data.target).toEqual({ kind: 'class', labels: Int32Array.of(0, 1, 2, 0, 1, 2), classes: ['0', '1', '2'] });
  });

  it('has every type of number, either byte order and memory order, truth values and texts', async () => {
    const table = await readNpz(golden('types.npz'), 'types.npz', undefined, noTurn);
    const column = (name: string) =>
      Array.from({ length: table.rows }, (_, row) => table.columns.find((other) => other.name === name)!.cell(row));
    expect(column('f2')).toEqual([1.5, -0.25, 'Infinity', 2 ** -24]);
    expect(column('f4')).toEqual([1.5, null, 3, 4]);
    expect(column('big')).toEqual([1, 2, 3, 4]);
    expect(column('b1')).toEqual([1, 0, 1, 1]);
    expect(column('u8')).toEqual([1, 2, 3, 2 ** 40]);
    expect(column('i2')).toEqual([-1, 2, 3, 4]);
    expect(column('text')).toEqual(['ä', 'b', null, 10]);
    expect(['fortran 1', 'fortran 2', 'fortran 3'].map(column)).toEqual([
      [1, 4, 7, 10],
      [2, 5, 8, 11],
      [3, 6, 9, 12],
    ]);
  });
});

describe('bad files', () => {
  it('names the array and what is wrong with it', async () => {
    expect(await refusal(golden('objects.npz'), 'objects.npz')).toBe(
      '"objects.npz", array "X": its elements are Python objects, which are never loaded; save numbers or strings.',
    );
    expect(await refusal(npz({ X: writeNpy(new Float32Array(8), [4, 2]), y: writeNpy(new Int32Array(3), [3]) }), 'a.npz')).toBe(
      '"a.npz", array "y": it has 3 rows, and "X" has 4; choose arrays that belong together.',
    );
    const whole = writeNpy(new Float32Array(8), [8]);
    expect(await refusal(npz({ X: whole.subarray(0, whole.length - 4), y: whole }), 'a.npz')).toBe(
      '"a.npz", array "X": it is cut off: 28 bytes where its shape (8) takes 32.',
    );
    expect(await refusal(npz({ X: whole }), 'a.npz', { arrays: ['Z'] })).toBe('"a.npz": it has no array "Z"; it has "X".');
    expect(await refusal(zipSync({ 'readme.txt': new Uint8Array(3) }), 'a.npz')).toContain('there are no arrays in it');
    expect(await refusal(new Uint8Array(100), 'a.npz')).toBe('"a.npz": it is not a .npz file: it does not begin as a zip.');
  });

  it('names row and column of a label that is NaN', async () => {
    const x = writeNpy(
      new Float32Array(8).map((_, i) => i),
      [4, 2],
    );
    expect(await refusal(npz({ X: x, y: writeNpy(Float64Array.of(0, 1, NaN, 1), [4]) }), 'a.npz')).toBe(
      '"a.npz", row 3, column "y": there is no value; fill it in or leave such rows out.',
    );
  });

  it('stops unpacking a bomb, whatever sizes it claims', async () => {
    const packed = deflateRawSync(new Uint8Array(200 * 2 ** 20));
    const header = new Uint8Array(30 + 5);
    const view = new DataView(header.buffer);
    view.setUint32(0, 0x04034b50, true);
    view.setUint16(8, 8, true);
    view.setUint32(18, packed.length, true);
    view.setUint32(22, 100, true);
    view.setUint16(26, 5, true);
    header.set(strToU8('X.npy'), 30);
    const bomb = new Uint8Array(Buffer.concat([header, packed]));
    expect(bomb.length).toBeLessThan(2 ** 20);
    expect(await refusal(bomb, 'bomb.npz')).toBe('"bomb.npz", array "X.npy": it unpacks to more than 160 MB; take a sample.');
  });

  it('a file cut off or damaged anywhere gives a sentence or the same arrays, never another error', async () => {
    for (const name of ['stored.npz', 'deflated.npz', 'types.npz']) {
      const bytes = golden(name);
      await fc.assert(
        fc.asyncProperty(
          fc.nat(bytes.length - 1),
          fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 6 }),
          async (end, changes) => {
            const damaged = bytes.slice();
            for (const [at, value] of changes) damaged[at] = value;
            const cut = changes.length % 2 === 0 ? damaged : damaged.subarray(0, end);
            await readNpz(cut, name, undefined, noTurn).then(
              (table) => table.columns.forEach((column) => table.rows > 0 && column.cell(table.rows - 1)),
              (error: unknown) => expect(error).toBeInstanceOf(LotkaError),
            );
          },
        ),
        { numRuns: 300 },
      );
    }
  });
});
