/** How sentences about files of others are made. */
import { LotkaError } from '#app/protocol/errors.ts';

/** Lets others have their turn; throws to stop a computation that was cancelled. */
export type Turn = () => Promise<void>;

/** 1,234,567. */
export const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** Enough of a text to recognise it in a sentence. */
export const quoted = (text: string): string => {
  const readable = text.replace(/[\p{C}\u2028\u2029]/gu, '?');
  return `"${readable.length > 40 ? `${readable.slice(0, 40)}…` : readable}"`;
};

/** An error about a file. @param where e.g. `row 17, column "price"`; empty for the file as a whole */
export const badFile = (file: string, where: string, what: string, cause?: unknown): LotkaError =>
  new LotkaError('bad-input', `${quoted(file)}${where === '' ? '' : `, ${where}`}: ${what}`, cause === undefined ? undefined : { cause });

/** `3 × 4`; of no dimensions `a number`. */
export const shapeInWords = (shape: readonly number[]): string => (shape.length === 0 ? 'a number' : shape.map(grouped).join(' × '));
