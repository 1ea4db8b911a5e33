import type { LinkKey } from '#app/figures/spec.ts';

/** What the pointer rests on; every panel highlights the same key. */
export class Selection {
  hover = $state<LinkKey | null>(null);

  readonly point = (key: LinkKey | null): void => {
    this.hover = key;
  };
}
