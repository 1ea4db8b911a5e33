import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { SpeedAdvice, SpeedResult } from '#app/protocol/speed.ts';
import { buildBundle } from '#main/testing/bundle.ts';
import { temporaryFolder } from '#main/testing/temporary.ts';

let cli: string;
let store: string;
beforeAll(async () => {
  cli = join(await buildBundle('cli', 'engine-worker', 'engine-process'), 'cli.js');
  store = temporaryFolder();
});

const tiny = ['--set', 'modulus=7', '--set', 'embeddingWidth=6', '--set', 'hiddenWidths=8', '--set', 'precision=f32'];

function lotka(...args: string[]): { code: number | null; out: string; errors: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    encoding: 'utf8',
    env: { ...process.env, LOTKA_STORE: store, LOTKA_WORKERS: '1' },
  });
  return { code: status, out: stdout, errors: stderr };
}

it('trains on TensorFlow and shows it among the backends', () => {
  const run = lotka('run', 'survival', ...tiny, '--steps', '20', '--backend', 'tensorflow', '--json');
  expect(run.code).toBe(0);
  expect(JSON.parse(run.out)).toMatchObject({ status: 'finished' });
  expect(run.errors).toContain('by tensorflow');
  const { out } = lotka('backends');
  expect(out).toMatch(/^ {2}tensorflow +ready +tfjs-node 4\.22\.0 \/ TensorFlow \d/m);
});

it('times the backends, in words and as one JSON object', () => {
  const words = lotka('backends', '--measure', 'survival', ...tiny, '--seconds', '1');
  expect(words.code).toBe(0);
  expect(words.out).toMatch(/^\* +WebAssembly/m);
  expect(words.out).toMatch(/trains this model .* times as fast as/);
  const { out } = lotka('backends', '--measure', 'survival', ...tiny, '--seconds', '1', '--json');
  const result = JSON.parse(out) as SpeedResult & SpeedAdvice;
  expect(result.backends.map(({ name }) => name)).toContain(result.recommended);
  expect(result.backends.every(({ stepsPerSecond }) => stepsPerSecond! > 0)).toBe(true);
});

it('refuses what cannot be measured or installed, at once', () => {
  expect(lotka('backends', '--measure', 'nonsense')).toMatchObject({ code: 2, out: '' });
  expect(lotka('backends', '--measure', 'survival', '--set', 'modulus=2').errors).toContain('modulus = 2');
  expect(lotka('backends', '--install', 'wasm')).toMatchObject({ code: 2, errors: expect.stringContaining('Only tensorflow') as string });
});
