/** `npm start [-- command ...]`: makes the workbench ready and opens it (for visitors with `--kiosk`, with a file by `open FILE`), or runs one of its commands. */
import { extname, join, resolve } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureSystemPackages } from './debian.mjs';
import { electronRuntime } from './electron-runtime.mjs';
import { electronArguments, hasDisplay, isRoot } from './host.mjs';
import { ensureLibraries } from './install.mjs';
import { run } from './processes.mjs';
import { root } from './root.mjs';
import { SetupError, main, say } from './talk.mjs';

const cli = join(root, 'dist', 'main', 'cli.js');
/** npm runs this in the checkout's folder; paths are told from where the user is. */
const folder = process.env.INIT_CWD ?? process.cwd();

/**
 * What a start is for.
 * @param {readonly string[]} args
 * @param {string} folder What paths are told from.
 * @returns {{ window: string[] | null, command: string[] }} What the window is given, or null where none is asked for; and the
 *   command that does the same without a window, or is all there is.
 */
export function startFor(args, folder) {
  const [first, second] = args;
  if (first === undefined) return { window: [], command: ['serve'] };
  if (/^--kiosk(=|$)/.test(first) && args.length === 1) return { window: [first], command: ['serve', first] };
  if (first !== 'open' || second === undefined || args.length > 2 || second.startsWith('-')) return { window: null, command: [...args] };
  const file = resolve(folder, second);
  if (extname(file).toLowerCase() !== '.lotka')
    throw new SetupError(`Files of runs end in .lotka, and ${file} does not: rename it if it is one, or drop it onto the window.`);
  return { window: [file], command: ['open', file] };
}

/** @param {readonly string[]} args */
const command = async (args) => (await run(process.execPath, [cli, ...args], { cwd: folder })).code;

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
    return command(served);
  }
  const args = electronArguments({ folder: root, platform: process.platform, isRoot: isRoot() });
  return (await run(runtime.executable, [...args, ...windowed], { cwd: folder })).code;
}

if (process.argv[1] === import.meta.filename)
  await main(async () => {
    const asked = startFor(process.argv.slice(2), folder);
    await ensureLibraries();
    await ensureBuilt();
    return asked.window ? open(asked.window, asked.command) : command(asked.command);
  });
