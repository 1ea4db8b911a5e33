import { app, type BrowserWindow } from 'electron';
import { pageUrl } from './links.ts';

const name = 'kiosk';

/** `--kiosk`: a window for visitors, which fills the screen and shows guided tours in a loop; `--kiosk=2` twice as fast. */
export const isKiosk = (): boolean => app.commandLine.hasSwitch(name);

/** The page, as it is for visitors or for everybody. */
export const openingUrl = (): string =>
  isKiosk() ? `${pageUrl}?${new URLSearchParams({ kiosk: app.commandLine.getSwitchValue(name) })}` : pageUrl;

/** Keeps a window open, and keys that lead out of it from working. Ctrl (or Cmd) + Shift + Q ends the program, as its process's end does. */
export function holdOpen(window: BrowserWindow): void {
  let ending = false;
  app.once('before-quit', () => (ending = true));
  window.on('close', (event) => {
    if (!ending) event.preventDefault();
  });
  // The page asks before it is left; nobody is there to answer.
  window.webContents.on('will-prevent-unload', (event) => event.preventDefault());
  window.webContents.on('before-input-event', (event, { type, key, control, meta, shift, alt }) => {
    if (type !== 'keyDown') return;
    if ((control || meta) && shift && key.toLowerCase() === 'q') app.quit();
    else if (control || meta || alt || /^F\d+$/.test(key)) event.preventDefault();
  });
}
