import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LotkaError } from '#app/protocol/errors.ts';
import { carriedBy } from './carried.ts';
import { toCsv } from '#app/figures/csv.ts';
import { toNpz } from './npz.ts';
import { toParquet } from './parquet.ts';
import { asciiJson, embedInSvg } from '#app/figures/provenance.ts';

const run = {
  format: 1,
  run: 'survival-abc123',
  name: 'Ω <b> & "quotes"',
  engine: 'e',
  backend: 'wasm',
  experiment: 'survival',
  preset: 'fast',
  parameters: { modulus: 31, hiddenWidths: [64, 64] },
  forkedFrom: null,
  shows: { kind: 'figure', id: 'signals', step: 7 },
};
const definition = {
  name: 'a sweep',
  experiment: 'omnigrok',
  preset: null,
  parameters: { steps: 10 },
  backend: 'wasm',
  axes: [{ kind: 'range', parameter: 'initialScale', scale: 'log', from: 0.1, to: 10, count: 3 }],
  sampling: { kind: 'grid' },
  seeds: { parameters: ['networkSeed'], first: 0, count: 1 },
  keep: 'outcomes',
};
const table = {
  columns: ['step', 'loss', 'loss', 'phase'],
  rows: [
    [0, 1.5, null, 'Ω'],
    [1, 0.5, 2, null],
  ],
};
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const files = (record: object): [string, Uint8Array][] => [
  ['a.svg', bytes(embedInSvg('<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>', record))],
  ['a.csv', bytes(toCsv(table, ['a title', `lotka ${asciiJson(record)}`]))],
  ['a.npz', toNpz(table, record)],
  ['a.parquet', toParquet(table, record)],
  [
    'a.pdf',
    bytes(
      `%PDF-1.7\n<lotka:provenance>${asciiJson(record).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</lotka:provenance>`,
    ),
  ],
];

describe('what an exported file says of itself', () => {
  it('comes back out of every format', () => {
    for (const [name, file] of files(run)) expect(carriedBy(file, name), name).toEqual({ kind: 'runs', runs: [run] });
    for (const [name, file] of files([run, { ...run, run: 'survival-other' }]))
      expect(carriedBy(file, name), name).toMatchObject({ kind: 'runs', runs: [{ run: run.run }, { run: 'survival-other' }] });
    const sweep = { format: 1, sweep: 'sweep-1', engine: 'e', definition };
    for (const [name, file] of files(sweep)) expect(carriedBy(file, name), name).toEqual({ kind: 'sweep', sweep });
  });

  it('is nothing in files of others', () => {
    for (const text of ['', 'a,b\n1,2\n', '# a comment\na,b\n', '<svg xmlns="http://www.w3.org/2000/svg"/>', '%PDF-1.4\nnothing'])
      expect(carriedBy(bytes(text), 'x')).toBeNull();
    // What is wrong with data is told by who imports them.
    for (const text of ['PK\x03\x04 cut', 'PAR1 cut']) expect(carriedBy(bytes(text), 'x')).toBeNull();
  });

  it('is refused in a sentence where it is damaged or newer', () => {
    for (const record of ['{', '{"format":2,"run":"a"}', '[]', '{"format":1,"sweep":"x","engine":"e","definition":{}}']) {
      const file = bytes(`# lotka ${record}\nstep\n1\n`);
      expect(() => carriedBy(file, 'a.csv')).toThrow(/^What "a\.csv" says of where it came from cannot be read/);
    }
  });

  it('is null or a sentence for any bytes, cut or changed anywhere', () => {
    const all = files(run);
    fc.assert(
      fc.property(
        fc.nat(all.length - 1),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(255),
        fc.boolean(),
        (which, place, byte, cut) => {
          const [name, whole] = all[which]!;
          const at = Math.floor(place * whole.length);
          const file = cut ? whole.slice(0, at) : whole.with(at % whole.length, byte);
          try {
            const carried = carriedBy(file, name);
            if (carried) expect(carried.kind).toBe('runs');
          } catch (error) {
            expect(error).toBeInstanceOf(LotkaError);
          }
        },
      ),
    );
  });
});
