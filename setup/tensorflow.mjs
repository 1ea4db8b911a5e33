/**
 * TensorFlow for Node. npm installs it where its ready-made library can be downloaded from Google; elsewhere it is built here
 * against the library of TensorFlow's Python package, once a user. Nothing but the TensorFlow backend depends on it.
 */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureSystemPackages } from './debian.mjs';
import { sweepIncoming } from './electron-registry.mjs';
import { ensureLibraries } from './install.mjs';
import { alone } from './lock.mjs';
import { npm, run } from './processes.mjs';
import { root } from './root.mjs';
import { SetupError, during, main, say } from './talk.mjs';
import { tensorflow, tensorflowFolder } from './tensorflow-place.mjs';

/** Loads the binding and computes with it, in a process of its own: what a broken library does ends only that. */
const trial = `const util = require('node:util');
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
const tf = require(process.argv[1]);
if (tf.sum(tf.ones([2, 3])).dataSync()[0] !== 6) throw new Error('it computes 1 + 1 + 1 + 1 + 1 + 1 wrongly');
process.stdout.write('TensorFlow ' + tf.backend().binding.TF_Version);`;

/**
 * @param {string} folder A folder with node_modules.
 * @returns {Promise<{ version: string } | { reason: string }>} What answered, or in one line why nothing did.
 */
async function tried(folder) {
  const module = join(folder, 'node_modules', '@tensorflow', 'tfjs-node');
  if (!existsSync(module)) return { reason: 'it is not installed' };
  const { code, output } = await run(process.execPath, ['-e', trial, module], {
    output: 'capture',
    timeout: 120_000,
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' },
  });
  const version = /TensorFlow [\d.]+$/.exec(output.trim())?.[0];
  if (code === 0 && version) return { version };
  return { reason: /^(?:\w*Error): (.+)$/m.exec(output)?.[1]?.trim() ?? `it ended with exit code ${code}` };
}

/**
 * Sees to it that the TensorFlow backend can be used: takes what npm installed or what was built before, else builds it.
 * @returns {Promise<{ version: string } | { reason: string }>} What is there, or one sentence why it cannot be had.
 */
export async function ensureTensorflow() {
  const installed = await tried(root);
  if ('version' in installed) return installed;
  const folder = tensorflowFolder();
  const kept = await tried(folder);
  if ('version' in kept) return kept;
  try {
    await alone(`${folder}.lock`, async () => {
      // Another set-up may have built it while this one waited.
      if (existsSync(folder) && 'version' in (await tried(folder))) return;
      await build(folder);
    });
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    return { reason: error.message };
  }
  const built = await tried(folder);
  return 'version' in built ? built : { reason: `TensorFlow for Node was built but does not run: ${built.reason}.` };
}

