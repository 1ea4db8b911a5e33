import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AskedFiles, filesIn } from './files.ts';
import { graphicsSwitches } from './graphics.ts';
import { classifyLink, pageUrl, requestAllowed } from './links.ts';
import { menuTemplate } from './menu.ts';
import { fromPage, parsePageMenus } from './page-menu.ts';
import { allowedPermissions, permissionAllowed } from './permissions.ts';
import { restartDelay } from './restarts.ts';
import { troublePage, troubleUrl } from './trouble.ts';
import { webPreferences } from './web-preferences.ts';
import { openingBounds, smallest, type Rectangle } from './window-state.ts';

describe('links', () => {
  it.each([
    ['lotka://app/', 'own'],
    ['lotka://app/index.html?run=1#x', 'own'],
    ['https://arxiv.org/abs/2405.17420', 'external'],
    ['http://localhost:8080/', 'external'],
    ['lotka://evil/', 'refused'],
    ['lotka://app.evil/', 'refused'],
    ['lotka://user@app/', 'refused'],
    ['https://lotka@evil.example/', 'refused'],
    ['file:///etc/passwd', 'refused'],
    ['javascript:alert(1)', 'refused'],
    ['smb://host/share', 'refused'],
    ['vscode://open', 'refused'],
    ['not a url', 'refused'],
  ])('%s is %s', (url, kind) => expect(classifyLink(url)).toBe(kind));

  it('lets the page load its own things only', () => {
    for (const url of ['lotka://app/a.js', 'data:image/png;base64,AA==', 'blob:lotka://app/1-2']) expect(requestAllowed(url)).toBe(true);
    for (const url of ['https://example.org/', 'http://127.0.0.1/', 'file:///etc/passwd', 'ws://localhost/', 'blob:https://example.org/1'])
      expect(requestAllowed(url)).toBe(false);
  });
});

describe('files that the desktop names', () => {
  it('finds them among other arguments', () => {
    const args = [
      '/opt/Lotka',
      '--user-data-dir=/x.lotka',
      '--no-sandbox',
      'run.lotka',
      '/a b/Sweep.LOTKA',
      'file:///c%20d/e.lotka',
      'table.csv',
    ];
    expect(filesIn(args, '/home/ada')).toEqual(['/home/ada/run.lotka', '/a b/Sweep.LOTKA', '/c d/e.lotka']);
    expect(filesIn(['file://host/%.lotka'], '/')).toEqual([]);
  });

  it('keeps them until a page listens, and tells each once', () => {
    const asked = new AskedFiles();
    const told: string[] = [];
    asked.ask(['a', 'b']);
    asked.listen((path) => told.push(path));
    asked.ask(['c']);
    asked.listen(null);
    asked.ask(['d']);
    expect(told).toEqual(['a', 'b', 'c']);
    asked.listen((path) => told.push(path));
    expect(told).toEqual(['a', 'b', 'c', 'd']);
  });
});

describe('permissions', () => {
  it('denies by default', () => {
    expect(Object.keys(allowedPermissions)).toEqual(['clipboard-sanitized-write', 'fullscreen']);
    for (const name of ['media', 'geolocation', 'notifications', 'clipboard-read', 'usb', 'openExternal', 'constructor', 'toString'])
      expect(permissionAllowed(name)).toBe(false);
  });
});

describe('webPreferences', () => {
  it('isolates and sandboxes the page', () => {
    expect(webPreferences('/p.cjs')).toMatchObject({
      preload: '/p.cjs',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    });
  });
});

describe('graphicsSwitches', () => {
  it('draws in software where there is no graphics device, or when told', () => {
    const linux = { softwareGl: undefined, platform: 'linux', hasGraphicsDevice: true } as const;
    expect(graphicsSwitches(linux)).toEqual({});
    expect(graphicsSwitches({ ...linux, hasGraphicsDevice: false })).toHaveProperty('use-angle', 'swiftshader');
    expect(graphicsSwitches({ ...linux, softwareGl: '1' })).toHaveProperty('use-angle', 'swiftshader');
    expect(graphicsSwitches({ ...linux, softwareGl: '0', hasGraphicsDevice: false })).toEqual({});
    expect(graphicsSwitches({ softwareGl: undefined, platform: 'darwin', hasGraphicsDevice: false })).toEqual({});
  });
});

