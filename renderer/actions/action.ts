import type { Workbench } from '#renderer/state/workbench.svelte.ts';

/** Where an action stands in help, palette and menu, in this order. */
export const groups = ['Run', 'Sweep', 'Time', 'Picture', 'Go to', 'Window'] as const;
export type ActionGroup = (typeof groups)[number];

/** One thing a user can do. Tooltips, palette, shortcut help and the menu are made from these. */
export interface Action {
  readonly id: string;
  readonly group: ActionGroup;
  /** Place within its group. */
  readonly order: number;
  /** In the imperative; may depend on what it would do now. */
  label(workbench: Workbench): string;
  /** Label where there is no workbench: help and menu. */
  readonly title: string;
  /** E.g. `Mod+K`, `Space`, `?`; Mod is Ctrl, or Cmd on a Mac. The first is shown. */
  readonly shortcuts: readonly string[];
  /** Whether it can be done now. */
  when(workbench: Workbench): boolean;
  perform(workbench: Workbench): void | Promise<void>;
}

type Defaulted = 'label' | 'shortcuts' | 'when';

/** Completes an action: always possible, labelled by its title and without keys unless told. */
export function action(words: Omit<Action, Defaulted> & Partial<Pick<Action, Defaulted>>): Action {
  return { label: () => words.title, shortcuts: [], when: () => true, ...words };
}
