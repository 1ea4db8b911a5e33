import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What the build reads. Tests and documentation do not enter it. */
export const buildInputs = {
  paths: [
    'app',
    'main',
    'renderer',
    'e2e/bench',
    'assets',
    'package.json',
    'package-lock.json',
    'vite.main.config.ts',
    'vite.preload.config.ts',
    'vite.renderer.config.ts',
    'setup/build.mjs',
    // The Node side takes these in.
    'setup/root.mjs',
    'setup/tensorflow-place.mjs',
  ],
  /** @param {string} path */
  counts: (path) => !/\.test\.ts$|\.md$|(^|\/)\.[^/]*$|^e2e\/bench\/results/.test(path),
};

/**
 * @typedef {object} Stamp
 * @property {string} times Digest of names, sizes and modification times: quick to compute, changes too easily.
 * @property {string} content Digest of names and contents: what counts.
 */

/**
 * All files under the given paths, in a fixed order.
 * @param {string} root
 * @param {{ paths: readonly string[], counts: (path: string) => boolean }} inputs
 * @returns {string[]} Paths relative to root, with forward slashes.
 */
export function listInputs(root, { paths, counts }) {
  /** @type {string[]} */
  const files = [];
  const visit = (/** @type {string} */ path) => {
    const status = statSync(join(root, path), { throwIfNoEntry: false });
    if (!status || !counts(path)) return;
    if (status.isDirectory()) for (const name of readdirSync(join(root, path)).sort()) visit(`${path}/${name}`);
    else files.push(path);
  };
  for (const path of paths) visit(path);
  return files;
}

/** @param {string} root @param {readonly string[]} files */
function timesDigest(root, files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const { size, mtimeMs } = statSync(join(root, file));
    hash.update(`${file}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/** @param {string} root @param {readonly string[]} files */
function contentDigest(root, files) {
  const hash = createHash('sha256');
  for (const file of files)
    hash.update(
      `${file}\0${createHash('sha256')
        .update(readFileSync(join(root, file)))
        .digest('hex')}\n`,
    );
  return hash.digest('hex');
}

/** @param {string} root @param {typeof buildInputs} [inputs] @returns {Stamp} */
export function stampOf(root, inputs = buildInputs) {
  const files = listInputs(root, inputs);
  return { times: timesDigest(root, files), content: contentDigest(root, files) };
}

/**
 * Whether the sources are those the stamp was taken of. Contents are read only when a time or size differs, and the stamp
 * is then renewed, so a checkout that only touched files costs one slow answer and no build.
 * @param {string} root
 * @param {string} stampPath
 * @param {typeof buildInputs} [inputs]
 */
export function isCurrent(root, stampPath, inputs = buildInputs) {
  const stamp = readStamp(stampPath);
  if (!stamp) return false;
  const files = listInputs(root, inputs);
  const times = timesDigest(root, files);
  if (times === stamp.times) return true;
  if (contentDigest(root, files) !== stamp.content) return false;
  writeStamp(stampPath, { ...stamp, times });
  return true;
}

/** @param {string} path @returns {Stamp | null} Null when there is none, or one that a broken write left. */
function readStamp(path) {
  if (!existsSync(path)) return null;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

/** @param {string} path @param {Stamp} stamp */
export function writeStamp(path, stamp) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, JSON.stringify(stamp));
}
