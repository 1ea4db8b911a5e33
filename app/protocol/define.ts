import type { z } from 'zod';

export interface CallDefinition<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly kind: 'call';
  readonly input: I;
  readonly output: O;
}

/**
 * What happens to items while the client has no credit: `all` queues every item; `latest` keeps the newest;
 * `merge` asks the producer, when credit returns, for one item that covers everything missed.
 */
export type WhenSlow = 'all' | 'latest' | 'merge';

export interface StreamDefinition<I extends z.ZodType = z.ZodType, T extends z.ZodType = z.ZodType> {
  readonly kind: 'stream';
  readonly input: I;
  readonly item: T;
  readonly whenSlow: WhenSlow;
}

export type ContractDefinition = Readonly<Record<string, CallDefinition | StreamDefinition>>;

export const call = <I extends z.ZodType, O extends z.ZodType>(definition: { input: I; output: O }): CallDefinition<I, O> => ({
  kind: 'call',
  ...definition,
});

export const stream = <I extends z.ZodType, T extends z.ZodType>(definition: {
  input: I;
  item: T;
  whenSlow: WhenSlow;
}): StreamDefinition<I, T> => ({ kind: 'stream', ...definition });

export const defineContract = <C extends ContractDefinition>(contract: C): C => contract;

export type CallNames<C> = { [K in keyof C]: C[K] extends CallDefinition ? K : never }[keyof C];
export type StreamNames<C> = { [K in keyof C]: C[K] extends StreamDefinition ? K : never }[keyof C];
export type InputOf<D> = D extends { input: infer I extends z.ZodType } ? z.input<I> : never;
export type ParsedInputOf<D> = D extends { input: infer I extends z.ZodType } ? z.output<I> : never;
export type OutputOf<D> = D extends { output: infer O extends z.ZodType } ? z.output<O> : never;
export type ItemOf<D> = D extends { item: infer T extends z.ZodType } ? z.output<T> : never;

export interface CallOptions {
  /** Aborting rejects with `cancelled` at once and tells the handler to stop. */
  readonly signal?: AbortSignal;
}

export interface StreamOptions {
  /** Aborting ends the stream and tells the handler to stop. */
  readonly signal?: AbortSignal;
  /** Items in flight at most; 2 unless told. */
  readonly credit?: number;
}

/** What a client sees of a contract, over whichever wire. */
export interface Client<C extends ContractDefinition> {
  /** @throws LotkaError with a sentence for people; never hangs if the wire closes. */
  call<K extends CallNames<C>>(name: K, input: InputOf<C[K]>, options?: CallOptions): Promise<OutputOf<C[K]>>;
  /** Items until the stream ends, `signal` aborts, or the wire closes (then it throws). Credit is granted as items are consumed. */
  stream<K extends StreamNames<C>>(name: K, input: InputOf<C[K]>, options?: StreamOptions): AsyncIterable<ItemOf<C[K]>>;
  /** Called once, when the wire is gone. */
  onClose(listener: () => void): void;
  close(): void;
}

/** What answers a contract. Stream handlers for `merge` yield whenever asked; the server pulls only when it has credit. */
export type Handlers<C extends ContractDefinition> = {
  [K in CallNames<C>]: (input: ParsedInputOf<C[K]>, context: { signal: AbortSignal }) => Promise<OutputOf<C[K]>> | OutputOf<C[K]>;
} & {
  [K in StreamNames<C>]: (input: ParsedInputOf<C[K]>, context: { signal: AbortSignal }) => AsyncIterable<ItemOf<C[K]>>;
};

/** A duplex that carries messages: worker port, Electron port, WebSocket. Messages hold JSON values and typed arrays. */
export interface Wire {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}
