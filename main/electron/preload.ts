/** The whole bridge: the page learns which shell it is in, where a dropped file lies, and gets its port to the service. */
import { contextBridge, ipcRenderer, webUtils } from 'electron';

contextBridge.exposeInMainWorld('lotka', {
  host: 'electron',
  /** Path of a file that was dropped or picked; empty for one made in the page. */
  pathForFile: (file: File): string => webUtils.getPathForFile(file),
  /** Puts the page's actions, as data, into the menu; a chosen one comes back as a message. */
  showMenu: (menus: unknown): void => ipcRenderer.send('lotka-menu', menus),
});

// Ports cannot cross the bridge; they travel as messages of the page to itself.
ipcRenderer.on('lotka-port', (event) => window.postMessage({ type: 'lotka-port' }, '*', event.ports));
ipcRenderer.on('lotka-service', (_event, state: unknown) => window.postMessage({ type: 'lotka-service', state }, '*'));
ipcRenderer.on('lotka-action', (_event, id: unknown) => window.postMessage({ type: 'lotka-action', id }, '*'));
ipcRenderer.on('lotka-file', (_event, path: unknown) => window.postMessage({ type: 'lotka-file', path }, '*'));
