/** `npm start [-- command ...]`: makes the workbench ready and opens it (for visitors with `--kiosk`, with a file by `open FILE`), or runs one of its commands. */
import { join, resolve } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureSystemPackages } from './debian.mjs';
import { electronRuntime } from './electron-runtime.mjs';
import { electronArguments, hasDisplay, isRoot } from './host.mjs';
import { ensureLibraries } from './install.mjs';
import { run } from './processes.mjs';
import { root } from './root.mjs';
import { main, say } from './talk.mjs';

const cli = join(root, 'dist', 'main', 'cli.js');

/** @param {readonly string[]} args */
const command = async (...args) => (await run(process.execPath, [cli, ...args])).code;

/**
 * Opens the window, or serves the workbench where there can be none.
 * @param {readonly string[]} windowed What the window is given.
 * @param {readonly string[]} served The command that serves the same to a browser.
 */
async function open(windowed, served) {
  const obstacle = hasDisplay(process.platform, process.env) ? null : 'there is no display here';
  const complete = obstacle === null && (await ensureSystemPackages(['electron'], 'the Electron window'));
  const runtime = complete ? await electronRuntime() : null;
  if (!runtime) {
    say(`${obstacle ?? 'there is no Electron here'}, so the workbench is served to the browser of this machine; Ctrl-C ends it`);
    say('to work without a screen: npm start -- run survival --preset fast');
    return command(...served);
  }
  const args = electronArguments({ folder: root, platform: process.platform, isRoot: isRoot() });
  return (await run(runtime.executable, [...args, ...windowed], { cwd: root })).code;
}

await main(async () => {
  const args = process.argv.slice(2);
  await ensureLibraries();
  await ensureBuilt();
  const [first, second] = args;
  if (first === undefined) return open([], ['serve']);
  if (/^--kiosk(=|$)/.test(first) && args.length === 1) return open([first], ['serve', first]);
  // npm runs this in the checkout's folder; the file is named from where the user is.
  const file = second === undefined || second.startsWith('-') ? null : resolve(process.env.INIT_CWD ?? '', second);
  if (first === 'open' && args.length === 2 && file) return open([file], ['open', file]);
  return command(...args);
});
