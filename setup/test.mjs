/** `npm test [-- unit | e2e [playwright arguments ...]]`: installs what tests need, runs them, adds up. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { check } from './check.mjs';
import { findChromium } from './chromium.mjs';
import { ensureDaemons } from './daemons.mjs';
import { ensureSystemPackages } from './debian.mjs';
import { electronRuntime } from './electron-runtime.mjs';
import { hasDisplay } from './host.mjs';
import { ensureLibraries } from './install.mjs';
import { packageDir } from './package-dir.mjs';
import { run } from './processes.mjs';
import { root } from './root.mjs';
import { SetupError, main, say } from './talk.mjs';
import { ensureTensorflow } from './tensorflow.mjs';
import { fromExitCode, fromPlaywright, fromVitest, missing, summary } from './tally.mjs';

const reports = join(root, 'test-results');

/** @param {string} path */
const readReport = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null);

/** @param {readonly string[]} filters */
async function unit(filters) {
  const tensorflow = await ensureTensorflow();
  /** @type {import('./tally.mjs').Result[]} */
  const absent = [];
  const projects = ['node', 'renderer'];
  if ('version' in tensorflow) projects.push('tensorflow');
  else absent.push(missing('TensorFlow backend', 'tensorflow', process.env.LOTKA_ALLOW_MISSING, tensorflow.reason));
  for (const { need, name, reason } of await ensureDaemons()) {
    if (reason === null) projects.push(need);
    else absent.push(missing(name, need, process.env.LOTKA_ALLOW_MISSING, reason));
  }
  const report = join(reports, 'unit.json');
  rmSync(report, { force: true });
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const reporting = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { code } = await run(process.execPath, [vitest, 'run', ...projects.map((name) => `--project=${name}`), ...reporting, ...filters], {
    cwd: root,
  });
  return [fromVitest('unit and property', readReport(report), code), ...absent];
}

/**
 * One host's end-to-end tests.
 * @param {string} project
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
async function playwright(project, args, env) {
  const report = join(reports, `${project}.json`);
  rmSync(report, { force: true });
  const command = [
    process.execPath,
    join(root, 'node_modules', 'playwright', 'cli.js'),
    'test',
    '--config=e2e/playwright.config.ts',
    `--project=${project}`,
    ...args,
  ];
  const screen = ['xvfb-run', '-a', '-s', '-screen 0 1920x1200x24'];
  const [program = '', ...rest] = project !== 'served' && !hasDisplay(process.platform, process.env) ? [...screen, ...command] : command;
  const { code } = await run(program, rest, { cwd: root, env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report } });
  return fromPlaywright(`end to end, ${project}`, readReport(report), code);
}

/**
 * @param {import('./tally.mjs').Result[]} results
 * @param {readonly string[]} given
 */
async function endToEnd(results, given) {
  const tensorflow = await ensureTensorflow();
  const args = 'version' in tensorflow ? given : [...given, '--grep-invert=@tensorflow'];
  if (!('version' in tensorflow))
    results.push(missing('end to end, TensorFlow', 'tensorflow', process.env.LOTKA_ALLOW_MISSING, tensorflow.reason));
  await collect(results, 'end to end, electron', async () => {
    const display = hasDisplay(process.platform, process.env);
    const complete = await ensureSystemPackages(display ? ['electron'] : ['electron', 'display'], 'Electron');
    const runtime = complete ? await electronRuntime() : null;
    if (!runtime) return [missing('end to end in electron', 'electron', process.env.LOTKA_ALLOW_MISSING)];
    results.push(await playwright('electron', args, { ...process.env, LOTKA_ELECTRON: runtime.executable }));
    await packageDir(runtime.folder);
    return [fromExitCode('packaging', 0), await playwright('packaged', args, process.env)];
  });
  await collect(results, 'end to end, served', async () => {
    if (!findChromium()) await ensureSystemPackages(['chromium'], 'the browser tests');
    const chromium = findChromium();
    if (chromium) return [await playwright('served', args, { ...process.env, LOTKA_CHROMIUM: chromium })];
    say('no Chromium, Chrome or Edge was found; LOTKA_CHROMIUM may name one');
    return [missing('end to end in chromium', 'chromium', process.env.LOTKA_ALLOW_MISSING)];
  });
}

/**
 * Adds what a part of the tests found. A part that breaks off counts as one failure and lets the others run.
 * @param {import('./tally.mjs').Result[]} results
 * @param {string} name
 * @param {() => Promise<import('./tally.mjs').Result[] | void>} part
 * @returns {Promise<boolean>} Whether it came to its end.
 */
async function collect(results, name, part) {
  try {
    results.push(...((await part()) ?? []));
    return true;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    results.push(fromExitCode(name, 1));
    return false;
  }
}

await main(async () => {
  const [part, ...rest] = process.argv.slice(2);
  if (part !== undefined && part !== 'unit' && part !== 'e2e') throw new SetupError(`npm test knows "unit" and "e2e", not "${part}".`);
  mkdirSync(reports, { recursive: true });
  /** @type {import('./tally.mjs').Result[]} */
  const results = [];
  if (await collect(results, 'set-up', ensureLibraries)) {
    if (part === undefined) await collect(results, 'checks', check);
    if (part !== 'e2e') await collect(results, 'unit and property', () => unit(part === 'unit' ? rest : []));
    if (part !== 'unit' && (await collect(results, 'build', ensureBuilt))) await endToEnd(results, part === 'e2e' ? rest : []);
  }
  const { lines, failed } = summary(results);
  process.stdout.write(`\n${lines.join('\n')}\n`);
  return failed === 0 ? 0 : 1;
});
