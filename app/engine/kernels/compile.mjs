import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../..');
const output = join(root, 'dist/kernels/kernels.wasm');

/** Options that decide the module's bytes; part of the content stamp. */
const options = ['--optimizeLevel', '3', '--shrinkLevel', '0', '--noAssert', '--runtime', 'stub', '--importMemory', '--enable', 'simd'];

/**
 * Compiles the AssemblyScript kernels into one deterministic WASM module, dist/kernels/kernels.wasm.
 * A stamp beside it holds a digest of sources, options and compiler version; when it matches, nothing is done.
 * Two processes may call it at once: each writes a file of its own and renames it into place.
 * @returns {Promise<string>} path of the module
 */
export async function compileKernels() {
  const stamp = await sourceStamp();
  const stampFile = `${output}.stamp`;
  if ((await readOrEmpty(stampFile)) === `${stamp} ${await digestOf(output)}`) return output;

  const { default: asc } = await import('assemblyscript/asc');
  const temporary = `${output}.${process.pid}.${Date.now()}`;
  await mkdir(dirname(output), { recursive: true });
  const entry = relative(root, join(here, 'assembly/index.ts'));
  const { error, stderr } = await asc.main([entry, '--baseDir', root, '--outFile', relative(root, temporary), ...options]);
  if (error) throw new Error(`The WASM kernels do not compile: ${error.message}\n${stderr.toString()}`);
  const module = await digestOf(temporary);
  await rename(temporary, output);
  await writeFile(`${temporary}.stamp`, `${stamp} ${module}`);
  await rename(`${temporary}.stamp`, stampFile);
  await rm(temporary, { force: true });
  return output;
}

async function sourceStamp() {
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
