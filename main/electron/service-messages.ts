/** What main and the service process say to each other; calls and streams go over ports, past main. */

/**
 * main -> service. `connect` carries one port, and so does `engine`: it leads to the process that was asked for under that number.
 */
export type HostMessage =
  | { readonly kind: 'connect' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'engine'; readonly id: number }
  | { readonly kind: 'engine ended'; readonly id: number; readonly code: number };

/** service -> main. After `failed` the process ends. */
export type ServiceMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly sentence: string }
  | { readonly kind: 'start engine'; readonly id: number }
  | { readonly kind: 'end engine'; readonly id: number };
