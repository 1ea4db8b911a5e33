import { writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Contract } from '#app/protocol/contract.ts';
import type { Client } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { tell } from './output.ts';

/** Writes a figure to a file. @throws LotkaError if the figure cannot be drawn or the file not be written. */
export async function exportFigure(
  client: Client<Contract>,
  run: string,
  figure: string,
  options: { format: 'svg' | 'png' | 'csv'; theme: 'light' | 'dark'; step?: number; out?: string },
): Promise<void> {
  const { format, theme, step } = options;
  const exported = await client.call('export.figure', { run, figure, format, theme, step });
  const path = resolve(options.out ?? exported.name);
  try {
    writeFileSync(path, exported.bytes as Uint8Array);
  } catch (error) {
    throw unwritable(error, path);
  }
  tell(`wrote ${path}`);
}

function unwritable(cause: unknown, path: string): LotkaError {
  const why: Readonly<Record<string, string>> = {
    ENOENT: `there is no folder ${dirname(path)}`,
    ENOTDIR: `${dirname(path)} is not a folder`,
    EISDIR: 'it is a folder, and --out names a file',
    EACCES: 'you may not write there',
    EPERM: 'you may not write there',
    EROFS: 'nobody may write there',
    ENOSPC: 'the disk is full',
  };
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  return new LotkaError('bad-input', `${path} cannot be written: ${why[code] ?? (cause as Error).message}.`, { cause });
}
