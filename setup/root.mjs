import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Held while the libraries are installed or the sources are built. */
export const lockPath = join(root, '.cache', 'setup.lock');

/**
 * Where things that can be fetched again are kept, as each system wants it.
 * @param {{ platform: string, env: NodeJS.ProcessEnv, home: string }} [of]
 */
export function cacheFolder({ platform, env, home } = { platform: process.platform, env: process.env, home: homedir() }) {
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'Lotka', 'Cache');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'Lotka');
  return join(env.XDG_CACHE_HOME || join(home, '.cache'), 'lotka');
}
