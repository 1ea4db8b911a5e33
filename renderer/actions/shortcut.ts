/** A key with the modifiers it wants. `mod` is Ctrl, or Cmd on a Mac. */
interface Keys {
  readonly key: string;
  readonly mod: boolean;
  readonly shift: boolean;
}

type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

export function parseShortcut(text: string): Keys {
  const parts = text.split('+');
  const key = parts.at(-1) ?? '';
  return { key: key === 'Space' ? ' ' : key, mod: parts.includes('Mod'), shift: parts.includes('Shift') };
}

/** Whether a key press is the shortcut. Characters such as `?` are compared as typed: their Shift is the keyboard's affair. */
export function matches(press: KeyPress, text: string, mac: boolean): boolean {
  const wanted = parseShortcut(text);
  if (press.altKey || (mac ? press.metaKey : press.ctrlKey) !== wanted.mod || (mac ? press.ctrlKey : press.metaKey)) return false;
  const isSign = wanted.key.length === 1 && !/[a-z0-9 ]/i.test(wanted.key);
  if (!isSign && press.shiftKey !== wanted.shift) return false;
  return press.key.toLowerCase() === wanted.key.toLowerCase();
}

const signs: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Delete: 'Del',
  ' ': 'Space',
};

/** A shortcut as keys are written for people: `Ctrl K`, on a Mac `⌘K`. */
export function showShortcut(text: string, mac: boolean): string {
  const { key, mod, shift } = parseShortcut(text);
  const name = signs[key] ?? (key.length === 1 ? key.toUpperCase() : key);
  return mac ? `${shift ? '⇧' : ''}${mod ? '⌘' : ''}${name}` : [mod ? 'Ctrl' : '', shift ? 'Shift' : '', name].filter(Boolean).join(' ');
}

/** A shortcut as Electron writes accelerators. */
export function accelerator(text: string): string {
  const { key, mod, shift } = parseShortcut(text);
  const name = key === ' ' ? 'Space' : key.replace(/^Arrow/, '');
  return [mod ? 'CommandOrControl' : '', shift ? 'Shift' : '', name.length === 1 ? name.toUpperCase() : name].filter(Boolean).join('+');
}

export const onMac = (): boolean => /Mac/.test(navigator.platform);

const typingInputs = 'input:not([type=checkbox], [type=radio], [type=range]), textarea, select, [contenteditable=true]';
const keyedWidgets =
  '[role=slider], [role=radio], [role=separator], [role=application], [role=grid], [role=listbox], [role=menuitem], [role=tab]';
const pressable = 'button, a, summary, [role=button], [role=switch]';

/**
 * Whether the focused element wants the key for itself: text fields want all plain keys, sliders and the like the arrows,
 * buttons the space bar.
 */
export function wantsKey(target: EventTarget | null, press: KeyPress): boolean {
  if (!(target instanceof Element)) return false;
  const command = press.ctrlKey || press.metaKey || /^F\d+$/.test(press.key);
  if (target.closest(typingInputs)) return !command;
  if (/^(Arrow|Home$|End$|Page)/.test(press.key) && target.closest(keyedWidgets)) return true;
  return (
    (press.key === ' ' || press.key === 'Enter') && target.closest(`${pressable}, ${keyedWidgets}`) !== null && !target.closest('canvas')
  );
}
