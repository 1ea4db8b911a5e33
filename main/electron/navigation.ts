import { shell, type WebContents } from 'electron';
import { classifyLink } from './links.ts';

/** Keeps a page where it belongs: no other origin, no second window, no webview; web links open in the user's browser. */
export function guardNavigation(contents: WebContents): void {
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.on('will-navigate', (event) => {
    if (classifyLink(event.url) === 'own') return;
    event.preventDefault();
    openExternally(event.url);
  });
  contents.on('will-redirect', (event) => {
    if (classifyLink(event.url) !== 'own') event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) event.preventDefault();
  });
  contents.setWindowOpenHandler(({ url }) => {
    openExternally(url);
    return { action: 'deny' };
  });
}

function openExternally(url: string): void {
  if (classifyLink(url) === 'external') void shell.openExternal(url);
}
