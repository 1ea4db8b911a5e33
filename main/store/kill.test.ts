import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildBundle } from '#main/testing/bundle.ts';
import { temporaryFolder } from '#main/testing/temporary.ts';
import { checkpointSteps, loadCheckpoint } from './run-folder.ts';
import { Store } from './store.ts';

/** More with LOTKA_KILLS=200. */
const kills = Number(process.env.LOTKA_KILLS ?? 30);
const steps = 30_000;
const command = ['run', 'survival', '--set', 'modulus=7', 'embeddingWidth=6', 'hiddenWidths=8', `steps=${steps}`, '--json'];

let cli: string;
beforeAll(async () => {
  cli = join(await buildBundle('cli', 'engine-worker'), 'cli.js');
});

function start(store: string, args: readonly string[]) {
  const child = spawn(process.execPath, [cli, ...args], {
    env: { ...process.env, LOTKA_STORE: store, LOTKA_WORKERS: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let errors = '';
  child.stdout.on('data', (chunk) => (out += String(chunk)));
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  return {
    child,
    ended: once(child, 'close').then(([code]) => ({ code: code as number | null, out, errors })),
    begun: () => /^run \S+$/m.test(errors),
  };
}

const seriesFiles = (store: string, run: string): [string, Buffer][] =>
  ['series', 'frames'].flatMap((part) =>
    readdirSync(join(store, 'runs', run, part)).map((name): [string, Buffer] => [
      `${part}/${name}`,
      readFileSync(join(store, 'runs', run, part, name)),
    ]),
  );

describe('kill -9', () => {
  it(
    `at ${kills} random moments loses no run, breaks no store, and resumes to the same bits`,
    async () => {
      const reference = temporaryFolder();
      const { out, errors } = await start(reference, command).ended;
      expect(errors).not.toContain('wrong');
      const whole = (JSON.parse(out) as { run: string }).run;
      const expected = new Map(seriesFiles(reference, whole));

      const store = temporaryFolder();
      const statuses = new Map<string, string>();
      const known = new Set<string>();
      for (let i = 0; i < kills; i++) {
        const process = start(store, command);
        // Some before the run begins, most while it writes.
        while (i % 6 !== 0 && !process.begun() && process.child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5));
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 1200));
        process.child.kill('SIGKILL');
        await process.ended;

        const opened = Store.open(store);
        try {
          const { runs } = opened.list({ limit: 1000 });
          for (const id of known) expect(runs.some((run) => run.id === id)).toBe(true);
          for (const { id, status, message } of runs) {
            if (known.has(id)) continue;
            known.add(id);
            statuses.set(id, status);
            expect(['interrupted', 'finished'], message ?? '').toContain(status);
            const run = opened.open(id);
            for (const { name, width } of run.seriesInfo) {
              const { rows, values } = run.series(name);
              const file = expected.get(`series/${name}.npy`)!;
              const bytes = file.subarray(128, 128 + 8 * rows * width);
              expect(Buffer.from(values.buffer, values.byteOffset, values.byteLength).equals(bytes)).toBe(true);
            }
            for (const step of checkpointSteps(opened.folderOf(id))) expect(loadCheckpoint(opened.folderOf(id), step).step).toBe(step);
          }
        } finally {
          opened.close();
        }
      }
      expect(known.size).toBeGreaterThan(kills / 2);

      const broken = [...known].filter((id) => statuses.get(id) === 'interrupted');
      expect(broken.length).toBeGreaterThan(0);
      for (const id of broken.slice(0, 3)) {
        const { code, errors: said } = await start(store, ['resume', id]).ended;
        expect(code, said).toBe(0);
        for (const [name, bytes] of seriesFiles(store, id)) expect(bytes.equals(expected.get(name)!), name).toBe(true);
      }
    },
    kills * 8000,
  );
});
