/** What a packaged app is made of: its largest files, those inside its archive among them. */
import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import asar from '@electron/asar';

/** @typedef {{ path: string, bytes: number }} Sized */

/**
 * Every file of a packaged app.
 * @param {string} folder
 * @returns {Sized[]} Largest first; paths within the folder, with `/`.
 */
export function filesOf(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .flatMap((path) => {
      const inside = { path: relative(folder, path).replaceAll('\\', '/'), bytes: statSync(path).size };
      return path.endsWith('.asar') ? archived(path).map((file) => ({ ...file, path: `${inside.path}/${file.path}` })) : [inside];
    });
  return files.sort((a, b) => b.bytes - a.bytes);
}

/** Files within an archive; those that lie beside it are found there. @param {string} path @returns {Sized[]} */
function archived(path) {
  return asar.listPackage(path, { isPack: false }).flatMap((name) => {
    const entry = asar.statFile(path, name.slice(1));
    return 'size' in entry && !('unpacked' in entry && entry.unpacked)
      ? [{ path: name.slice(1).replaceAll('\\', '/'), bytes: entry.size }]
      : [];
  });
}

/**
 * A table of the largest files.
 * @param {readonly Sized[]} files
 * @param {number} most
 */
export function largest(files, most) {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const shown = files.slice(0, most);
  const rest = total - shown.reduce((sum, { bytes }) => sum + bytes, 0);
  const line = (/** @type {number} */ bytes, /** @type {string} */ what) => `${megabytes(bytes).padStart(9)}  ${what}`;
  return [
    ...shown.map(({ path, bytes }) => line(bytes, path)),
    line(rest, `${files.length - shown.length} smaller files`),
    line(total, 'together'),
  ].join('\n');
}

/** @param {number} bytes */
export const megabytes = (bytes) => `${(bytes / 1e6).toFixed(bytes < 1e6 ? 2 : 1)} MB`;
