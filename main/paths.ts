import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WasmBackendName } from '#app/engine/index.ts';

/** Folder that holds Lotka's own package.json: the checkout, or the packaged app. Works from sources and from bundles. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name === 'lotka') return folder;
    const parent = dirname(folder);
    if (parent === folder) throw new Error('Lotka cannot find its own package.json: the installation is incomplete; install it again.');
    folder = parent;
  }
}

/** The same for files that are read by their place on the disk, which a packaged app keeps beside its archive. */
export const unpackedRoot = (): string => packageRoot().replace(/app\.asar$/, 'app.asar.unpacked');

/** Lotka's version, from package.json. */
export function packageVersion(): string {
  return (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }).version;
}

/** Compiled WASM kernels, made by the build: the deterministic ones or those with relaxed SIMD. */
export const kernelsPath = (backend: WasmBackendName = 'wasm'): string =>
  join(packageRoot(), 'dist', 'kernels', backend === 'wasm' ? 'kernels.wasm' : 'kernels-relaxed.wasm');
