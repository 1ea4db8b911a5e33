import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { compileKernels } from './compile.mjs';

test('unchanged sources are not compiled again, by any number of processes at once', async () => {
  const path = await compileKernels();
  const before = statSync(path);
  const script = `import { compileKernels } from ${JSON.stringify(new URL('compile.mjs', import.meta.url).href)}; await compileKernels();`;
  await Promise.all([1, 2, 3].map(() => promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])));
  expect(statSync(path).mtimeMs).toBe(before.mtimeMs);
  expect(statSync(path).ino).toBe(before.ino);
});

test('the module is valid without relaxed SIMD and imports nothing but its memory and abort', async () => {
  const module = new WebAssembly.Module(readFileSync(await compileKernels()));
  const imports = WebAssembly.Module.imports(module).map(({ module: from, name }) => `${from}.${name}`);
  expect(imports.filter((name) => name !== 'env.memory' && name !== 'env.abort')).toEqual([]);
});
