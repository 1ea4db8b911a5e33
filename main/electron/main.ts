/** The Electron shell: one window, one service process, and the rules that keep both in their place. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { app, BrowserWindow, ipcMain, Menu, protocol, session } from 'electron';
import { packageRoot } from '#main/paths.ts';
import { storeLocation } from '#main/store/location.ts';
import { AskedFiles, filesIn } from './files.ts';
import { graphicsSwitches } from './graphics.ts';
import { isKiosk } from './kiosk.ts';
import { scheme } from './links.ts';
import { menuTemplate } from './menu.ts';
import { guardNavigation } from './navigation.ts';
import { fromPage, parsePageMenus, type PageMenus } from './page-menu.ts';
import { servePages } from './pages.ts';
import { ServiceHost } from './service-host.ts';
import { restrictSession } from './session-policy.ts';
import { openWindow, showTrouble } from './window.ts';

const root = packageRoot();

// Chromium refuses to start as root with its sandbox, so root passes --no-sandbox; nobody else should.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
const graphics = graphicsSwitches({
  softwareGl: process.env.LOTKA_SOFTWARE_GL,
  platform: process.platform,
  hasGraphicsDevice: existsSync('/dev/dri'),
});
for (const [name, value] of Object.entries(graphics)) app.commandLine.appendSwitch(name, value);

protocol.registerSchemesAsPrivileged([
  { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true, stream: true } },
]);

// Another store is another workbench, with its own window and its own lock that keeps a second one out.
if (process.env.LOTKA_STORE && !app.commandLine.hasSwitch('user-data-dir')) {
  app.setPath('userData', join(app.getPath('userData'), 'stores', createHash('sha256').update(storeLocation()).digest('hex').slice(0, 16)));
}

if (app.requestSingleInstanceLock()) start();
else app.quit();

function start(): void {
  let window: BrowserWindow | null = null;
  const asked = new AskedFiles();

  const service = new ServiceHost(join(root, 'dist', 'main', 'service-process.js'), join(root, 'dist', 'main', 'engine-process.js'), {
    onPort: (port) => window?.webContents.postMessage('lotka-port', null, [port]),
    onRestart: (milliseconds) => {
      process.stderr.write(`Lotka's service stopped; it is started again in ${milliseconds} ms.\n`);
      window?.webContents.send('lotka-service', 'restarting');
    },
    onFailure: (sentence) => {
      process.stderr.write(`${sentence}\n`);
      if (window) showTrouble(window, sentence);
    },
  });

  const open = (): void => {
    window = openWindow({
      preload: join(root, 'dist', 'preload', 'preload.cjs'),
      icon: join(root, 'assets', 'icons', 'icon.png'),
      onReady: (page) => {
        service.connect();
        asked.listen((path) => page.send('lotka-file', path));
      },
      onGone: () => asked.listen(null),
    });
    window.on('closed', () => {
      window = null;
    });
  };

  const show = (): void => {
    if (!window) return open();
    if (window.isMinimized()) window.restore();
    window.focus();
  };

  /** Visitors are shown what was chosen for them. */
  const askFor = (paths: readonly string[]): void => {
    if (!isKiosk()) asked.ask(paths);
  };
  askFor(filesIn(process.argv.slice(1), process.cwd()));

  app.on('web-contents-created', (_event, contents) => guardNavigation(contents));
  app.on('open-file', (event, path) => {
    event.preventDefault();
    askFor([path]);
    // Before it is ready, the first window is still to come.
    if (app.isReady()) show();
  });
  app.on('second-instance', (_event, args, folder) => {
    askFor(filesIn(args, folder));
    show();
  });
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) open();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });

  let stopped = false;
  app.on('before-quit', (event) => {
    if (stopped) return;
    event.preventDefault();
    void service.stop().then(() => {
      stopped = true;
      app.quit();
    });
  });

  const choose = (id: string): void => window?.webContents.send('lotka-action', id);
  const showMenu = (page: PageMenus): void => Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, page, choose)));
  ipcMain.on('lotka-menu', (event, value: unknown) => {
    const menus = fromPage(event.senderFrame) ? parsePageMenus(value) : null;
    if (menus && !isKiosk()) showMenu(menus);
  });

  void app.whenReady().then(() => {
    if (isKiosk()) Menu.setApplicationMenu(null);
    else showMenu([]);
    restrictSession(session.defaultSession);
    servePages(session.defaultSession, join(root, 'dist', 'renderer'));
    open();
  });
}
