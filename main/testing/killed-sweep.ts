/** `lotka sweep`, killed in the middle and resumed, as tests compare it with an undisturbed one. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TrialResult } from '#app/protocol/sweep.ts';
import { temporaryFolder } from './temporary.ts';

const sweep = ['sweep', 'survival', '--set', 'modulus=7', 'embeddingWidth=6', 'hiddenWidths=8', 'precision=f64', 'steps=4000'];
const axes = ['--axis', 'learningRate=1e-3..1e-2:4:log', '--axis', 'weightDecay=0,0.5'];

/** What is the same of a map whoever trained it, in the order of its trials. */
function mapIn(store: string, id: string): unknown[] {
  const lines = readFileSync(join(store, 'sweeps', id, 'results.jsonl'), 'utf8')
    .trim()
    .split('\n');
  return lines
    .map((line) => JSON.parse(line) as TrialResult)
    .sort((a, b) => a.point - b.point || a.seed - b.seed)
    .map(({ point, seed, state, outcomes, step }) => ({ point, seed, state, outcomes, step }));
}

function run(cli: string, store: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args, '--json'], {
    encoding: 'utf8',
    env: { ...process.env, LOTKA_STORE: store, LOTKA_WORKERS: '1' },
  });
  if (status !== 0) throw new Error(stderr);
  return (JSON.parse(stdout) as { sweep: string }).sweep;
}

/** The map of a sweep on this machine that nothing disturbs. @param cli the built command */
export function undisturbedMap(cli: string): unknown[] {
  const store = temporaryFolder();
  return mapIn(store, run(cli, store, [...sweep, ...axes]));
}

/** The map of a sweep elsewhere, whose `lotka sweep` is killed after its first results and resumed. @param place options that name the place */
export async function killedMap(cli: string, place: readonly string[]): Promise<unknown[]> {
  const store = temporaryFolder();
  const child = spawn(process.execPath, [cli, ...sweep, ...axes, ...place], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, LOTKA_STORE: store, LOTKA_WORKERS: '1' },
  });
  const ended = once(child, 'exit');
  let said = '';
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  const id = (): string | undefined => /^sweep (sweep-\S+)$/m.exec(said)?.[1];
  const begun = (): boolean => {
    const results = join(store, 'sweeps', id() ?? '', 'results.jsonl');
    return existsSync(results) && readFileSync(results, 'utf8').includes('\n');
  };
  while (!begun()) {
    if (child.exitCode !== null) throw new Error(`It ended before it was killed: ${said}`);
    await sleep(20);
  }
  child.kill('SIGKILL');
  await ended;
  return mapIn(store, run(cli, store, ['sweep', '--resume', id()!]));
}
