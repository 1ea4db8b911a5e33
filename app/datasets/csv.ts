/** Text tables as RFC 4180 describes them: cells between delimiters, quoted where they hold one, a quotation mark doubled. */
import { strFromU8 } from 'fflate';
import { mostColumns, mostRows, grouped } from './limits.ts';
import {
  badFile,
  cellOf,
  cellsPerTurn,
  distinctNames,
  quoted,
  requireSize,
  type Cell,
  type Column,
  type Table,
  type Turn,
} from './table.ts';

export const delimiters = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof delimiters)[number];

export interface CsvChoices {
  /** What stands between cells; found out unless told. */
  readonly delimiter?: Delimiter;
  /** Whether the first row names the columns; found out unless told. */
  readonly header?: boolean;
  /** `,` where 3,5 is three and a half; found out unless told. */
  readonly decimal?: '.' | ',';
}

export interface CsvTable extends Table {
  readonly choices: Required<CsvChoices>;
}

/** Records that decide what the delimiter is. */
const sampled = 100;
const delimiterNames: Readonly<Record<Delimiter, string>> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'vertical bars' };

/**
 * Reads a text table. Cells stay where they are in the text; what is kept is where each begins, four bytes a cell.
 * @param turn asked between every few thousand cells
 * @throws LotkaError `bad-input` naming row and column: rows of unequal length, an open quotation mark, no rows, too many, no UTF-8
 */
export async function readCsv(bytes: Uint8Array, file: string, choices: CsvChoices, turn: Turn): Promise<CsvTable> {
  const text = textOf(bytes, file);
  const delimiter = choices.delimiter ?? guessDelimiter(text);
  const { starts, width, records } = await indexRecords(text, file, delimiter, turn);
  if (records === 0) throw badFile(file, '', 'it is empty; a table has a row for each sample.');
  const read = (record: number, column: number): string => readCell(text, starts[record * width + column]!, delimiter).value;
  const first = Array.from({ length: width }, (_, column) => read(0, column).trim());
  const header = choices.header ?? looksLikeHeader(first);
  const rows = records - (header ? 1 : 0);
  if (rows === 0) throw badFile(file, '', 'it has a header and no rows below it.');
  requireSize(file, rows, width);
  const skipped = records - rows;
  const decimal = choices.decimal ?? (delimiter === ',' ? '.' : guessDecimal(read, records, width, skipped));
  const names = distinctNames(first.map((name, column) => (header && name !== '' ? name : `column ${column + 1}`)));
  const cell = (content: string): Cell =>
    cellOf(decimal === ',' && commaNumeral.test(content.trim()) ? content.replace(',', '.') : content);
  return {
    file,
    rows,
    firstRow: 1 + skipped,
    columns: names.map((name, column): Column => ({ name, array: null, cell: (row) => cell(read(row + skipped, column)) })),
    delimited: true,
    choices: { delimiter, header, decimal },
  };
}

function textOf(bytes: Uint8Array, file: string): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    throw badFile(file, '', 'it is written in UTF-16; save it as UTF-8.');
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const text = strFromU8(marked ? bytes.subarray(3) : bytes);
  if (text.includes('\0')) throw badFile(file, '', 'it is no text: there are bytes of zero in it.');
  const wrong = text.indexOf('\ufffd');
  if (wrong >= 0) throw badFile(file, `line ${lineOf(text, wrong)}`, 'a character there is not in UTF-8; save the file as UTF-8.');
  return text;
}

