import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildBundle } from '#main/testing/bundle.ts';
import { temporaryFolder } from '#main/testing/temporary.ts';
import { parseSampling } from './sweep-options.ts';

let cli: string;
let store: string;
beforeAll(async () => {
  cli = join(await buildBundle('cli', 'engine-worker'), 'cli.js');
  store = temporaryFolder();
});

const environment = () => ({ ...process.env, LOTKA_STORE: store, LOTKA_WORKERS: '2' });

function lotka(...args: string[]): { code: number | null; out: string; errors: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8', env: environment() });
  return { code: status, out: stdout, errors: stderr };
}

const tiny = ['--set', 'modulus=7', 'embeddingWidth=6', 'hiddenWidths=8', 'precision=f64'];
const axes = ['--axis', 'learningRate=1e-3..1e-1:3:log', '--axis', 'weightDecay=0,0.5'];

describe('the options of lotka sweep', () => {
  it.each([
    ['grid', { kind: 'grid' }],
    ['random:20', { kind: 'random', samples: 20, seed: 0 }],
    ['latin:20:7', { kind: 'latin', samples: 20, seed: 7 }],
    ['adaptive', { kind: 'adaptive', stride: 4, outcome: 'phase' }],
    ['adaptive:8', { kind: 'adaptive', stride: 8, outcome: 'phase' }],
  ])('reads the sampling %s', (text, sampling) => expect(parseSampling(text, 'phase')).toEqual(sampling));

  it.each(['grid:4', 'random', 'random:x', 'latin:1:2:3', 'adaptive:x', 'sobol:4', ''])('refuses the sampling "%s"', (text) =>
    expect(() => parseSampling(text, 'phase')).toThrow(/--sampling takes grid, random:N, latin:N or adaptive:stride/),
  );
});

