import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { SweepWorker, TrialResult } from '#app/protocol/sweep.ts';
import { packageVersion } from '#main/paths.ts';
import { buildBundle } from '#main/testing/bundle.ts';
import { killedMap, undisturbedMap } from '#main/testing/killed-sweep.ts';
import { refused, testServices } from '#main/testing/service.ts';
import { startSlurm, type SlurmCluster } from '#main/testing/slurm.ts';
import { small } from '#main/testing/small.ts';
import { temporaryFolder } from '#main/testing/temporary.ts';
import { openBackend } from '#main/workers/backends.ts';
import { Pool } from '#main/workers/pool.ts';
import { spawnWorker } from '#main/workers/worker-handle.ts';
import type { SweepBackend, SweepEvent, SweepWork } from '../backend.ts';
import { sweepBackendConformance, type OpenedBackend } from '../conformance.ts';
import { trialName } from '#app/sweeps/trials.ts';
import { LocalSweepBackend } from '../local.ts';
import { SlurmSweepBackend } from './backend.ts';
import { JobArray } from './job-array.ts';
import type { SlurmOptions, SlurmPlace } from './options.ts';
import { jobScript, nodeCommand } from './script.ts';

let cluster: SlurmCluster;
let bundle: string;
let build: string;
beforeAll(async () => {
  cluster = await startSlurm();
  bundle = await buildBundle('cli', 'engine-worker');
  ({ build } = await openBackend('wasm'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  process.env.SLURM_CONF = cluster.configuration;
});
afterAll(() => cluster.stop());

const commands = () => [nodeCommand(process.execPath, join(bundle, 'cli.js'))];

function on(folder: string, place: Partial<SlurmPlace> = {}, options: SlurmOptions = {}): SlurmSweepBackend {
  const quick = { lookMilliseconds: 100, askMilliseconds: 200, answerMilliseconds: 2000, settleMilliseconds: 1500, commands: commands() };
  return new SlurmSweepBackend({ kind: 'slurm', folder, trialsPerTask: 3, options: [], ...place }, { ...quick, ...options });
}

function open(): Promise<OpenedBackend> {
  const folder = temporaryFolder();
  return Promise.resolve({
    backend: on(folder, { trialsPerTask: 5 }),
    async killWorker() {
      // A task is not seen before its shell has become Lotka, nor after it has told everything.
      for (let looks = 0; looks < 100; looks += 1) {
        const [task] = cluster.tasks(`sweep-task ${folder}`);
        if (task !== undefined) return process.kill(task, 'SIGKILL');
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return false;
    },
    async close() {
      // A task that was told to end takes a moment to.
      await expect.poll(() => cluster.tasks(`sweep-task ${folder}`), { timeout: 10_000 }).toEqual([]);
      expect(readdirSync(folder)).toEqual([]);
    },
  });
}

sweepBackendConformance('a Slurm cluster', open, { abortMilliseconds: 8000, longer: 4 });

const work = (trials: number, steps: number): SweepWork => ({
  sweep: 'survival-slurm',
  experiment: 'survival',
  backend: 'wasm',
  engine: build,
  lotka: packageVersion(),
  keep: 'outcomes',
  secondsPerTrial: null,
  trials: Array.from({ length: trials }, (_, point) => ({ point, seed: 0, parameters: small({ steps, embeddingSeed: point }) })),
});

async function results(
  backend: SweepBackend,
  given: SweepWork,
  onEvent: (event: SweepEvent, found: number) => unknown = () => undefined,
): Promise<Map<string, TrialResult>> {
  const found = new Map<string, TrialResult>();
  await backend.run(given, new AbortController().signal, async (event) => {
    if (event.kind === 'results') for (const result of event.results) found.set(trialName(result), result);
    await onEvent(event, found.size);
  });
  return found;
}

const bits = (found: ReadonlyMap<string, TrialResult>): unknown =>
  [...found].map(([name, { state, outcomes, step, message }]) => [name, state, outcomes, step, message]).sort();

async function local(given: SweepWork): Promise<unknown> {
  const pool = new Pool({ size: 1, spawn: () => spawnWorker(join(bundle, 'engine-worker.js')) });
  try {
    return bits(await results(new LocalSweepBackend(pool), given));
  } finally {
    pool.close();
  }
}

/** Puts a script before one of Slurm's commands; `real` in it is that command. @returns Folder of the script. */
function before(command: string, script: string): string {
  const folder = temporaryFolder();
  const real = execFileSync('sh', ['-c', `command -v ${command}`], { encoding: 'utf8' }).trim();
  writeFileSync(join(folder, command), `#!/bin/sh\nhere=${folder}\nreal() { exec ${real} "$@"; }\n${script}\n`, { mode: 0o755 });
  vi.stubEnv('PATH', [folder, process.env.PATH].join(delimiter));
  return folder;
}

const smallArrays = (size: number): string =>
  before('scontrol', `case "$*" in "show config") echo "MaxArraySize = ${size}";; *) real "$@";; esac`);

const jobs = (): string[] => execFileSync('squeue', ['--noheader', '--states=all', '--format=%F'], { encoding: 'utf8' }).trim().split('\n');

describe('a Slurm cluster', () => {
  it('takes over an array whose coordinator died before it wrote down its number, and submits only the rest', async () => {
    const folder = temporaryFolder();
    const given = work(7, 8000);
    const { sweep, experiment, backend, engine, lotka, secondsPerTrial } = given;
    const array = join(folder, sweep, 'lotka-left-behind');
    mkdirSync(join(folder, sweep));
    const chunks = [given.trials.slice(0, 2), given.trials.slice(2, 4)] as never;
    const left = { format: 1 as const, sweep, experiment, backend, engine, lotka, secondsPerTrial, chunks };
    await JobArray.submit(array, left, (token) => jobScript(array, token, commands()), []);
    rmSync(join(array, 'job'));
    const before = new Set(jobs());
    expect(bits(await results(on(folder), given))).toEqual(await local(given));
    expect([...new Set(jobs())].filter((job) => !before.has(job))).toHaveLength(1);
    expect(existsSync(join(folder, sweep))).toBe(false);
  });

  it('leaves alone what an earlier process submitted while Slurm does not tell what became of it', async () => {
    const folder = temporaryFolder();
    const { sweep, experiment, backend, engine, lotka, secondsPerTrial, trials } = work(1, 10);
    const array = join(folder, sweep, 'lotka-left-alone');
    mkdirSync(join(folder, sweep));
    const left = { format: 1 as const, sweep, experiment, backend, engine, lotka, secondsPerTrial, chunks: [trials] as never };
    await JobArray.submit(array, left, (token) => jobScript(array, token, commands()), ['--hold']);
    rmSync(join(array, 'job'));
    before('squeue', 'echo "slurm_load_jobs error: Unable to contact slurm controller" >&2; exit 1');
    const error = await refused(on(folder).run(work(1, 10), new AbortController().signal, () => Promise.resolve()));
    expect(error).toMatchObject({ code: 'unavailable', message: expect.stringMatching(/^Slurm does not answer: .*contact/) as string });
    expect(existsSync(join(array, 'array.json'))).toBe(true);
    execFileSync('scancel', ['--name=lotka-left-alone']);
  });

  it('offers again what the cluster did not take yet, in arrays no larger than it allows, and takes no password along', async () => {
    vi.stubEnv('LOTKA_REDIS_PASSWORD', 'sesame');
    smallArrays(2);
    const folder = before(
      'sbatch',
      `env >>"$here/environment"
echo "$*" >>"$here/calls"
case "$(wc -l <"$here/calls")" in
  2|3) echo "sbatch: error: QOSMaxSubmitJobPerUserLimit" >&2; echo "sbatch: error: Batch job submission failed: Job violates accounting/QOS policy" >&2; exit 1;;
  *) real "$@";;
esac`,
    );
    const given = work(6, 100);
    expect(bits(await results(on(temporaryFolder(), { trialsPerTask: 1 }), given))).toEqual(await local(given));
    const calls = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
    expect(calls).toHaveLength(5);
    for (const call of calls) expect(call).toMatch(/--array=0-1 /);
    expect(readFileSync(join(folder, 'environment'), 'utf8')).not.toContain('sesame');
  });

  it('leaves none of its arrays running when its listener fails', async () => {
    const folder = temporaryFolder();
    smallArrays(1);
    // The first array ends, the second has a result too, the third has none.
    const long = work(6, 100_000);
    const slow = long.trials.slice(3).map((trial) => ({ ...trial, parameters: { ...trial.parameters, hiddenWidths: [100, 100] } }));
    const given = { ...long, trials: [...work(3, 10).trials, ...slow] };
    const failing = on(folder, { trialsPerTask: 2 }).run(given, new AbortController().signal, (event) =>
      event.kind === 'results' ? Promise.reject(new Error('the disk is full')) : Promise.resolve(),
    );
    await expect(failing).rejects.toThrow('the disk is full');
    // The task that said that it is done takes a moment to end; the others would take many seconds.
    const left = (): string => execFileSync('squeue', ['--noheader', '--states=PENDING,RUNNING'], { encoding: 'utf8' });
    await vi.waitFor(() => expect(left()).toBe(''), { timeout: 3000, interval: 100 });
  });

  it('cancels an array whose number it could not write down', async () => {
    const folder = join(temporaryFolder(), 'lotka-unwritten');
    const { sweep, experiment, backend, engine, lotka, secondsPerTrial, trials } = work(1, 10);
    const left = { format: 1 as const, sweep, experiment, backend, engine, lotka, secondsPerTrial, chunks: [trials] as never };
    const script = (token: string): string => {
      mkdirSync(join(folder, 'job'));
      return jobScript(folder, token, commands());
    };
    await expect(JobArray.submit(folder, left, script, ['--hold'])).rejects.toThrow();
    expect(existsSync(folder)).toBe(false);
    expect(execFileSync('squeue', ['--noheader', '--name=lotka-unwritten'], { encoding: 'utf8' })).toBe('');
  });

  it('comes to the same map when lotka sweep is killed and resumed', async () => {
    const cli = join(bundle, 'cli.js');
    // Two tasks at a time, so that some are left when it is killed.
    const place = ['--place', 'slurm', '--folder', temporaryFolder(), '--trials-per-task', '2', '--sbatch=--cpus-per-task=2'];
    expect(await killedMap(cli, place)).toEqual(undisturbedMap(cli));
  });

  it('gives up a trial whose tasks die again and again, with the reason, and says that its node is lost', async () => {
    const folder = temporaryFolder();
    const deadly = join(folder, 'deadly.sh');
    writeFileSync(deadly, '#!/bin/sh\necho "out of luck" >&2\nkill -9 $$\n', { mode: 0o755 });
    const states = new Set<SweepWorker['state']>();
    const found = await results(on(folder, {}, { commands: [{ words: deadly, test: 'true' }] }), work(2, 10), (event) => {
      if (event.kind === 'workers') for (const { state } of event.workers) states.add(state);
    });
    expect([...found.values()].map(({ state }) => state)).toEqual(['failed', 'failed']);
    expect(found.get(trialName({ point: 0, seed: 0 }))).toMatchObject({
      attempt: 3,
      message: expect.stringMatching(
        /^Its Slurm task ended before it was trained, 3 times; the last \(\d+_\d+\) with FAILED: out of luck\.$/,
      ) as string,
    });
    expect(states).toContain('lost');
  });

  it('cuts the work into tasks by itself, and gives a task as many engines as processors', async () => {
    const given = { ...work(6, 200), secondsPerTrial: 0.05 };
    const found = await results(on(temporaryFolder(), { trialsPerTask: null, options: ['--cpus-per-task=2'] }), given);
    expect(bits(found)).toEqual(await local(given));
  });

  it('says what is missing before anything runs', async () => {
    const folder = temporaryFolder();
    await on(folder).check();
    expect(readdirSync(folder)).toEqual([]);
    const sentence = async (backend: SlurmSweepBackend): Promise<string> => (await refused(backend.check())).message;
    expect(await sentence(on('shared'))).toMatch(/^The folder "shared" cannot be used for Slurm: its path does not begin at the root\./);
    expect(await sentence(on(join(folder, 'none')))).toMatch(/it does not exist\. Name a folder that all nodes see/);
    expect(await sentence(on(folder, { options: ['--partition=none'] }))).toMatch(/^sbatch refused the job: .*invalid partition/i);
    expect(await sentence(on(folder, {}, { commands: [nodeCommand('/nowhere/node', '/nowhere/cli.js')] }))).toMatch(
      /^Lotka was not found on node \S+: install it there in the same place as here, or name the command that starts it in LOTKA_COMMAND\.$/,
    );
    const sleeper = join(temporaryFolder(), 'sleeper.sh');
    writeFileSync(sleeper, '#!/bin/sh\nexec sleep 1000\n', { mode: 0o755 });
    const hangs = { commands: [{ words: sleeper, test: 'true' }], patienceMilliseconds: 3000 };
    expect(await sentence(on(folder, {}, hangs))).toMatch(
      /^A test job on node \S+ has said nothing for 3 s: it hangs where it looks into the folder .*, or where Lotka starts there\.$/,
    );
    smallArrays(0);
    expect(await sentence(on(folder))).toBe('This cluster takes no job arrays (its MaxArraySize is 0), and sweeps are trained as such.');
    vi.unstubAllEnvs();
    vi.stubEnv('PATH', '/nowhere');
    expect(await sentence(on(folder))).toMatch(/^scontrol was not found: /);
    vi.unstubAllEnvs();
    vi.stubEnv('SLURM_CONF', '/nowhere/slurm.conf');
    expect(await sentence(on(folder))).toMatch(/^Slurm does not answer: .*cannot stat file/);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('trains nothing with a node that has another engine, and says which', async () => {
    const folder = temporaryFolder();
    const given = { ...work(3, 10), engine: '0123456789abcdef' };
    const error = await refused(on(folder).run(given, new AbortController().signal, () => Promise.resolve()));
    expect(error.message).toMatch(
      /^Node \S+ has Lotka \S+ with engine [0-9a-f]+, and the sweep belongs to Lotka \S+ with engine 0123456789abcdef: install/,
    );
  });

  it('says that the folder is not shared when this machine does not see what a node writes', async () => {
    const folder = temporaryFolder();
    const silent = [{ words: 'true', test: 'true' }];
    expect((await refused(on(folder, {}, { commands: silent }).check())).message).toMatch(
      /is not shared: this machine does not see what node \S+ writes there/,
    );
  });

  it.runIf(process.getuid?.() === 0)('says that the folder is not shared when a node does not see what this machine writes', async () => {
    const folder = temporaryFolder();
    // A job of a user who may not look into it.
    const blind = on(folder, { options: ['--uid=nobody'] });
    const sentence = new RegExp(`^The folder ${folder} is not shared: node \\S+ does not see what this machine writes there\\.`);
    expect((await refused(blind.check())).message).toMatch(sentence);
    const run = blind.run(work(3, 10), new AbortController().signal, () => Promise.resolve());
    expect((await refused(run)).message).toMatch(sentence);
  });
});

describe('the service over a Slurm cluster', () => {
  const { open: openService } = testServices();

  it('tells workers, throughput and failures', async () => {
    vi.stubEnv('LOTKA_COMMAND', `env LOTKA_RUN_MEMORY=16 ${process.execPath} ${join(bundle, 'cli.js')}`);
    const { client } = await openService();
    const { sweep } = await client.call('sweeps.start', {
      definition: {
        name: 'widths',
        experiment: 'survival',
        preset: null,
        parameters: { modulus: 7, embeddingWidth: 6, precision: 'f64', steps: 20_000 },
        backend: 'wasm',
        axes: [{ kind: 'list', parameter: 'hiddenWidths', values: [[8], [9], [10], [700, 700]] }],
        sampling: { kind: 'grid' },
        seeds: { parameters: ['mlpSeed'], first: 0, count: 2 },
        keep: 'outcomes',
      },
      place: { kind: 'slurm', folder: temporaryFolder(), trialsPerTask: 2, options: [] },
    });
    const seen: SweepWorker[] = [];
    for await (const { record, workers } of client.stream('sweeps.watch', { sweep })) {
      seen.push(...workers);
      if (record.status === 'running') continue;
      expect(record).toMatchObject({ status: 'finished', done: 8, failed: 2 });
      break;
    }
    expect(seen.at(-1)).toMatchObject({ trials: 8, failures: 2 });
    expect(seen.at(-1)!.perMinute).toBeGreaterThan(8);
    expect(new Set(seen.map(({ state }) => state))).toContain('training');
  });
});
