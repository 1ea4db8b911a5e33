import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../..');

/** Options that decide the modules' bytes; part of the content stamps. */
const options = ['--optimizeLevel', '3', '--shrinkLevel', '0', '--noAssert', '--runtime', 'stub', '--importMemory', '--enable', 'simd'];

/** The builds: the deterministic one, and the one whose multiply-add is fused where the processor can. */
const builds = {
  wasm: { file: 'kernels.wasm', options },
  'wasm-relaxed': { file: 'kernels-relaxed.wasm', options: [...options, '--enable', 'relaxed-simd'] },
};

/**
 * Compiles the AssemblyScript kernels into two WASM modules, dist/kernels/kernels.wasm and kernels-relaxed.wasm.
 * A stamp beside each holds a digest of sources, options and compiler version; when it matches, nothing is done.
 * Two processes may call it at once: each writes files of its own and renames them into place.
 * @returns {Promise<{ 'wasm': string, 'wasm-relaxed': string }>} paths of the modules by backend
 */
export async function compileKernels() {
  const folder = join(root, 'dist/kernels');
  await mkdir(folder, { recursive: true });
  const paths = {};
  for (const [name, { file, options }] of Object.entries(builds)) {
    paths[name] = join(folder, file);
    await compileIfStale(paths[name], options);
  }
  return paths;
}

async function compileIfStale(output, options) {
  const stamp = await sourceStamp(options);
  const stampFile = `${output}.stamp`;
  if ((await readOrEmpty(stampFile)) === `${stamp} ${await digestOf(output)}`) return;
  const { default: asc } = await import('assemblyscript/asc');
  const temporary = `${output}.${process.pid}.${Date.now()}`;
  const entry = relative(root, join(here, 'assembly/index.ts'));
  const { error, stderr } = await asc.main([entry, '--baseDir', root, '--outFile', relative(root, temporary), ...options]);
  if (error) throw new Error(`The WASM kernels do not compile: ${error.message}\n${stderr.toString()}`);
  const module = await digestOf(temporary);
  await rename(temporary, output);
  await writeFile(`${temporary}.stamp`, `${stamp} ${module}`);
  await rename(`${temporary}.stamp`, stampFile);
  await rm(temporary, { force: true });
}

async function sourceStamp(options) {
  const hash = createHash('sha256').update(JSON.stringify(options));
  hash.update(await readFile(join(root, 'node_modules/assemblyscript/package.json')));
  const names = (await readdir(join(here, 'assembly'))).filter((name) => name.endsWith('.ts')).sort();
  for (const file of [join(here, 'opcodes.ts'), ...names.map((name) => join(here, 'assembly', name))]) {
    hash.update(file.slice(root.length)).update(await readFile(file));
  }
  return hash.digest('hex');
}

async function digestOf(file) {
  const bytes = await readFile(file).catch(() => undefined);
  return bytes ? createHash('sha256').update(bytes).digest('hex') : 'absent';
}

async function readOrEmpty(file) {
  return readFile(file, 'utf8').catch(() => '');
}
