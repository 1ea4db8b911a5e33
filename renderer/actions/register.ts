import type { Workbench } from '#renderer/state/workbench.svelte.ts';
import { groups, type Action } from './action.ts';
import { matches, onMac, showShortcut, wantsKey } from './shortcut.ts';

const modules = import.meta.glob<{ default: Action }>('./*.action.ts', { eager: true });

/** Every action: one file each, in the order of groups and within them. */
export const actions: readonly Action[] = Object.values(modules)
  .map((module) => module.default)
  .sort((a, b) => groups.indexOf(a.group) - groups.indexOf(b.group) || a.order - b.order);

/** @throws RangeError for an unknown id: ids are written in code only. */
export function actionById(id: string): Action {
  const found = actions.find((candidate) => candidate.id === id);
  if (!found) throw new RangeError(`there is no action "${id}"`);
  return found;
}

/** Keys of an action as people read them, or undefined if it has none. */
export function keysOf(id: string): string | undefined {
  const [first] = actionById(id).shortcuts;
  return first === undefined ? undefined : showShortcut(first, onMac());
}

/** Performs an action if it can be done now; whatever it throws becomes a message. */
export async function perform(workbench: Workbench, action: Action): Promise<void> {
  if (!action.when(workbench)) return;
  try {
    await action.perform(workbench);
  } catch (error) {
    workbench.toasts.fail(error);
  }
}

/** Gives a key press to the action it belongs to. @returns whether there was one. */
export function pressKey(workbench: Workbench, event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing || wantsKey(event.target, event)) return false;
  const mac = onMac();
  const action = actions.find((candidate) => candidate.shortcuts.some((shortcut) => matches(event, shortcut, mac)));
  if (!action) return false;
  // A dialog owns the keyboard; only the action that opens and closes it stays.
  if (workbench.dialog !== null && action.id !== workbench.dialog) return false;
  event.preventDefault();
  void perform(workbench, action);
  return true;
}