describe('lotka sweep', () => {
  it('trains every point and prints one JSON object, exactly', () => {
    const { code, out, errors } = lotka('sweep', 'survival', ...tiny, 'steps=50', ...axes, '--seeds', '2', '--name', 'first', '--json');
    expect(code, errors).toBe(0);
    expect(errors).toMatch(/^12 trials \(6 points\), about .* on 2 cores, .* of memory each, .* kept\nsweep sweep-survival-/);
    const printed = JSON.parse(out) as { sweep: string };
    expect(printed).toEqual({
      sweep: expect.stringMatching(/^sweep-survival-\d{8}-\d{6}-[a-z0-9]{4}$/) as string,
      name: 'first',
      experiment: 'survival',
      place: 'local',
      status: 'finished',
      planned: 12,
      done: 12,
      diverged: 0,
      failed: 0,
      trainingSeconds: expect.any(Number) as number,
    });
    expect(lotka('sweeps').out).toMatch(new RegExp(`${printed.sweep} +first +finished +12/12`));
    expect((JSON.parse(lotka('sweeps', '--json').out) as { sweeps: unknown[] }).sweeps).toEqual([printed]);

    const more = lotka('sweep', '--resume', printed.sweep, '--add-seeds', '1', '--json');
    expect(more.code, more.errors).toBe(0);
    expect(JSON.parse(more.out)).toMatchObject({ planned: 18, done: 18 });

    const folder = temporaryFolder();
    const csv = join(folder, 'map.csv');
    const written = lotka('export', printed.sweep, 'testAccuracy', '--format', 'csv', '--out', csv);
    expect(written.code, written.errors).toBe(0);
    const rows = readFileSync(csv, 'utf8')
      .split('\r\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(rows).toHaveLength(19);
    const svg = join(folder, 'map.svg');
    expect(lotka('export', printed.sweep, 'testAccuracy', '--out', svg).code).toBe(0);
    expect(readFileSync(svg, 'utf8')).toContain(printed.sweep);
    expect(lotka('export', printed.sweep, 'nothing').code).toBe(2);
    expect(lotka('export', printed.sweep, 'testAccuracy', '--step', '3').errors).toMatch(/--step is for runs/);
    const turned = lotka('export', printed.sweep, 'testAccuracy', '--x', 'weightDecay', '--y', 'learningRate', '--seed', '2', '--out', svg);
    expect(turned.code, turned.errors).toBe(0);
    expect(readFileSync(svg, 'utf8')).toMatch(/Seed 2 only/);
    for (const [wrong, sentence] of [
      [['--seed', '3'], /no seed 3 in this sweep; it has 0 to 2/],
      [['--x', 'modulus'], /modulus is no axis of this sweep; its axes are learningRate, weightDecay/],
      [['--x', 'weightDecay', '--y', 'weightDecay'], /cannot run across the map and up/],
      [['--smoothed'], /Only a map of phases/],
      [['--at', 'modulus=7'], /no further axis "modulus"; it has none beside those of the map/],
      [['--format', 'png'], /--out ends in \.svg, and --format is png/],
    ] as const)
      expect(lotka('export', printed.sweep, 'testAccuracy', '--out', svg, ...wrong).errors).toMatch(sentence);
  });

  it('tells the cost and trains nothing', () => {
    const { code, out } = lotka('sweep', 'survival', ...tiny, 'steps=1000', ...axes, '--dry-run', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      points: 6,
      trials: 6,
      stepsPerTrial: 1000,
      workers: 2,
      secondsPerTrial: expect.any(Number) as number,
    });
  });

  it('starts from a map that is ready, and tells what an adaptive one spent', () => {
    const cost = lotka('sweep', 'effective-theory', '--map', 'decay-regression', '--dry-run', '--json');
    expect(JSON.parse(cost.out), cost.errors).toMatchObject({ points: 121, trials: 363, stepsPerTrial: 20_000 });
    const tiny = ['--set', 'hiddenWidths=4', 'steps=5'];
    const fine = lotka('sweep', 'effective-theory', '--map', 'learning-rates-fine', ...tiny, '--json');
    expect(fine.code, fine.errors).toBe(0);
    expect(fine.errors).toMatch(/^at most 361 trials/);
    // Nothing is fitted in five steps: one phase everywhere, so the coarse grid of 10 x 10 is all it takes.
    expect(JSON.parse(fine.out)).toMatchObject({ planned: 100, done: 100, shareOfGrid: 0.277 });
  });

  it('pauses at Ctrl-C, ends with 130, and goes on', async () => {
    const child = spawn(process.execPath, [cli, 'sweep', 'survival', ...tiny, 'steps=20000', ...axes, '--json'], { env: environment() });
    let [out, errors] = ['', ''];
    child.stdout.on('data', (chunk) => (out += String(chunk)));
    const begun = new Promise<string>((resolve) =>
      child.stderr.on('data', (chunk) => {
        errors += String(chunk);
        const id = /^sweep (\S+)$/m.exec(errors)?.[1];
        if (id) resolve(id);
      }),
    );
    const sweep = await begun;
    child.kill('SIGINT');
    expect((await once(child, 'close'))[0], errors).toBe(130);
    expect(JSON.parse(out)).toMatchObject({ sweep, status: 'paused' });
    expect(errors).toContain(`Go on with: lotka sweep --resume ${sweep}`);
    const resumed = lotka('sweep', '--resume', sweep);
    expect(resumed.code, resumed.errors).toBe(0);
    expect(resumed.out).toMatch(/finished, 6 of 6 trials \(0 diverged, 0 failed\)/);
    expect(lotka('sweeps', 'rename', sweep, 'another').code).toBe(0);
    expect(lotka('sweeps', 'delete', sweep).errors).toContain(`lotka sweeps restore ${sweep}`);
    expect(lotka('sweeps').out).not.toContain(sweep);
    expect(lotka('sweeps', 'restore', sweep).code).toBe(0);
    expect(lotka('sweeps').out).toMatch(new RegExp(`${sweep} +another`));
  });

  it.each([
    [[], /takes an experiment to begin a sweep, or --resume or --retry/],
    [['survival', '--resume', 'sweep-nothing'], /takes an experiment to begin a sweep, or --resume or --retry/],
    [['--resume', 'sweep-nothing'], /There is no sweep "sweep-nothing"/],
    [['survival', '--axis', 'weightDecay'], /"weightDecay" is no axis; write parameter=from/],
    [['survival', ...axes, '--sampling', 'sobol'], /--sampling takes grid/],
    [['survival', ...axes, '--seeds', '0'], /whole number from 1/],
    [['survival', '--axis', 'weightDecay=0..1:1'], /weightDecay|Weight decay/],
    [['survival', '--axis', 'learningRate=0..1:5:log'], /learningRate|Learning rate/],
    [['survival', '--axis', 'learningRate=1..1:5'], /learningRate|Learning rate/],
    [['survival', '--axis', 'nothing=0..1:5'], /nothing/],
    [['survival', ...axes, '--set', 'modulus=4'], /modulus = 4 cannot be used/],
    [['survival', ...axes, '--place', 'slurm'], /--place slurm needs --folder/],
    [['survival', '--map', 'nothing'], /survival has no map "nothing"; it has survivors/],
    [['survival', ...axes, '--map', 'survivors'], /--map survivors brings its axes and its preset; leave --axis out/],
    [['nope'], /no experiment "nope"/],
  ])('refuses %j with one sentence and exit code 2', (args, sentence) => {
    const { code, out, errors } = lotka('sweep', ...args);
    expect(errors.trim()).toMatch(sentence);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(errors).not.toMatch(/\n\s+at /);
  });
});
