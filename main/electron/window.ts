import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { app, BrowserWindow, dialog, nativeTheme, screen, type WebContents } from 'electron';
import { holdOpen, isKiosk, openingUrl } from './kiosk.ts';
import { pageUrl } from './links.ts';
import { troubleUrl } from './trouble.ts';
import { webPreferences } from './web-preferences.ts';
import { openingBounds, smallest, type Rectangle } from './window-state.ts';

/**
 * Opens the window where it was, and looks after it.
 * @param options `preload` and `icon` are absolute paths; `onReady` is called whenever a page has run its scripts and can
 *   take messages, `onGone` whenever it can no longer.
 */
export function openWindow({
  preload,
  icon,
  onReady,
  onGone,
}: {
  preload: string;
  icon: string;
  onReady: (page: WebContents) => void;
  onGone: () => void;
}): BrowserWindow {
  const { maximized, ...bounds } = openingBounds(readState(), workAreas());
  const window = new BrowserWindow({
    ...bounds,
    minWidth: smallest.width,
    minHeight: smallest.height,
    title: 'Lotka',
    icon,
    kiosk: isKiosk(),
    show: false,
    autoHideMenuBar: true,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#14171a' : '#ffffff',
    webPreferences: webPreferences(preload),
  });
  if (isKiosk()) holdOpen(window);
  else if (maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('blur', () => saveState(window));
  window.on('close', () => saveState(window));
  window.on('unresponsive', () => void askToReload(window));
  window.webContents.on('dom-ready', () => {
    if (window.webContents.getURL().split(/[?#]/)[0] === pageUrl) onReady(window.webContents);
  });
  window.webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
    if (isMainFrame && !isSameDocument) onGone();
  });
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    onGone();
    if (reason !== 'clean-exit')
      showTrouble(window, `The window stopped (${reason}). Training goes on and every run is kept; open the window again.`);
  });
  window.on('closed', onGone);
  void window.loadURL(openingUrl());
  return window;
}

/** Puts a sentence, and a way to try again, in place of the page. */
export function showTrouble(window: BrowserWindow, sentence: string): void {
  if (!window.isDestroyed()) void window.loadURL(troubleUrl(sentence));
}

async function askToReload(window: BrowserWindow): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    message: 'The window does not answer.',
    detail: 'Training goes on and every run is kept.',
    buttons: ['Wait', 'Load the window again'],
    cancelId: 0,
  });
  if (response === 1 && !window.isDestroyed()) window.webContents.reload();
}

function workAreas(): readonly Rectangle[] {
  const primary = screen.getPrimaryDisplay();
  return [primary, ...screen.getAllDisplays().filter(({ id }) => id !== primary.id)].map(({ workArea }) => workArea);
}

const statePath = (): string => join(app.getPath('userData'), 'window.json');

/** What was saved, or nothing: a window must open even when the file is damaged. */
function readState(): unknown {
  try {
    return JSON.parse(readFileSync(statePath(), 'utf8'));
  } catch {
    return null;
  }
}

function saveState(window: BrowserWindow): void {
  if (window.isMinimized() || window.isFullScreen()) return;
  try {
    writeFileSync(`${statePath()}.new`, JSON.stringify({ ...window.getNormalBounds(), maximized: window.isMaximized() }));
    renameSync(`${statePath()}.new`, statePath());
  } catch (error) {
    process.stderr.write(`Lotka could not note where its window was: ${String(error)}\n`);
  }
}
