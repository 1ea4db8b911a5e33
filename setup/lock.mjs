import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { say } from './talk.mjs';

/**
 * Does a piece of work that two processes must not do at once; whoever comes second waits. A lock whose owner is dead is
 * taken over.
 * @template T
 * @param {string} path The lock's file; holds the owner's process id.
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function alone(path, work) {
  mkdirSync(dirname(path), { recursive: true });
  for (let told = false; !take(path); told = true) {
    if (!told) say('waiting for another set-up in this folder to end');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

/** @param {string} path @returns {boolean} Whether the lock is ours now. */
function take(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
  if (!alive(path)) rmSync(path, { force: true });
  return false;
}

/** @param {string} path @returns {boolean} */
function alive(path) {
  try {
    const owner = Number(readFileSync(path, 'utf8'));
    // Not yet written counts as alive: its owner is between creating and writing.
    return owner === 0 || process.kill(owner, 0);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
