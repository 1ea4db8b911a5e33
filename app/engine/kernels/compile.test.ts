import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { compileKernels } from './compile.mjs';

test('unchanged sources are not compiled again, by any number of processes at once', async () => {
  const { wasm: path } = await compileKernels();
  const before = statSync(path);
  const script = `import { compileKernels } from ${JSON.stringify(new URL('compile.mjs', import.meta.url).href)}; await compileKernels();`;
  await Promise.all([1, 2, 3].map(() => promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])));
  expect(statSync(path).mtimeMs).toBe(before.mtimeMs);
  expect(statSync(path).ino).toBe(before.ino);
});

test('the module is valid without relaxed SIMD and imports nothing but its memory and abort', async () => {
  const module = new WebAssembly.Module(readFileSync((await compileKernels()).wasm));
  const imports = WebAssembly.Module.imports(module).map(({ module: from, name }) => `${from}.${name}`);
  expect(imports.filter((name) => name !== 'env.memory' && name !== 'env.abort')).toEqual([]);
});

test('the two builds differ, and only the relaxed one needs relaxed SIMD', async () => {
  const { wasm, 'wasm-relaxed': relaxed } = await compileKernels();
  expect(readFileSync(wasm).equals(readFileSync(relaxed))).toBe(false);
  const script = `const v8 = await import('node:v8'); const { readFileSync } = await import('node:fs');
    v8.setFlagsFromString('--no-experimental-wasm-relaxed-simd');
    const valid = ${JSON.stringify([wasm, relaxed])}.map((path) => WebAssembly.validate(readFileSync(path)));
    v8.setFlagsFromString('--experimental-wasm-relaxed-simd');
    console.log(JSON.stringify([...valid, WebAssembly.validate(readFileSync(${JSON.stringify(relaxed)}))]));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  const [plain, before, after] = JSON.parse(stdout) as boolean[];
  expect({ plain, after }).toEqual({ plain: true, after: true });
  // Hosts newer than Node 20 know relaxed SIMD without a flag.
  if (process.versions.node.startsWith('20.')) expect(before).toBe(false);
});
