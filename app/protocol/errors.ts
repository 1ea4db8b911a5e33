/** Kinds of trouble that a caller may treat differently. Everything else is in the sentence. */
export type ErrorCode =
  | 'bad-input'
  | 'not-found'
  | 'conflict'
  | 'disk-full'
  | 'store-newer'
  | 'store-corrupt'
  | 'store-locked'
  | 'diverged'
  | 'cancelled'
  | 'crashed'
  | 'closed'
  | 'unavailable'
  | 'internal';

/** The one error class. `message` is a sentence for people: what, where, what would be right. */
export class LotkaError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'LotkaError';
    this.code = code;
  }
}
