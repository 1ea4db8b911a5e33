import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * Folder of the store: `LOTKA_STORE`, else the platform's place for data
 * (Linux `$XDG_DATA_HOME/lotka`, macOS `~/Library/Application Support/Lotka`, Windows `%APPDATA%\\Lotka`).
 */
export function storeLocation(environment: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  if (environment.LOTKA_STORE) return resolve(environment.LOTKA_STORE);
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Lotka');
  if (platform === 'win32') return join(environment.APPDATA || join(homedir(), 'AppData', 'Roaming'), 'Lotka');
  return join(environment.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'lotka');
}
