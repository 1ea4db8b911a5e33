import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../..');
const source = join(here, 'assembly/peak.ts');
const options = ['--optimizeLevel', '3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--enable', 'relaxed-simd'];

/**
 * Compiles assembly/peak.ts, the measure of what 128-bit vectors can do here, to dist/kernels/peak.wasm, unless that is of this source already.
 * @returns {Promise<string>} path of the module
 */
export async function compilePeak() {
  const output = join(root, 'dist/kernels/peak.wasm');
  const stampFile = `${output}.stamp`;
  const stamp = createHash('sha256')
    .update(JSON.stringify(options))
    .update(await readFile(join(root, 'node_modules/assemblyscript/package.json')))
    .update(await readFile(source))
    .digest('hex');
  const current = await readFile(stampFile, 'utf8').catch(() => '');
  if (current === stamp && (await readFile(output).catch(() => null))) return output;
  const { default: asc } = await import('assemblyscript/asc');
  await mkdir(dirname(output), { recursive: true });
  const temporary = `${output}.${process.pid}`;
  const { error, stderr } = await asc.main([relative(root, source), '--baseDir', root, '--outFile', relative(root, temporary), ...options]);
  if (error) throw new Error(`The measure of peak speed does not compile: ${error.message}\n${stderr.toString()}`);
  await rename(temporary, output);
  await writeFile(stampFile, stamp);
  return output;
}
