import { execFileSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { formatFor, writePieces, writeWhole } from './writing.ts';

/** Bytes that the disk still takes. */
let room = Infinity;
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  return {
    ...fs,
    writeSync: (file: number, bytes: Uint8Array, from: number) => {
      if (room <= 0) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      const taken = Math.min(room, bytes.length - from);
      room -= taken;
      return fs.writeSync(file, bytes, from, taken);
    },
  };
});

let folder = '';
beforeEach(() => {
  room = Infinity;
  folder = mkdtempSync(join(tmpdir(), 'lotka-writing-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index % 251);

it('writes a file whole', async () => {
  const path = join(folder, 'figure.svg');
  await writeWhole(path, bytes);
  expect(readFileSync(path).equals(bytes)).toBe(true);
  expect(readdirSync(folder)).toEqual(['figure.svg']);
});

it('leaves nothing half, and what was there, when the disk is full in the middle', async () => {
  const path = join(folder, 'figure.svg');
  writeFileSync(path, 'an older figure');
  room = 600;
  await expect(writeWhole(path, bytes)).rejects.toThrow(`${path} cannot be written: the disk is full.`);
  expect(readFileSync(path, 'utf8')).toBe('an older figure');
  expect(readdirSync(folder)).toEqual(['figure.svg']);
});

it('leaves nothing when what it is made of breaks off', async () => {
  function* broken() {
    yield bytes;
    throw new Error('the run is gone');
  }
  await expect(writePieces(join(folder, 'film.webm'), broken())).rejects.toThrow('the run is gone');
  expect(readdirSync(folder)).toEqual([]);
});

it('says why it may not write', async () => {
  await expect(writeWhole(join(folder, 'none', 'a.svg'), bytes)).rejects.toThrow(`there is no folder ${join(folder, 'none')}.`);
  writeFileSync(join(folder, 'file'), '');
  await expect(writeWhole(join(folder, 'file', 'a.svg'), bytes)).rejects.toThrow(`${join(folder, 'file')} is not a folder.`);
});

it('writes through a link, and keeps the link and who may read the file', async () => {
  const [file, link] = [join(folder, 'figure.svg'), join(folder, 'link.svg')];
  writeFileSync(file, 'old');
  chmodSync(file, 0o600);
  symlinkSync(file, link);
  await writeWhole(link, bytes);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(file).equals(bytes)).toBe(true);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

// Never the system's own: should this fail, it would be gone.
if (process.platform === 'linux')
  it('writes into what is no file instead of replacing it', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const reader = execFileSync.bind(null, 'sh', ['-c', `timeout 5 cat '${pipe}' > '${join(folder, 'read')}' &`], { stdio: 'ignore' });
    reader();
    await writeWhole(pipe, bytes);
    expect(lstatSync(pipe).isFIFO()).toBe(true);
    await expect.poll(() => readFileSync(join(folder, 'read')).length).toBe(bytes.length);
  });

it('takes the format that a name tells, unless another was told', () => {
  const format = (told: { format?: 'svg' | 'png'; out?: string }) => formatFor(told, ['svg', 'png'] as const, (one) => one, 'svg');
  expect([format({}), format({ out: 'a.PNG' }), format({ out: 'a.xyz' }), format({ format: 'png' })]).toEqual(['svg', 'png', 'svg', 'png']);
  expect(() => format({ format: 'svg', out: 'a.png' })).toThrow('--out ends in .png, and --format is svg: they should say the same.');
});
