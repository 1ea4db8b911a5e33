import { appendFileSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { TrialKey } from '#app/protocol/sweep.ts';
import { temporaryFolder } from '#main/testing/temporary.ts';
import { chunkSize, cut, processorsOf } from './chunks.ts';
import { jobScript, nodeCommands, shellWord } from './script.ts';
import { resultsPath, TaskReader, TaskWriter, writeArray } from './shared-folder.ts';

const emptyWork = {
  format: 1 as const,
  sweep: 's',
  experiment: 'survival',
  backend: 'wasm' as const,
  engine: 'e',
  lotka: '1',
  secondsPerTrial: null,
};

it('cuts a list into pieces that make it up again', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 20 }), (list, size) => {
      const pieces = cut(list, size);
      expect(pieces.flat()).toEqual(list);
      for (const piece of pieces.slice(0, -1)) expect(piece).toHaveLength(size);
      expect(pieces.every(({ length }) => length > 0)).toBe(true);
    }),
  );
});

it('chooses how many trials a task trains: minutes of work, spread over some tasks', () => {
  const trials = (count: number): never[] => Array.from<never>({ length: count });
  const place = { trialsPerTask: null, options: [] };
  expect(chunkSize({ trials: trials(10_000), secondsPerTrial: 1 }, place)).toBe(300);
  expect(chunkSize({ trials: trials(10_000), secondsPerTrial: 1 }, { ...place, options: ['-c', '2'] })).toBe(600);
  expect(chunkSize({ trials: trials(10_000), secondsPerTrial: 3600 }, place)).toBe(1);
  expect(chunkSize({ trials: trials(160), secondsPerTrial: 0.001 }, place)).toBe(10);
  expect(chunkSize({ trials: trials(160), secondsPerTrial: null }, place)).toBe(10);
  expect(chunkSize({ trials: trials(160), secondsPerTrial: 1 }, { ...place, trialsPerTask: 7 })).toBe(7);
});

it.each([
  [[], 1],
  [['--partition=short', '--cpus-per-task=4'], 4],
  [['-c8'], 8],
  [['-c', '3'], 3],
  [['--cpus-per-task', '2', '--mem=4G'], 2],
])('reads the processors of a task from %j', (options, count) => expect(processorsOf(options)).toBe(count));

it('reads whole lines only, each once, whatever a kill left between them', async () => {
  const folder = temporaryFolder();
  await writeArray(folder, { ...emptyWork, chunks: [[]] }, () => '');
  const writer = new TaskWriter(folder, 0);
  const reader = new TaskReader(folder, 0);
  const training = (point: number): TrialKey[] => [{ point, seed: 0 }];
  expect(await reader.read()).toEqual([]);
  await writer.write({ training: training(1) });
  appendFileSync(resultsPath(folder, 0), '\n{"training":[{"point":2,"se');
  expect(await reader.read()).toEqual([{ training: training(1) }]);
  expect(await reader.read()).toEqual([]);
  await writer.write({ training: training(3) });
  appendFileSync(resultsPath(folder, 0), 'not ours\n{"results":[{"point":"x"}]}\n');
  await writer.write({ ended: true });
  expect(await reader.read()).toEqual([{ training: training(3) }, { ended: true }]);
  expect(await new TaskReader(folder, 7).read()).toEqual([]);
});

it.runIf(process.platform === 'linux')('says that the disk of the folder is full', async () => {
  const folder = temporaryFolder();
  await writeArray(folder, { ...emptyWork, chunks: [[]] }, () => '');
  rmSync(resultsPath(folder, 0));
  symlinkSync('/dev/full', resultsPath(folder, 0));
  await expect(new TaskWriter(folder, 0).write({ ended: true })).rejects.toThrow(/^The disk that holds .* is full; free some space there/);
});

it('quotes any path for the shell', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', ' ', "'", '"', '$', '`', '\\', '*', ';', '\n') }), (text) => {
      expect(execFileSync('sh', ['-c', `printf %s ${shellWord(text)}`], { encoding: 'utf8' })).toBe(text);
    }),
    { numRuns: 30 },
  );
});

it.skipIf(process.platform === 'win32')('starts Lotka only where the token is seen, and says where there is no Lotka', async () => {
  const folder = join(temporaryFolder(), "it's shared");
  const script = (token: string): string =>
    jobScript(folder, token, [{ words: 'nobody', test: 'false' }, ...nodeCommands({ LOTKA_COMMAND: 'echo started' })]);
  await writeArray(folder, { ...emptyWork, chunks: [[]] }, script);
  const run = (text?: string): void => {
    if (text !== undefined) writeFileSync(join(folder, 'job.sh'), text);
    execFileSync('sh', [join(folder, 'job.sh')], { env: { ...process.env, SLURM_ARRAY_TASK_ID: '0', SLURMD_NODENAME: 'n1' } });
  };
  run();
  expect(await new TaskReader(folder, 0).lastWords()).toBe(`started sweep-task ${folder} 0`);
  run(jobScript(folder, readFileSync(join(folder, 'token'), 'utf8').trim(), []));
  expect(await new TaskReader(folder, 0).read()).toEqual([
    { refused: expect.stringMatching(/^Lotka was not found on node n1: /) as string },
  ]);
  expect(() => run(jobScript(folder, 'another', []))).toThrow(expect.objectContaining({ status: 41 }) as Error);
});