/** @param {string} folder Made whole or not at all. */
async function build(folder) {
  const { platform, architecture } = tensorflow;
  if (process.platform !== platform || process.arch !== architecture) {
    throw new SetupError(
      `TensorFlow for Node is built from source on ${platform} ${architecture} only; here npm must be able to download it from storage.googleapis.com.`,
    );
  }
  if (!(await ensureSystemPackages(['compiler'], 'building TensorFlow for Node')))
    throw new SetupError('TensorFlow for Node needs system packages that only root can install; the command is above.');
  mkdirSync(dirname(folder), { recursive: true });
  sweepIncoming(dirname(folder));
  const work = mkdtempSync(join(dirname(folder), 'incoming-'));
  try {
    await during('installing the JavaScript part of TensorFlow for Node with npm', () => installPackages(work));
    const module = join(work, 'node_modules', '@tensorflow', 'tfjs-node');
    await during(`fetching TensorFlow ${tensorflow.library} with pip (274 MB, once)`, () => fetchLibrary(work, module));
    await during('compiling its binding to Node (under a minute)', () => compile(module));
    rmSync(folder, { recursive: true, force: true });
    renameSync(work, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * In the versions of our own lockfile. Their install scripts are what fails here, so they are not run.
 * @param {string} work
 */
async function installPackages(work) {
  for (const name of ['package.json', 'package-lock.json']) copyFileSync(join(root, name), join(work, name));
  const { command, args } = npm(['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  const { code, output } = await run(command, args, { cwd: work, output: 'capture' });
  if (code !== 0) throw new SetupError(`npm could not install @tensorflow/tfjs-node: ${lastLine(output, code)}.`);
  for (const name of readdirSync(work)) if (name !== 'node_modules') rmSync(join(work, name));
  const modules = join(work, 'node_modules');
  for (const path of /** @type {string[]} */ (readdirSync(modules, { recursive: true })))
    if (path.endsWith('.js.map')) rmSync(join(modules, path));
  // Those of the workbench that the binding has no use for.
  for (const name of ['@libsql', 'libsql', '@resvg']) rmSync(join(modules, name), { recursive: true, force: true });
}

/** The two libraries and the headers of their C interface. */
const unpackScript = `import sys, zipfile
headers = ('tensorflow/c/', 'tensorflow/core/platform/', 'tsl/', 'xla/tsl/c/')
with zipfile.ZipFile(sys.argv[1]) as wheel:
    for entry in wheel.infolist():
        name = entry.filename.removeprefix('tensorflow/include/')
        if name != entry.filename and name.startswith(headers):
            entry.filename = 'include/' + name
        elif name in ('tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2'):
            entry.filename = 'lib/' + name.removeprefix('tensorflow/')
        else:
            continue
        wheel.extract(entry, sys.argv[2])
`;

/** @param {string} work @param {string} module */
async function fetchLibrary(work, module) {
  const { wheel, library, sha256, python } = tensorflow;
  const requirements = join(work, 'requirements.txt');
  writeFileSync(requirements, `${wheel}==${library} --hash=sha256:${sha256}\n`);
  const wheels = join(work, 'wheels');
  const pip = ['-m', 'pip', 'download', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:', `--python-version=${python}`];
  const fetched = await run('python3', [...pip, '--require-hashes', '-r', requirements, '-d', wheels], {
    output: 'capture',
    timeout: 30 * 60_000,
  });
  const name = existsSync(wheels) ? readdirSync(wheels).find((file) => file.endsWith('.whl')) : undefined;
  if (fetched.code !== 0 || !name)
    throw new SetupError(`pip could not fetch ${wheel} ${library}: ${lastLine(fetched.output, fetched.code)}.`);
  const deps = join(module, 'deps');
  const unpacked = await run('python3', ['-c', unpackScript, join(wheels, name), deps], { output: 'capture' });
  if (unpacked.code !== 0) throw new SetupError(`${name} could not be unpacked: ${lastLine(unpacked.output, unpacked.code)}.`);
  rmSync(wheels, { recursive: true });
  rmSync(requirements);
  // The names that the linker is told, and one that tells the version.
  symlinkSync('libtensorflow_cc.so.2', join(deps, 'lib', 'libtensorflow.so'));
  symlinkSync('libtensorflow_framework.so.2', join(deps, 'lib', 'libtensorflow_framework.so'));
  symlinkSync('libtensorflow_cc.so.2', join(deps, 'lib', `libtensorflow.so.${library}`));
}

/** @param {string} module */
async function compile(module) {
  const gyp = createRequire(npmScript()).resolve('node-gyp/bin/node-gyp.js');
  const installation = dirname(dirname(process.execPath));
  // Where this Node came without its headers, node-gyp fetches them.
  const headers = existsSync(join(installation, 'include', 'node', 'node_api.h')) ? [`--nodedir=${installation}`] : [];
  const settings = ['--module_name=tfjs_binding', '--module_path=lib', '--napi_build_version=8'];
  const { code, output } = await run(process.execPath, [gyp, 'rebuild', ...headers, ...settings], { cwd: module, output: 'capture' });
  const binary = join(module, 'build', 'Release', 'tfjs_binding.node');
  if (code !== 0 || !existsSync(binary)) {
    const cause = output.split('\n').find((line) => /\berror\b|ERR! stack/i.test(line));
    throw new SetupError(`the binding of TensorFlow could not be compiled: ${cause?.trim() ?? lastLine(output, code)}.`);
  }
  const place = join(module, 'lib', 'napi-v8');
  mkdirSync(place, { recursive: true });
  copyFileSync(binary, join(place, 'tfjs_binding.node'));
  chmodSync(join(place, 'tfjs_binding.node'), 0o755);
  rmSync(join(module, 'build'), { recursive: true });
  rmSync(join(module, 'deps', 'include'), { recursive: true });
}

/** npm's own script, beside which node-gyp lies. */
function npmScript() {
  const installation = dirname(dirname(process.execPath));
  const own = join(installation, 'lib', 'node_modules', 'npm', 'package.json');
  const script = process.env.npm_execpath ?? own;
  if (!existsSync(script)) throw new SetupError('npm was not found beside this Node, and node-gyp comes with it: install npm.');
  return script;
}

/** @param {string} output @param {number} code */
const lastLine = (output, code) => output.trim().split('\n').at(-1)?.trim().replace(/\.$/, '') || `exit code ${code}`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    await ensureLibraries();
    const found = await ensureTensorflow();
    say('version' in found ? `${found.version} is ready` : `the TensorFlow backend cannot be had: ${found.reason}`);
    return 'version' in found ? 0 : 1;
  });
}
