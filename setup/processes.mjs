import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** @type {Record<'inherit' | 'stderr' | 'capture', import('node:child_process').StdioOptions>} */
const stdioFor = { inherit: 'inherit', stderr: ['ignore', 2, 2], capture: ['ignore', 'pipe', 'pipe'] };

/**
 * @typedef {object} Finished
 * @property {number} code Exit code; 128 + signal number when a signal ended it, as shells count.
 * @property {string} output What it wrote, when `capture` was set.
 */

/**
 * Runs a program to its end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {object} [options]
 * @param {string} [options.cwd]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {'inherit' | 'stderr' | 'capture'} [options.output] Where its output goes: straight through, all to our standard error, or into `output`.
 * @param {number} [options.timeout] Milliseconds after which it is ended.
 * @returns {Promise<Finished>} Rejects only when the program cannot be started.
 */
export function run(command, args, { cwd, env = process.env, output = 'inherit', timeout } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: stdioFor[output], timeout });
    let text = '';
    child.stdout?.on('data', (chunk) => (text += chunk));
    child.stderr?.on('data', (chunk) => (text += chunk));
    const restore = output === 'inherit' ? passSignals(child) : () => {};
    child.once('error', (error) => {
      restore();
      reject(error);
    });
    child.once('close', (code, signal) => {
      restore();
      resolve({ code: code ?? 128 + (signal ? constants.signals[signal] : 0), output: text });
    });
  });
}

/**
 * While the child lives, signals meant for us are its business. In a terminal Ctrl-C already reaches it through the process
 * group, so SIGINT is only kept from ending us before it. A signal that npm gets ends the shell between npm and us without a
 * word; losing our parent therefore counts as SIGTERM.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => void} Puts the default behaviour back.
 */
function passSignals(child) {
  const wait = () => {
    if (!process.stdin.isTTY && !process.stdout.isTTY && !process.stderr.isTTY) child.kill('SIGINT');
  };
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent) child.kill('SIGTERM');
  }, 500);
  watch.unref();
  const pass = (/** @type {NodeJS.Signals} */ signal) => child.kill(signal);
  process.on('SIGINT', wait);
  process.on('SIGTERM', pass);
  process.on('SIGHUP', pass);
  return () => {
    clearInterval(watch);
    process.off('SIGINT', wait);
    process.off('SIGTERM', pass);
    process.off('SIGHUP', pass);
  };
}

/**
 * The npm that runs us, or the one on the path.
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {{ command: string, args: string[] }}
 */
export function npm(args, env = process.env) {
  const script = env.npm_execpath;
  if (script && /\.c?js$/.test(script)) return { command: process.execPath, args: [script, ...args] };
  return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [...args] };
}
