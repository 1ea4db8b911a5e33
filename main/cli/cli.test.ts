import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildBundle } from '#main/testing/bundle.ts';
import { temporaryFolder } from '#main/testing/temporary.ts';

let cli: string;
let store: string;
beforeAll(async () => {
  cli = join(await buildBundle('cli', 'engine-worker', 'dataset-reader'), 'cli.js');
  store = temporaryFolder();
});

const tiny = ['--set', 'modulus=7', '--set', 'embeddingWidth=6', '--set', 'hiddenWidths=8'];

function lotka(args: string[], environment: Record<string, string> = {}): { code: number | null; out: string; errors: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    encoding: 'utf8',
    env: { ...process.env, LOTKA_STORE: store, LOTKA_WORKERS: '1', ...environment },
  });
  return { code: status, out: stdout, errors: stderr };
}

/** Starts a command and waits for the run it begins. */
async function begin(
  args: string[],
): Promise<{ run: string; child: ReturnType<typeof spawn>; ended: Promise<{ code: number | null; out: string }> }> {
  const child = spawn(process.execPath, [cli, ...args], { env: { ...process.env, LOTKA_STORE: store, LOTKA_WORKERS: '1' } });
  let out = '';
  child.stdout.on('data', (chunk) => (out += String(chunk)));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out }));
  const run = await new Promise<string>((resolve, reject) => {
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += String(chunk);
      const found = /^run (\S+)$/m.exec(errors)?.[1];
      if (found) resolve(found);
    });
    void ended.then(() => reject(new Error(errors)));
  });
  return { run, child, ended };
}

