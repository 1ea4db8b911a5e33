/** What an exported file says of where it came from, whatever its format. */
import { strFromU8, unzipSync } from 'fflate';
import { parquetMetadata } from 'hyparquet';
import { z } from 'zod';
import { LotkaError } from '#app/protocol/errors.ts';
import { SweepDefinition } from '#app/protocol/sweep.ts';
import { readText } from '#app/figures/png.ts';
import { readFromSvg } from '#app/figures/provenance.ts';

/** The most that is read of a record. */
const mostBytes = 8 * 2 ** 20;
/** Text in front of the record in a CSV file's comments. */
export const csvMark = '# lotka ';

const RunShown = z.object({
  format: z.literal(1),
  run: z.string(),
  name: z.string(),
  engine: z.string(),
  backend: z.string(),
  experiment: z.string(),
  preset: z.string().nullable(),
  parameters: z.record(z.string(), z.json()),
  /** Of a run that goes on from a step of another. */
  forkedFrom: z
    .object({ run: z.string(), step: z.number().int().min(0) })
    .nullable()
    .default(null),
  shows: z.object({ kind: z.enum(['figure', 'picture', 'curve']), id: z.string(), step: z.number().int().min(0) }),
});
export type RunShown = z.output<typeof RunShown>;

const SweepShown = z.object({ format: z.literal(1), sweep: z.string(), engine: z.string(), definition: SweepDefinition });
export type SweepShown = z.output<typeof SweepShown>;

/** One run, several that are compared, or a sweep. */
export type Carried =
  { readonly kind: 'runs'; readonly runs: readonly RunShown[] } | { readonly kind: 'sweep'; readonly sweep: SweepShown };

/**
 * The record that an exported SVG, PDF, PNG, CSV, Parquet or NPZ file carries.
 * @param name of the file, for sentences
 * @returns null if there is none: it is not Lotka's, or was taken out
 * @throws LotkaError `bad-input` if there is one that cannot be read
 */
export function carriedBy(bytes: Uint8Array, name: string): Carried | null {
  const text = recordIn(bytes, name);
  if (text === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw unreadable(name, cause);
  }
  const runs = z.union([RunShown.transform((run) => [run]), z.array(RunShown).min(1)]).safeParse(value);
  if (runs.success) return { kind: 'runs', runs: runs.data };
  const sweep = SweepShown.safeParse(value);
  if (sweep.success) return { kind: 'sweep', sweep: sweep.data };
  throw unreadable(name, sweep.error);
}

const unreadable = (name: string, cause: unknown): LotkaError =>
  new LotkaError('bad-input', `What "${name}" says of where it came from cannot be read: it is damaged, or of a newer Lotka.`, { cause });

function recordIn(bytes: Uint8Array, name: string): string | null {
  try {
    if (begins(bytes, '\x89PNG')) return readText(bytes, 'lotka');
    if (begins(bytes, '%PDF')) return between(latin(bytes), '<lotka:provenance>', '</lotka:provenance>', unescaped);
    if (begins(bytes, 'PAR1')) return orNull(() => inParquet(bytes));
    if (begins(bytes, 'PK')) return orNull(() => inNpz(bytes));
    const head = latin(bytes.subarray(0, mostBytes));
    if (head.startsWith('#')) return between(`${head}\n`, csvMark, '\n', (text) => text.trim());
    if (!head.includes('<svg')) return null;
    const carried = readFromSvg(head);
    return carried === null ? null : JSON.stringify(carried);
  } catch (cause) {
    throw unreadable(name, cause);
  }
}

/** Damaged data are told by who imports them. */
function orNull(read: () => string | null): string | null {
  try {
    return read();
  } catch {
    return null;
  }
}

const begins = (bytes: Uint8Array, mark: string): boolean => [...mark].every((letter, i) => bytes[i] === letter.charCodeAt(0));

const latin = (bytes: Uint8Array): string => strFromU8(bytes, true);

const unescaped = (text: string): string => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

function between(text: string, from: string, to: string, clean: (text: string) => string): string | null {
  const start = text.indexOf(from);
  if (start < 0) return null;
  const end = text.indexOf(to, start + from.length);
  return end < 0 ? null : clean(text.slice(start + from.length, end));
}

function inParquet(bytes: Uint8Array): string | null {
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  return parquetMetadata(buffer).key_value_metadata?.find(({ key }) => key === 'lotka')?.value ?? null;
}

/** The array `provenance` of text, as `toNpz` writes it. */
function inNpz(bytes: Uint8Array): string | null {
  const wanted = 'provenance.npy';
  const array = unzipSync(bytes, { filter: ({ name, originalSize }) => name === wanted && originalSize <= 4 * mostBytes })[wanted];
  if (!array) return null;
  const view = new DataView(array.buffer, array.byteOffset, array.byteLength);
  const start = 10 + view.getUint16(8, true);
  let text = '';
  for (let at = start; at + 4 <= array.byteLength; at += 4) {
    const point = view.getUint32(at, true);
    if (point === 0) break;
    text += String.fromCodePoint(point);
  }
  return text;
}
