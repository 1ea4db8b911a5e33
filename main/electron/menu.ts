import type { MenuItemConstructorOptions } from 'electron';
import type { PageMenus } from './page-menu.ts';

type Role = NonNullable<MenuItemConstructorOptions['role']>;
type Entry = Role | '-';

/** The shell's own menus as data. What concerns runs and figures comes from the page, which knows its actions. */
const menus: readonly {
  readonly label: string;
  readonly only?: NodeJS.Platform;
  readonly not?: NodeJS.Platform;
  readonly entries: readonly Entry[];
}[] = [
  { label: 'Lotka', only: 'darwin', entries: ['about', '-', 'hide', 'hideOthers', 'unhide', '-', 'quit'] },
  { label: 'File', not: 'darwin', entries: ['quit'] },
  { label: 'Edit', entries: ['undo', 'redo', '-', 'cut', 'copy', 'paste', 'selectAll'] },
  { label: 'View', entries: ['reload', 'toggleDevTools', '-', 'resetZoom', 'zoomIn', 'zoomOut', '-', 'togglefullscreen'] },
  { label: 'Window', entries: ['minimize', 'zoom', 'close'] },
  { label: 'Help', not: 'darwin', entries: ['about'] },
];

/**
 * Menu template for one platform.
 * @param page The page's actions, one menu a group, between Edit and View or within the menu of the same name; their keys are
 *   shown here and taken by the page.
 * @param choose Called with the id of a chosen action.
 */
export function menuTemplate(
  platform: NodeJS.Platform,
  page: PageMenus = [],
  choose: (id: string) => void = () => undefined,
): MenuItemConstructorOptions[] {
  const entriesOf = ({ submenu }: PageMenus[number]): MenuItemConstructorOptions[] =>
    submenu.map(({ id, label, accelerator }) => {
      const entry = { label, click: () => choose(id) };
      return accelerator === undefined ? entry : { ...entry, accelerator, registerAccelerator: false };
    });
  const shell = menus
    .filter(({ only, not }) => (only === undefined || only === platform) && not !== platform)
    .map(({ label, entries }) => {
      const same = page.find((menu) => menu.label === label);
      return {
        label,
        submenu: [
          ...(same ? [...entriesOf(same), { type: 'separator' as const }] : []),
          ...entries.map((entry): MenuItemConstructorOptions => (entry === '-' ? { type: 'separator' } : { role: entry })),
        ],
      };
    });
  const own = page
    .filter(({ label }) => !shell.some((menu) => menu.label === label))
    .map((menu) => ({ label: menu.label, submenu: entriesOf(menu) }));
  const view = shell.findIndex(({ label }) => label === 'View');
  return [...shell.slice(0, view), ...own, ...shell.slice(view)];
}
