/** `npm run check`: everything about the sources that can be checked without running them. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureLibraries } from './install.mjs';
import { run } from './processes.mjs';
import { root } from './root.mjs';
import { main, say } from './talk.mjs';
import { fromExitCode, summary } from './tally.mjs';

const bin = (/** @type {string[]} */ ...path) => join(root, 'node_modules', ...path);

/** @type {readonly (readonly [string, readonly string[]])[]} Name, script and its arguments. */
const checks = [
  ['format', [bin('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.']],
  ['lint', [bin('eslint', 'bin', 'eslint.js'), '.']],
  ['types of app', [bin('typescript', 'bin', 'tsc'), '-p', 'app']],
  ['types of main', [bin('typescript', 'bin', 'tsc'), '-p', 'main']],
  [
    'types of renderer',
    [
      bin('svelte-check', 'bin', 'svelte-check'),
      '--workspace',
      'renderer',
      '--tsconfig',
      'tsconfig.json',
      '--output',
      'human',
      '--fail-on-warnings',
    ],
  ],
  ['types of e2e', [bin('typescript', 'bin', 'tsc'), '-p', 'e2e']],
  [
    'direction of dependencies',
    [
      bin('dependency-cruiser', 'bin', 'dependency-cruise.mjs'),
      '--config',
      '.dependency-cruiser.cjs',
      'app',
      'main',
      'renderer',
      'setup',
      'e2e',
    ],
  ],
];

/** Runs them all, so that one failure does not hide the next. */
export async function check() {
  const results = [];
  for (const [name, args] of checks) {
    const { code, output } = await run(process.execPath, args, { cwd: root, output: 'capture' });
    say(`${code === 0 ? 'passed' : 'FAILED'}: ${name}`);
    if (code !== 0) process.stderr.write(`${output.trim()}\n`);
    results.push(fromExitCode(name, code));
  }
  return results;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    await ensureLibraries();
    const { lines, failed } = summary(await check());
    process.stdout.write(`${lines.join('\n')}\n`);
    return failed === 0 ? 0 : 1;
  });
}
