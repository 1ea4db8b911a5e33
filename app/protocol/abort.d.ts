/**
 * Cancelling is the one host facility that `app/` uses: AbortController is the same in Node, Electron and browsers,
 * but belongs to no ECMAScript library. Declared here as lib.dom does, so that both sets of types agree.
 */
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
  throwIfAborted(): void;
}

interface AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

// eslint-disable-next-line no-var -- lib.dom declares it so, and the two must agree
declare var AbortController: {
  prototype: AbortController;
  new (): AbortController;
};
