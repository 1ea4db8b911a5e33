import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alone } from './lock.mjs';
import { run } from './processes.mjs';
import { lockPath, root } from './root.mjs';
import { isCurrent, stampOf, writeStamp } from './stamp.mjs';
import { SetupError, during, main } from './talk.mjs';

const stampPath = join(root, 'dist', 'stamp.json');

/** Builds everything: kernels, the Node side, the preload, the page. Needs node_modules. */
export async function build() {
  const { build: bundle } = await import('vite');
  const { compileKernels } = await import('../app/engine/kernels/compile.mjs');
  const { compilePeak } = await import('../e2e/bench/peak/compile.mjs');
  const stamp = stampOf(root);
  rmSync(stampPath, { force: true });
  await compileKernels();
  await compilePeak();
  for (const part of ['main', 'preload', 'renderer']) {
    await bundle({ configFile: join(root, `vite.${part}.config.ts`), logLevel: 'error' });
  }
  // Last, and of the sources as they were at the beginning: a build that broke off, or sources that changed under it, count as stale.
  writeStamp(stampPath, stamp);
}

/**
 * Builds when the sources are not those of the last build. In a process of its own, so that the bundler's words stay off
 * standard output and its memory is given back.
 */
export async function ensureBuilt() {
  if (isCurrent(root, stampPath)) return;
  await alone(lockPath, buildIfStale);
}

async function buildIfStale() {
  if (isCurrent(root, stampPath)) return;
  await during('building, because the sources are newer than the last build (under a minute)', async () => {
    const { code } = await run(process.execPath, [fileURLToPath(import.meta.url)], { cwd: root, output: 'stderr' });
    if (code !== 0) throw new SetupError('the build failed (the reason is above).');
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(build);