describe('lotka run', () => {
  it('prints one JSON object, exactly', () => {
    const { code, out } = lotka(['run', 'survival', ...tiny, '--steps', '50', '--name', 'first', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      run: expect.stringMatching(/^survival-\d{8}-\d{6}-[a-z0-9]{4}$/) as string,
      experiment: 'survival',
      parameters: expect.objectContaining({ modulus: 7, hiddenWidths: [8], steps: 50 }) as object,
      backend: 'wasm',
      status: 'finished',
      steps: 50,
      seconds: expect.any(Number) as number,
      measures: expect.objectContaining({ testAccuracy: expect.any(Number) as number }) as object,
    });
  });

  it('says what came out in words', () => {
    const { code, out } = lotka(['run', 'survival', ...tiny, '--steps', '20']);
    expect(code).toBe(0);
    expect(out).toMatch(/finished at step 20 of 20/);
    expect(out).toContain('testAccuracy');
  });

  it('computes with the backend it is told, tells the cost first, and says which are here', () => {
    const listed = JSON.parse(lotka(['backends', '--json']).out) as {
      backends: { name: string; state: string; why: string }[];
      chosen: string;
    };
    expect(listed.chosen).toBe('wasm');
    expect(listed.backends.slice(0, 2)).toMatchObject([
      { name: 'wasm', state: 'ready' },
      { name: 'wasm-relaxed', state: 'ready' },
    ]);
    const words = lotka(['backends']);
    expect(words.code).toBe(0);
    expect(words.out).toMatch(/^\* wasm +ready +[0-9a-f]{16}: .*\n {2}wasm-relaxed +ready/);
    const { code, out, errors } = lotka(['run', 'survival', ...tiny, '--steps', '30', '--backend', 'wasm-relaxed', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ backend: 'wasm-relaxed', status: 'finished' });
    expect(errors).toMatch(/^\d.* a step, .* of memory, .* kept; by wasm-relaxed\nrun survival-/);
  });

  it('refuses a run that needs too much memory, with what would fit', () => {
    const { code, errors } = lotka(['run', 'survival', ...tiny.slice(0, 4), '--set', 'hiddenWidths=1000,1000'], { LOTKA_RUN_MEMORY: '16' });
    expect(code).toBe(2);
    expect(errors).toMatch(/This run needs \d+ MB of memory .* and may take 17 MB; hiddenWidths = \d+,\d+ would fit/);
  });

  it.each([
    [['run', 'survival', '--backend', 'cuda'], /There is no backend "cuda"; there are: wasm, wasm-relaxed, tensorflow\./],
    [['run', 'survival', '--set', 'modulus=4'], /^modulus = 4 cannot be used/],
    [['run', 'survival', '--set', 'hiddenWidths=0'], /^hiddenWidths.0 = 0 cannot be used: each hidden width is a whole number/],
    [['run', 'survival', '--set', 'hiddenWidths=64,5000'], /^hiddenWidths.1 = 5000 cannot be used: each hidden width/],
    [['run', 'survival', '--set', 'hiddenWidths='], /^hiddenWidths = \[\] cannot be used: the network has at least one/],
    [['run', 'survival', '--set', 'embeddingSeed=abc'], /^embeddingSeed = "abc"/],
    [['run', 'survival', '--set', 'steps'], /name=value/],
    [['run', 'survival', '--steps', '1.5'], /whole number/],
    [['run', 'survival', '--preset', 'nope'], /no preset "nope"/],
    [['run', 'nope'], /no experiment "nope"/],
    [['run'], /missing required argument/],
    [['run', 'survival', '--nope'], /unknown option/],
    [['nope'], /unknown command|too many arguments/],
    [['resume', 'survival-nothing'], /There is no run "survival-nothing"/],
    [['runs', '--limit', 'many'], /whole number from 1 to 10000/],
    [['serve', '--port', '70000'], /whole number from 0 to 65535/],
    [['reproduce', 'survival', '--claim', 'nope'], /no claim "nope"/],
    [['export', 'survival-nothing', 'signals'], /There is no run/],
  ])('refuses %j with one sentence and exit code 2', (args, sentence) => {
    const { code, out, errors } = lotka(args);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(errors.trim()).toMatch(sentence);
    expect(errors).not.toMatch(/\n\s+at /);
  });

  it('refuses in JSON too', () => {
    const { code, out } = lotka(['run', 'survival', '--set', 'modulus=4', '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(out)).toEqual({ error: { code: 'bad-input', message: expect.stringContaining('modulus = 4') as string } });
    const unknown = lotka(['run', 'survival', '--nope', '--json']);
    expect(unknown.code).toBe(2);
    expect(JSON.parse(unknown.out)).toEqual({ error: { code: 'bad-input', message: expect.stringContaining('--nope') as string } });
  });

  it('ends with 4 when training diverges', () => {
    const { code, out, errors } = lotka([
      'run',
      'survival',
      ...tiny,
      '--set',
      'learningRate=10',
      'weightDecay=10',
      '--steps',
      '5000',
      '--json',
    ]);
    expect(code).toBe(4);
    expect(JSON.parse(out)).toMatchObject({ status: 'diverged', message: expect.stringContaining('smaller learning rate') as string });
    expect(errors).toContain('Training diverged at step');
  });

  it.skipIf(process.platform === 'win32')('saves at Ctrl-C, ends with 130, and goes on to the same bits', async () => {
    const whole = lotka(['run', 'survival', ...tiny, '--steps', '20000', '--json']);
    const { run, child, ended } = await begin(['run', 'survival', ...tiny, '--steps', '20000', '--json']);
    child.kill('SIGINT');
    const { code, out } = await ended;
    expect(code).toBe(130);
    const stopped = JSON.parse(out) as { status: string; steps: number };
    expect(stopped.status).toBe('stopped');
    expect(stopped.steps).toBeLessThan(20_000);
    const resumed = lotka(['resume', run, '--json']);
    expect(resumed.code).toBe(0);
    const id = (JSON.parse(whole.out) as { run: string }).run;
    for (const file of ['series/signals.npy', 'series/testLoss.npy', 'frames/embedding.npy', 'frames/embedding.steps.npy']) {
      expect(readFileSync(join(store, 'runs', run, file)).equals(readFileSync(join(store, 'runs', id, file)))).toBe(true);
    }
  });

  it('refuses a second Lotka on the store, and lists beside it all the same', async () => {
    const { child, ended } = await begin(['run', 'survival', ...tiny, '--steps', '100000']);
    const second = lotka(['run', 'survival', ...tiny, '--steps', '5']);
    // The folder says a second later than the run itself that it trains.
    let listed = lotka(['runs']);
    for (let tries = 0; tries < 30 && listed.out.includes('queued'); tries++) listed = lotka(['runs']);
    child.kill('SIGTERM');
    await ended;
    expect(second.code).toBe(1);
    expect(second.errors).toMatch(/^Another Lotka \(process \d+\) is using the store .*\.\n$/);
    expect(listed.code).toBe(0);
    expect(listed.out).toContain('running');
  });
});

describe('lotka datasets', () => {
  const file = (name: string, ...lines: string[]): string => {
    const path = join(temporaryFolder(), name);
    writeFileSync(path, lines.join('\n'));
    return path;
  };
  const houses = ['rooms,town,price', ...Array.from({ length: 40 }, (_, i) => `${i % 7},${i % 2 ? 'Köln' : 'Bonn'},${i * 3.5}`)];

  it('imports a file, lists it, trains on it, takes it away and brings it back', () => {
    const imported = lotka(['datasets', 'import', file('houses.csv', ...houses), '--target', 'price', '--name', 'House prices', '--json']);
    expect(imported.code).toBe(0);
    const { dataset, ...told } = JSON.parse(imported.out) as { dataset: string };
    expect(dataset).toMatch(/^house-prices-[0-9a-f]{8}$/);
    expect(told).toMatchObject({ rows: 40, features: 3, target: { kind: 'number', width: 1 } });
    const listed = lotka(['datasets']);
    expect(listed.out).toMatch(/digits-14 .*10000 +196 +10 classes/);
    expect(listed.out).toContain(dataset);
    const task = ['--set', 'task=dataset', '--set', `dataset=${dataset}`, '--set', 'trainingSamples=20', '--set', 'testSamples=20'];
    const run = lotka(['run', 'omnigrok', ...task, '--set', 'hiddenWidths=8', '--steps', '20', '--json']);
    expect(JSON.parse(run.out)).toMatchObject({ status: 'finished', steps: 20 });
    expect(lotka(['datasets', 'remove', dataset])).toMatchObject({ code: 0, errors: expect.stringContaining('is in the trash') as string });
    const missing = lotka(['run', 'omnigrok', ...task, '--steps', '20']);
    expect(missing).toMatchObject({ code: 2, errors: expect.stringContaining(`There is no dataset "${dataset}"`) as string });
    expect(lotka(['datasets', 'restore', dataset]).code).toBe(0);
    expect(lotka(['datasets', 'list', '--json']).out).toContain(dataset);
  });

  it('computes the landscape of pinned norms on it', () => {
    const { dataset } = JSON.parse(lotka(['datasets', 'import', file('homes.csv', ...houses), '--target', 'price', '--json']).out) as {
      dataset: string;
    };
    const set = [
      'task=dataset',
      `dataset=${dataset}`,
      'trainingSamples=24',
      'testSamples=16',
      'hiddenWidths=8',
      'steps=60',
      'testEvery=10',
    ];
    const pinned = ['pinNorm=true', 'pinnedNorm=0', 'weightDecay=0', 'gradientTransform=none'];
    const axis = ['--axis', 'initialScale=0.25..4:5:log', '--seeds', '2', '--seed-parameter', 'networkSeed'];
    const { code, out, errors } = lotka(['sweep', 'omnigrok', '--set', ...set, ...pinned, ...axis, '--json']);
    expect(code, errors).toBe(0);
    const { sweep, ...told } = JSON.parse(out) as { sweep: string };
    expect(told).toMatchObject({ status: 'finished', done: 10, failed: 0 });
    const csv = join(temporaryFolder(), 'loss.csv');
    const written = lotka(['export', sweep, 'landscape/loss', '--format', 'csv', '--out', csv]);
    expect(written.code, written.errors).toBe(0);
    const lines = readFileSync(csv, 'utf8').split('\r\n');
    for (const curve of ['train (L), least', 'test (U), least'])
      expect(
        lines.filter((line) => line.startsWith(`"${curve}",`)),
        curve,
      ).toHaveLength(5);
  });

  it('says what it would import, and why it cannot, with file, row and column', () => {
    const path = file('houses.csv', ...houses, '3,,210');
    const looked = lotka(['datasets', 'import', path, '--target', 'price', '--look']);
    expect(looked).toMatchObject({ code: 0, out: expect.stringMatching(/town +category +0 +40 +1/) as string });
    expect(looked.errors).toContain('It cannot be imported yet. "houses.csv", row 42, column "town": there is no value;');
    const refused = lotka(['datasets', 'import', path, '--target', 'price']);
    expect(refused).toMatchObject({ code: 2, errors: expect.stringContaining('"houses.csv", row 42, column "town"') as string });
    expect(lotka(['datasets', 'import', path, '--target', 'price', '--use', 'town=skip']).out).toContain('41 rows, 1 input; a number');
    expect(lotka(['datasets', 'import', path, '--use', 'town']).errors).toContain('"town" is no use of a column');
    expect(lotka(['datasets', 'import', `${path}x`]).errors).toContain('Lotka imports .csv');
    expect(lotka(['datasets', 'import', join(temporaryFolder(), 'a.csv')]).errors).toContain('There is no file');
    expect(lotka(['datasets', 'remove', 'digits-14']).code).toBe(2);
  });
});

describe('other commands', () => {
  it('keeps runs: list and search, rename, delete, restore', () => {
    const { run } = JSON.parse(lotka(['run', 'survival', ...tiny, '--steps', '5', '--name', 'kept one', '--json']).out) as { run: string };
    expect(lotka(['runs', 'list', 'kept', 'modulus=7']).out).toContain(run);
    expect(lotka(['runs', 'rename', run, 'another name']).code).toBe(0);
    expect(JSON.parse(lotka(['runs', 'list', 'another', '--json']).out)).toMatchObject({
      total: 1,
      runs: [{ id: run, name: 'another name' }],
    });
    expect(lotka(['runs', 'delete', run]).code).toBe(0);
    expect(lotka(['runs', 'list', 'another']).out).toBe('');
    expect(lotka(['runs', 'restore', run]).code).toBe(0);
    expect(lotka(['runs', 'list', 'another']).out).toContain(run);
    expect(lotka(['resume', run]).code).toBe(2);
    expect(lotka(['runs', 'empty-trash', '--yes']).errors).toBe('The trash is empty.\n');
    expect(lotka(['runs', 'delete', run]).code).toBe(0);
    expect(lotka(['runs', 'empty-trash']).errors).toMatch(/^The trash holds 1 run, [\d.]+ kB\. To delete it for good: /);
    expect(lotka(['runs', 'empty-trash', '--yes']).errors).toMatch(/^Deleted for good: 1 run, [\d.]+ kB\.\n$/);
    expect(lotka(['runs', 'restore', run])).toMatchObject({ code: 2, errors: expect.stringContaining('in the trash') as string });
  });

  it('exports figures', () => {
    const { run } = JSON.parse(lotka(['run', 'survival', ...tiny, '--steps', '300', '--json']).out) as { run: string };
    const folder = temporaryFolder();
    const svg = join(folder, 'a.svg');
    expect(lotka(['export', run, 'signals', '--format', 'svg', '--out', svg]).code).toBe(0);
    expect(readFileSync(svg, 'utf8')).toContain(run);
    const csv = join(folder, 'a.csv');
    expect(lotka(['export', run, 'losses', '--format', 'csv', '--out', csv]).code).toBe(0);
    expect(readFileSync(csv, 'utf8').split('\n').length).toBeGreaterThan(300);
    const nowhere = join(folder, 'no', 'such');
    expect(lotka(['export', run, 'signals', '--out', join(nowhere, 'a.svg')])).toMatchObject({
      code: 2,
      errors: `${join(nowhere, 'a.svg')} cannot be written: there is no folder ${nowhere}.\n`,
    });
    expect(lotka(['export', run, 'signals', '--step', '301'])).toMatchObject({
      code: 2,
      errors: `Run ${run} is recorded from step 0 to 300, not at 301.\n`,
    });
    expect(lotka(['export', run, 'nope']).code).toBe(2);
    const drawn = (...args: string[]) => lotka(['export', run, ...args, '--out', join(folder, 'named.svg')]);
    expect(drawn('losses', '--rename', 'test=k = 3', 'train=').code).toBe(0);
    expect(readFileSync(join(folder, 'named.svg'), 'utf8')).toMatch(/>k = 3</);
    expect(drawn('losses', '--rename', 'tets=held out').errors).toContain(
      'There is nothing called "tets" in this figure; it has "guessing", "train", "test"',
    );
    expect(drawn('losses', '--rename', 'test').code).toBe(2);
    expect(drawn('losses', '--x-limits', '1,').code).toBe(2);
    expect(drawn('losses', 'signals', '--x-limits', '1,10').errors).toBe('--x-limits is for one figure, not for several on a page.\n');
    expect(drawn('rings', '--title', 'mine').errors).toBe('--title is for one figure, and rings is a 3D picture.\n');
    const difference = join(folder, 'difference.csv');
    const curves = (...args: string[]) => lotka(['export', run, 'trainLoss', '--format', 'csv', '--out', difference, ...args]);
    expect(curves('--with', run, '--difference').code).toBe(0);
    expect(readFileSync(difference, 'utf8')).toMatch(/^# training loss, above that of /m);
    expect(curves('--difference')).toMatchObject({ code: 2, errors: '--difference needs other runs, named by --with.\n' });
    expect(curves('--with', run, '--step', '5').errors).toContain('--step is for the figure of one run');
    expect(curves('--with', run, '--align', 'never')).toMatchObject({
      code: 2,
      errors: expect.stringContaining('no milestone "never"; it has') as string,
    });
  });

  it('doctor says what is there and what is wrong', () => {
    const { out } = lotka(['doctor', '--json']);
    const report = JSON.parse(out) as { checks: { id: string; state: string; detail: string }[] };
    expect(report.checks.map((check) => check.id)).toEqual(
      expect.arrayContaining([
        'node',
        'backend-wasm',
        'backend-wasm-relaxed',
        'memory',
        'libsql',
        '@resvg/resvg-js',
        'store',
        'electron',
        'webgl',
      ]),
    );
    expect(report.checks.find((check) => check.id === 'store')!.state).toBe('ok');
    const bad = temporaryFolder();
    mkdirSync(join(bad, 'runs'));
    writeFileSync(join(bad, 'store.json'), '{"format": 99}');
    const { code, out: text } = lotka(['doctor'], { LOTKA_STORE: bad });
    expect(code).toBe(1);
    expect(text).toMatch(/PROBLEM.*newer Lotka/);
    expect(lotka(['run', 'survival', ...tiny], { LOTKA_STORE: bad })).toMatchObject({
      code: 1,
      errors: expect.stringContaining('newer Lotka') as string,
    });
    expect(lotka(['run', 'survival', ...tiny], { LOTKA_WORKERS: 'many' })).toMatchObject({
      code: 2,
      errors: expect.stringContaining('LOTKA_WORKERS') as string,
    });
  });

  it('helps with generated parameters', () => {
    const { code, out } = lotka(['run', '--help']);
    expect(code).toBe(0);
    for (const name of ['modulus', 'weightDecay', 'circles', 'two-circles']) expect(out).toContain(name);
    expect(lotka(['--version']).out.trim()).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

describe('lotka pack and unpack', () => {
  it('takes a run to another store, and exports from a file without keeping it', () => {
    const { run } = JSON.parse(lotka(['run', 'survival', ...tiny, '--steps', '60', '--json']).out) as { run: string };
    const file = join(store, 'one.lotka');
    expect(lotka(['pack', run, '--out', file, '--title', 'one run']).errors).toContain(`wrote ${file}`);
    const other = { LOTKA_STORE: temporaryFolder() };
    expect(lotka(['unpack', file, '--look'], other)).toMatchObject({ code: 0, out: expect.stringContaining(run) as string });
    expect(lotka(['unpack', file, '--check'], other).errors).toContain('everything in it is as it was written');
    const csv = (args: string[], environment: Record<string, string>) => {
      const out = join(store, 'signals.csv');
      const { code, errors } = lotka(['export', run, 'signals', '--format', 'csv', '--out', out, ...args], environment);
      expect(errors).toContain('wrote');
      expect(code).toBe(0);
      return readFileSync(out, 'utf8').replace(/^#.*file.*$/gm, '');
    };
    const here = csv([], {});
    expect(csv(['--from', file], other)).toBe(here);
    expect(lotka(['runs', 'list', '--json'], other).out).not.toContain(run);
    expect(lotka(['unpack', file], other)).toMatchObject({ code: 0, out: `${run}\n` });
    expect(csv([], other)).toBe(here);
    expect(lotka(['unpack', file], other).errors).toContain(`in the store already: ${run}`);
  });

  it('refuses what is no such file, and leaves nothing half written', () => {
    writeFileSync(join(store, 'no.lotka'), 'hello');
    expect(lotka(['unpack', join(store, 'no.lotka')])).toMatchObject({
      code: 2,
      errors: expect.stringContaining('it is no .lotka file') as string,
    });
    const { code, errors } = lotka(['pack', 'survival-nowhere', '--out', join(store, 'none.lotka')]);
    expect([code, errors]).toEqual([2, expect.stringContaining('There is no run "survival-nowhere"')]);
    expect(lotka(['pack', 'x', '--out', '/nowhere/x.lotka']).code).toBe(2);
  });
});
