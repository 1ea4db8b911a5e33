import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Where browsers of the Chromium family are installed.
 * @param {string} platform
 * @param {NodeJS.ProcessEnv} env
 * @returns {string[]}
 */
export function chromiumCandidates(platform, env) {
  if (env.LOTKA_CHROMIUM) return [env.LOTKA_CHROMIUM];
  if (platform === 'win32') {
    const folders = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].flatMap((folder) => (folder ? [folder] : []));
    return folders.flatMap((folder) => [
      join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
      join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
    ]);
  }
  if (platform === 'darwin')
    return ['Google Chrome', 'Chromium', 'Microsoft Edge'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
  return ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map((name) => `/usr/bin/${name}`);
}

/** The browser that the served workbench is tested in, or null. */
export const findChromium = () => chromiumCandidates(process.platform, process.env).find((path) => existsSync(path)) ?? null;
