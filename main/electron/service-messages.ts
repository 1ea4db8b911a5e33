/** What main and the service process say to each other; calls and streams go over ports, past main. */

/** main -> service. `connect` carries one port. */
export type HostMessage = { readonly kind: 'connect' } | { readonly kind: 'stop' };

/** service -> main. After `failed` the process ends. */
export type ServiceMessage = { readonly kind: 'ready' } | { readonly kind: 'failed'; readonly sentence: string };