function lineOf(text: string, position: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < position; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

const quote = 34;
const newline = 10;
const carriageReturn = 13;
const lineEnds: ReadonlySet<number> = new Set([newline, carriageReturn]);

interface ReadCell {
  readonly value: string;
  /** Position of what ends the cell: a delimiter, a line's end, or the text's. */
  readonly end: number;
  /** What is wrong with it. */
  readonly trouble: 'open' | 'after' | null;
}

function readCell(text: string, start: number, delimiter: Delimiter): ReadCell {
  const stop = delimiter.charCodeAt(0);
  const isEnd = (code: number): boolean => code === stop || code === newline || code === carriageReturn;
  if (text.charCodeAt(start) !== quote) {
    let end = start;
    while (end < text.length && !isEnd(text.charCodeAt(end))) end++;
    return { value: text.slice(start, end), end, trouble: null };
  }
  let close = text.indexOf('"', start + 1);
  while (close >= 0 && text.charCodeAt(close + 1) === quote) close = text.indexOf('"', close + 2);
  if (close < 0) return { value: '', end: text.length, trouble: 'open' };
  let end = close + 1;
  while (text.charCodeAt(end) === 32) end++;
  const whole = end >= text.length || isEnd(text.charCodeAt(end));
  return { value: text.slice(start + 1, close).replaceAll('""', '"'), end, trouble: whole ? null : 'after' };
}

/** Where the next record begins after a cell that ends a record at `end`. */
const afterLine = (text: string, end: number): number =>
  text.charCodeAt(end) === carriageReturn && text.charCodeAt(end + 1) === newline ? end + 2 : end + 1;

async function indexRecords(
  text: string,
  file: string,
  delimiter: Delimiter,
  turn: Turn,
): Promise<{ starts: Uint32Array; width: number; records: number }> {
  const stop = delimiter.charCodeAt(0);
  const length = lengthWithoutBlankEnd(text);
  let starts = new Uint32Array(1024);
  let [count, width, record, column, sinceTurn] = [0, 0, 0, 0, 0];
  for (let at = 0; at < length || (at === length && column > 0);) {
    if (count === starts.length) {
      const longer = new Uint32Array(2 * count);
      longer.set(starts);
      starts = longer;
    }
    starts[count++] = at;
    column++;
    const where = (): string => `row ${grouped(record + 1)}, column ${column}`;
    if (column > mostColumns) requireSize(file, record + 1, column);
    const { end, trouble } = readCell(text, at, delimiter);
    if (trouble === 'open') throw badFile(file, where(), 'its quotation mark is never closed.');
    if (trouble === 'after')
      throw badFile(file, where(), 'something follows its closing quotation mark; a quotation mark inside a cell is written twice.');
    const cellEnds = end < length && text.charCodeAt(end) === stop;
    at = cellEnds ? end + 1 : afterLine(text, end);
    if (!cellEnds) {
      if (record === 0) width = column;
      else if (column !== width) throw unequal(text, file, starts[count - column]!, end, record + 1, column, width, delimiter);
      record++;
      column = 0;
      // More than may be imported: that is all that will be said of them, so they are only counted.
      if (record > mostRows + 1) return { starts, width, records: countLines(text, length) };
      if (end >= length) break;
    }
    if (++sinceTurn === cellsPerTurn) {
      sinceTurn = 0;
      if (record > 0) requireSize(file, record - 1, width);
      await turn();
    }
  }
  return { starts: starts.subarray(0, count), width: Math.max(1, width), records: record };
}

/** Length of a text up to the end of its last line that is not blank. */
function lengthWithoutBlankEnd(text: string): number {
  let length = text.trimEnd().length;
  // Spaces and tabs that end the last line are cells of it.
  while (length > 0 && length < text.length && !lineEnds.has(text.charCodeAt(length))) length++;
  return length;
}

function countLines(text: string, length: number): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < length; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

function unequal(text: string, file: string, start: number, end: number, row: number, cells: number, width: number, delimiter: Delimiter) {
  const where = `row ${grouped(row)}`;
  if (text.slice(start, end).trim() === '') return badFile(file, where, 'it is empty; delete it.');
  const counts = `it has ${cells} ${cells === 1 ? 'cell' : 'cells'}, and the first row has ${width}`;
  return badFile(file, where, `${counts}, between ${delimiterNames[delimiter]}; check that row, or choose another delimiter.`);
}

/** Delimiter that gives the same number of cells in most records, and most cells. */
function guessDelimiter(text: string): Delimiter {
  let [best, bestScore] = [',' as Delimiter, 0];
  for (const delimiter of delimiters) {
    const widths = sampleWidths(text, delimiter);
    const width = widths[0] ?? 1;
    const score = width > 1 ? (widths.filter((other) => other === width).length / widths.length) * 1000 + Math.min(width, 900) / 1000 : 0;
    if (score > bestScore) [best, bestScore] = [delimiter, score];
  }
  return best;
}

function sampleWidths(text: string, delimiter: Delimiter): number[] {
  const widths: number[] = [];
  let cells = 0;
  for (let at = 0; at <= text.length && widths.length < sampled && cells < sampled * mostColumns;) {
    const { end } = readCell(text, at, delimiter);
    cells++;
    if (text[end] === delimiter) {
      at = end + 1;
      continue;
    }
    widths.push(cells);
    cells = 0;
    at = afterLine(text, end);
    if (at >= text.length) break;
  }
  return widths;
}

/** Names are texts, and what pandas writes above its row numbers is nothing; a first row with a number in it is data. */
const looksLikeHeader = (first: readonly string[]): boolean =>
  first.some((cell) => cell !== '') && first.every((cell) => cell === '' || typeof cellOf(cell) === 'string');

const commaNumeral = /^[+-]?\d+,\d+(?:[eE][+-]?\d+)?$/;

function guessDecimal(read: (record: number, column: number) => string, records: number, width: number, skipped: number): '.' | ',' {
  for (let record = skipped; record < Math.min(records, sampled); record++)
    for (let column = 0; column < width; column++) if (commaNumeral.test(read(record, column).trim())) return ',';
  return '.';
}

/** The delimiter under which a table of one column would have more, if there is one: for a sentence. */
export function otherDelimiter(bytes: Uint8Array, delimiter: Delimiter): string | null {
  const text = strFromU8(bytes.subarray(0, 1 << 16));
  const found = delimiters.find((other) => other !== delimiter && (sampleWidths(text, other)[0] ?? 1) > 1);
  return found === undefined ? null : quoted(found === '\t' ? 'tab' : found);
}
