import { groups, type Action } from './action.ts';
import { accelerator } from './shortcut.ts';

export interface MenuEntry {
  readonly id: string;
  readonly label: string;
  readonly accelerator?: string;
}

/** Actions as plain data for an application menu, one sub-menu a group. Plain keys stay out: a menu would take them from text fields. */
export function menuEntries(actions: readonly Action[]): { readonly label: string; readonly submenu: readonly MenuEntry[] }[] {
  return groups.map((group) => ({
    label: group,
    submenu: actions
      .filter((action) => action.group === group)
      .map(({ id, title, shortcuts }) => {
        const shown = shortcuts.find((shortcut) => shortcut.includes('Mod+') || /^F\d+$/.test(shortcut));
        return shown === undefined ? { id, label: title } : { id, label: title, accelerator: accelerator(shown) };
      }),
  }));
}
