import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { build, loadConfigFromFile } from 'vite';
import { packageRoot } from '#main/paths.ts';

const entries = {
  'engine-worker': 'main/workers/engine-worker.ts',
  'engine-process': 'main/workers/engine-process.ts',
  'dataset-reader': 'main/datasets/reader-worker.ts',
  'film-worker': 'main/films/film-worker.ts',
  'import-reader': 'main/imports/reader-worker.ts',
  cli: 'main/cli/cli.ts',
  bench: 'e2e/bench/bench.ts',
} as const;

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/**
 * Builds entries as the product's build does, into a folder of this checkout that is gone after the tests.
 * Worker threads and child processes run these files, so the tests test what is shipped.
 */
export async function buildBundle(...names: (keyof typeof entries)[]): Promise<string> {
  const parent = join(packageRoot(), 'node_modules', '.cache');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'lotka-test-'));
  folders.push(folder);
  const product = await loadConfigFromFile({ command: 'build', mode: 'production' }, join(packageRoot(), 'vite.main.config.ts'));
  if (!product) throw new Error('vite.main.config.ts cannot be read');
  const { config } = product;
  const rolldownOptions = { ...config.build?.rolldownOptions, input: Object.fromEntries(names.map((name) => [name, entries[name]])) };
  await build({
    ...config,
    root: packageRoot(),
    configFile: false,
    logLevel: 'error',
    build: { ...config.build, outDir: folder, sourcemap: false, rolldownOptions },
  });
  return folder;
}
