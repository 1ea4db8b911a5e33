/** What travels on a wire between `connect` and `serve`. `id` names one call or stream of the client that sent it. */
import type { ErrorCode } from './errors.ts';

export interface ErrorMessage {
  readonly code: ErrorCode;
  readonly message: string;
}

export type ClientMessage =
  | { readonly kind: 'hello'; readonly version: number }
  | { readonly kind: 'call'; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly kind: 'open'; readonly id: number; readonly name: string; readonly input: unknown; readonly credit: number }
  | { readonly kind: 'credit'; readonly id: number; readonly count: number }
  | { readonly kind: 'cancel'; readonly id: number };

export type ServerMessage =
  | { readonly kind: 'hello'; readonly version: number }
  | { readonly kind: 'refused'; readonly error: ErrorMessage }
  | { readonly kind: 'result'; readonly id: number; readonly output: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: ErrorMessage }
  | { readonly kind: 'item'; readonly id: number; readonly item: unknown }
  | { readonly kind: 'end'; readonly id: number };

/** Items a client may have in flight or unread on one stream. */
export const defaultCredit = 2;

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/** A client's message, or null for anything else that came over the wire. */
export function asClientMessage(value: unknown): ClientMessage | null {
  if (typeof value !== 'object' || value === null) return null;
  const message = value as Record<string, unknown>;
  switch (message.kind) {
    case 'hello':
      return isCount(message.version) ? (message as ClientMessage) : null;
    case 'call':
      return isCount(message.id) && typeof message.name === 'string' ? (message as ClientMessage) : null;
    case 'open':
      return isCount(message.id) && typeof message.name === 'string' && isCount(message.credit) ? (message as ClientMessage) : null;
    case 'credit':
      return isCount(message.id) && isCount(message.count) ? (message as ClientMessage) : null;
    case 'cancel':
      return isCount(message.id) ? (message as ClientMessage) : null;
    default:
      return null;
  }
}

/** A server's message, or null for anything else that came over the wire. */
export function asServerMessage(value: unknown): ServerMessage | null {
  if (typeof value !== 'object' || value === null) return null;
  const message = value as Record<string, unknown>;
  switch (message.kind) {
    case 'hello':
      return isCount(message.version) ? (message as ServerMessage) : null;
    case 'refused':
      return isError(message.error) ? (message as ServerMessage) : null;
    case 'error':
      return isCount(message.id) && isError(message.error) ? (message as ServerMessage) : null;
    case 'result':
    case 'item':
    case 'end':
      return isCount(message.id) ? (message as ServerMessage) : null;
    default:
      return null;
  }
}

const isError = (value: unknown): value is ErrorMessage =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as ErrorMessage).code === 'string' &&
  typeof (value as ErrorMessage).message === 'string';

/** The one sentence both ends say when their versions differ. */
export const versionSentence = (client: number, server: number): string =>
  `This side speaks version ${client} of Lotka's protocol and the service speaks ${server}; restart Lotka (in a browser: reload the page) so that both are the same.`;
