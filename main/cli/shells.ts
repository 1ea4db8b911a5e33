/** What there is to show the workbench in. Looks at files only: fetches nothing, starts nothing. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Check } from '#main/service/info.ts';
import { packageRoot } from '#main/paths.ts';
import { findChromium } from '../../setup/chromium.mjs';
import { hasDisplay } from '../../setup/host.mjs';
import { cacheFolder } from '../../setup/root.mjs';

export const shellChecks = (): Check[] => [electronCheck(), displayCheck(), browserCheck(), webglCheck()];

function electronCheck(): Check {
  const check = (state: Check['state'], detail: string): Check => ({ id: 'electron', label: 'Electron', state, detail });
  if (process.versions.electron) return check('ok', `${process.versions.electron}, this very program`);
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    const version = versionIn(override);
    return version
      ? check('ok', `${version}, from ELECTRON_OVERRIDE_DIST_PATH`)
      : check('problem', `ELECTRON_OVERRIDE_DIST_PATH names ${override}, where there is none; correct or unset it`);
  }
  const own = versionIn(join(packageRoot(), 'node_modules', 'electron', 'dist'));
  if (own) return check('ok', `${own}, the pinned one`);
  const cached = join(cacheFolder(), 'electron');
  const fetched = existsSync(cached) ? readdirSync(cached).map((name) => versionIn(join(cached, name))) : [];
  const version = fetched.find((candidate) => candidate !== null);
  if (version) return check('ok', `${version}, fetched from the npm registry into ${cached}`);
  return check('off', 'not fetched yet; npm start does, and serves the workbench to a browser if it cannot');
}

function versionIn(folder: string): string | null {
  const file = join(folder, 'version');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().replace(/^v/, '') : null;
}

function displayCheck(): Check {
  const shown = hasDisplay(process.platform, process.env);
  return {
    id: 'display',
    label: 'Display',
    state: shown ? 'ok' : 'off',
    detail: shown ? 'a window can open here' : 'none here, so the workbench is served to a browser; lotka run works as ever',
  };
}

function browserCheck(): Check {
  const browser = findChromium();
  return {
    id: 'browser',
    label: 'Browser',
    state: browser ? 'ok' : 'off',
    detail: browser ?? 'no Chromium found in the usual places; any recent browser shows the served workbench',
  };
}

function webglCheck(): Check {
  const check = (state: Check['state'], detail: string): Check => ({ id: 'webgl', label: 'WebGL', state, detail });
  if (process.platform !== 'linux') return check('ok', 'comes with the window; Settings shows what draws');
  const card = existsSync('/dev/dri') && readdirSync('/dev/dri').some((name) => name.startsWith('renderD'));
  if (card) return check('ok', 'there is a graphics card; Settings shows what draws');
  return check('off', 'no graphics card is visible here: the 3D picture is drawn in software, which is slower, or as a flat one');
}
