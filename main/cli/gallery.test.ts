/** Every figure, drawn by the command line without a window, is the one of the docs: the same structure, the same pixels. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '#main/paths.ts';
import { buildBundle } from '#main/testing/bundle.ts';
import { temporaryFolder } from '#main/testing/temporary.ts';

const golden = join(packageRoot(), 'docs', 'figures');
const drawings = readdirSync(golden).filter((name) => name.endsWith('.svg'));
let drawn: string;

beforeAll(async () => {
  const cli = join(await buildBundle('cli', 'engine-worker'), 'cli.js');
  drawn = join(temporaryFolder(), 'figures');
  const { status, stderr } = spawnSync(process.execPath, [cli, 'gallery', drawn], {
    encoding: 'utf8',
    env: { ...process.env, LOTKA_STORE: temporaryFolder(), LOTKA_WORKERS: '1' },
  });
  expect(stderr).toMatch(/^(drew \S+\.svg\n)+$/);
  expect(status).toBe(0);
}, 120_000);

/** A drawing with its colours in letters only, so that no number is taken out of them. */
const read = (folder: string, name: string): string =>
  readFileSync(join(folder, name), 'utf8').replace(/#[0-9a-f]{6}\b/g, (hex) => hex.replace(/\d/g, (digit) => 'ghijklmnop'[Number(digit)]!));
const number = /-?\d+(\.\d+)?(e-?\d+)?/g;
const numbersOf = (svg: string): number[] => (svg.match(number) ?? []).map(Number);
const shapeOf = (svg: string): string => svg.replace(number, '#');

it('draws them all, and the same page', () => {
  expect(drawings.length).toBeGreaterThan(40);
  expect(readdirSync(drawn).sort()).toEqual(drawings.sort());
  expect(readFileSync(`${drawn}.md`, 'utf8')).toBe(readFileSync(`${golden}.md`, 'utf8'));
});

describe('what is drawn', () => {
  it.each(drawings)('%s has the structure and the numbers of the docs', (name) => {
    const [now, then] = [read(drawn, name), read(golden, name)];
    expect(shapeOf(now)).toBe(shapeOf(then));
    const [a, b] = [numbersOf(now), numbersOf(then)];
    const apart = a.map((value, index) => Math.abs(value - b[index]!) / Math.max(1, Math.abs(b[index]!)));
    expect(Math.max(...apart)).toBeLessThan(1e-3);
  });

  it('has the pixels of the docs', () => {
    const pixels = (svg: string): Uint8Array => new Resvg(svg, { font: { loadSystemFonts: false } }).render().pixels;
    for (const name of drawings) {
      const [now, then] = [drawn, golden].map((folder) => pixels(readFileSync(join(folder, name), 'utf8'))) as [Uint8Array, Uint8Array];
      expect(now.length, name).toBe(then.length);
      const other = now.reduce((count, value, index) => count + (Math.abs(value - then[index]!) > 16 ? 1 : 0), 0);
      expect(other / now.length, name).toBeLessThan(1e-3);
    }
  });
});
