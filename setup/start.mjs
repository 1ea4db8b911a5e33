/** `npm start [-- command ...]`: makes the workbench ready and opens it (for visitors with `--kiosk`), or runs one of its commands. */
import { join } from 'node:path';
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

/** @param {string} reason Why there is no window. @param {boolean} [kiosk] */
async function serve(reason, kiosk = false) {
  say(`${reason}, so the workbench is served to the browser of this machine; Ctrl-C ends it`);
  say('to work without a screen: npm start -- run survival --preset fast');
  return kiosk ? command('serve', '--kiosk') : command('serve');
}

/** @param {boolean} kiosk */
async function open(kiosk) {
  if (!hasDisplay(process.platform, process.env)) return serve('there is no display here', kiosk);
  const complete = await ensureSystemPackages(['electron'], 'the Electron window');
  const runtime = complete ? await electronRuntime() : null;
  if (!runtime) return serve('there is no Electron here', kiosk);
  const { code } = await run(
    runtime.executable,
    [...electronArguments({ folder: root, platform: process.platform, isRoot: isRoot() }), ...(kiosk ? ['--kiosk'] : [])],
    {
      cwd: root,
    },
  );
  return code;
}

await main(async () => {
  const args = process.argv.slice(2);
  await ensureLibraries();
  await ensureBuilt();
  const kiosk = args.length === 1 && args[0] === '--kiosk';
  return args.length > 0 && !kiosk ? command(...args) : open(kiosk);
});
