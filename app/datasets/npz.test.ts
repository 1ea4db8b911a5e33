import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LotkaError } from '#app/protocol/errors.ts';
import { writeNpy } from '#app/runs/npy.ts';
import { readNpz, type NpzTable } from './npz.ts';
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

  it('tells a number that changed, by the checksum', async () => {
    const bytes = npz({ X: writeNpy(new Float32Array(8), [4, 2]), y: writeNpy(Int32Array.of(0, 1, 0, 1), [4]) }, 0);
    bytes[bytes.indexOf(0x0a, 40) + 5]! ^= 64;
    expect(await refusal(bytes, 'a.npz')).toBe('"a.npz", array "X.npy": it is damaged: its checksum is another.');
  });

  it('stops unpacking a bomb, whatever sizes it claims', async () => {
    const one = zipSync({ 'X.npy': new Uint8Array(10 * 2 ** 20) });
    const at = new DataView(one.buffer, one.byteOffset, one.length).getUint32(one.length - 6, true);
    // The same bytes twenty times over.
    const [entry, end] = [one.slice(at, -22), one.slice(-22)];
    new DataView(entry.buffer).setUint32(24, 100, true);
    new DataView(end.buffer).setUint16(10, 20, true);
    const bomb = new Uint8Array(Buffer.concat([one.subarray(0, at), ...Array<Uint8Array>(20).fill(entry), end]));
    expect(bomb.length).toBeLessThan(20_000);
    const begun = performance.now();
    expect(await refusal(bomb, 'bomb.npz')).toBe('"bomb.npz", array "X.npy": it unpacks to more than 160 MB; take a sample.');
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  it('an array without rows or columns, and one in which all rows are the same', async () => {
    const y = writeNpy(Int32Array.of(0, 1, 0, 1), [4]);
    expect(await refusal(npz({ X: writeNpy(new Float32Array(0), [0, 3]), y: writeNpy(new Int32Array(0), [0]) }), 'a.npz')).toBe(
      '"a.npz": it has 0 rows; at least 4 are needed to train and test.',
    );
    expect(await refusal(npz({ X: writeNpy(new Float32Array(0), [4, 0]), y }), 'a.npz')).toMatch(/^"a\.npz": it has one column only/);
    expect(await refusal(npz({ X: writeNpy(new Float32Array(0), [4, 0]) }), 'a.npz')).toMatch(/^"a\.npz": no column is left/);
    expect(await refusal(npz({ X: writeNpy(new Float32Array(8), [4, 2]), y }), 'a.npz')).toBe(
      '"a.npz": its inputs are the same in every row.',
    );
  });

  it('a file cut off or damaged anywhere gives a sentence or the same arrays, never another error', async () => {
    const cellsOf = ({ columns, rows }: NpzTable) =>
      columns.map(({ name, cell }) => [name, ...Array.from({ length: rows }, (_, row) => cell(row))]);
    for (const name of ['stored.npz', 'deflated.npz', 'types.npz']) {
      const bytes = golden(name);
      const whole = cellsOf(await readNpz(bytes, name, undefined, noTurn));
      await fc.assert(
        fc.asyncProperty(
          fc.nat(bytes.length - 1),
          fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 6 }),
          async (end, changes) => {
            const damaged = bytes.slice();
            for (const [at, value] of changes) damaged[at] = value;
            const cut = changes.length % 2 === 0 ? damaged : damaged.subarray(0, end);
            await readNpz(cut, name, undefined, noTurn).then(
              // Names of arrays have no checksum.
              (table) => cellsOf(table).forEach(([, ...cells]) => expect(whole.map(([, ...others]) => others)).toContainEqual(cells)),
              (error: unknown) => expect(error).toBeInstanceOf(LotkaError),
            );
          },
        ),
        { numRuns: 300 },
      );
    }
  });

  it('any header is read or refused', async () => {
    const header = fc.record({
      descr: fc.constantFrom('<f8', '>f4', '<f2', '<i8', '|b1', '<U3', '|O', '<c16', '<M8[ns]', '|S4', '<U0', '<f80', ''),
      fortran: fc.constantFrom('True', 'False', 'None'),
      shape: fc.array(fc.oneof(fc.nat(6), fc.integer({ min: -2, max: 2 ** 31 })), { maxLength: 9 }),
      data: fc.uint8Array({ maxLength: 200 }),
    });
    await fc.assert(
      fc.asyncProperty(header, async ({ descr, fortran, shape, data }) => {
        const text = `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': (${shape.join(', ')},), }\n`;
        const bytes = Uint8Array.of(0x93, ...strToU8('NUMPY'), 1, 0, text.length, 0, ...strToU8(text), ...data);
        await imported(npz({ X: bytes }), 'a.npz').then(
          ({ rows, features, inputs }) => expect(inputs).toHaveLength(rows * features),
          (error: unknown) => {
            expect(error).toBeInstanceOf(LotkaError);
            expect((error as LotkaError).message).toMatch(/"a\.npz".*\.$/);
          },
        );
      }),
      { numRuns: 500 },
    );
  });
});