describe('openingBounds', () => {
  const laptop: Rectangle = { x: 0, y: 25, width: 1280, height: 775 };
  const monitor: Rectangle = { x: 1280, y: 0, width: 2560, height: 1400 };

  it('opens in the middle of the first screen the first time', () => {
    expect(openingBounds(null, [monitor, laptop])).toEqual({ x: 1840, y: 250, width: 1440, height: 900, maximized: false });
  });

  it('opens where it was', () => {
    const saved = { x: 1400, y: 100, width: 1000, height: 700, maximized: true };
    expect(openingBounds(saved, [laptop, monitor])).toEqual(saved);
  });

  it('comes back when its screen is gone', () => {
    expect(openingBounds({ x: 1400, y: 100, width: 1000, height: 700, maximized: false }, [laptop])).toEqual({
      x: 140,
      y: 62,
      width: 1000,
      height: 700,
      maximized: false,
    });
  });

  it('is always wholly on one screen and usable, whatever was saved', () => {
    const area = fc.record({
      x: fc.integer({ min: -5000, max: 5000 }),
      y: fc.integer({ min: -5000, max: 5000 }),
      width: fc.integer({ min: 320, max: 8000 }),
      height: fc.integer({ min: 240, max: 5000 }),
    });
    const number = fc.oneof(fc.integer({ min: -200_000, max: 200_000 }), fc.constantFrom(Number.NaN, 1.5, 'x', null));
    const saved = fc.oneof(fc.anything(), fc.record({ x: number, y: number, width: number, height: number, maximized: fc.boolean() }));
    fc.assert(
      fc.property(saved, fc.array(area, { minLength: 1, maxLength: 3 }), (state, areas) => {
        const bounds = openingBounds(state, areas);
        const home = areas.find(
          ({ x, y, width, height }) =>
            bounds.x >= x && bounds.y >= y && bounds.x + bounds.width <= x + width && bounds.y + bounds.height <= y + height,
        );
        expect(home).toBeDefined();
        expect(bounds.width).toBeGreaterThanOrEqual(Math.min(smallest.width, home!.width));
        expect(bounds.height).toBeGreaterThanOrEqual(Math.min(smallest.height, home!.height));
      }),
    );
  });
});

describe('restartDelay', () => {
  it('waits longer each time and gives up after four deaths in a minute', () => {
    const deaths: number[] = [];
    const delays = [0, 1, 2, 3, 4].map((second) => {
      deaths.push(second * 1000);
      return restartDelay(deaths, second * 1000);
    });
    expect(delays).toEqual([100, 500, 2000, 5000, null]);
  });

  it('forgets deaths of more than a minute ago', () => {
    expect(restartDelay([0, 1, 2, 3, 100_000], 100_000)).toBe(100);
  });
});

describe('trouble page', () => {
  it('shows any sentence as text', () => {
    fc.assert(
      fc.property(fc.string(), (sentence) => {
        const page = troublePage(sentence);
        const alert = /<p role="alert">(.*?)<\/p>/s.exec(page)![1]!;
        expect(alert).not.toMatch(/[<>"']/);
      }),
    );
    expect(troublePage('a <b> & "c"')).toContain('a &lt;b&gt; &amp; &quot;c&quot;');
    expect(new URL(troubleUrl('50 % & more')).searchParams.get('sentence')).toBe('50 % & more');
    expect(classifyLink(troubleUrl('x'))).toBe('own');
    expect(troubleUrl('x').startsWith(pageUrl)).toBe(true);
  });
});

describe('menu', () => {
  it('has every platform quit, edit and zoom, and names no accelerator twice', () => {
    for (const platform of ['linux', 'win32', 'darwin'] as const) {
      const roles = menuTemplate(platform).flatMap(({ submenu }) =>
        Array.isArray(submenu) ? submenu.flatMap(({ role }) => role ?? []) : [],
      );
      expect(roles).toEqual(expect.arrayContaining(['quit', 'copy', 'paste', 'zoomIn', 'togglefullscreen']));
      expect(new Set(roles).size).toBe(roles.length);
    }
  });

  const page = [
    { label: 'Run', submenu: [{ id: 'train', label: 'Train', accelerator: 'F5' }] },
    { label: 'Window', submenu: [{ id: 'theme', label: 'Switch theme' }] },
  ];

  it("shows the page's actions and tells which was chosen", () => {
    const chosen: string[] = [];
    const template = menuTemplate('linux', parsePageMenus(page)!, (id) => chosen.push(id));
    expect(template.map(({ label }) => label)).toEqual(['File', 'Edit', 'Run', 'View', 'Window', 'Help']);
    for (const label of ['Run', 'Window']) {
      const { submenu } = template.find((menu) => menu.label === label)!;
      if (!Array.isArray(submenu)) throw new TypeError('a submenu is a list');
      (submenu[0]!.click as () => void)();
    }
    expect(chosen).toEqual(['train', 'theme']);
  });

  it('takes menus from the page itself only, and nothing else for menus', () => {
    for (const value of [
      null,
      'menu',
      [{ label: 'Run' }],
      [{ label: '', submenu: [] }],
      [{ label: 'x', submenu: [{ id: 1, label: 'y' }] }],
    ])
      expect(parsePageMenus(value)).toBeNull();
    const parent = {} as never;
    expect(fromPage({ url: `${pageUrl}#/atlas`, parent: null })).toBe(true);
    expect(fromPage({ url: pageUrl, parent })).toBe(false);
    expect(fromPage({ url: 'https://example.org/', parent: null })).toBe(false);
    expect(fromPage(null)).toBe(false);
  });
});
