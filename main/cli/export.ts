import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Contract } from '#app/protocol/contract.ts';
import type { Client } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { diskError } from '#main/store/files.ts';
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
    const sentence = diskError(error, path);
    throw sentence instanceof LotkaError
      ? sentence
      : new LotkaError('bad-input', `${path} cannot be written: ${(error as Error).message}.`, { cause: error });
  }
  tell(`wrote ${path}`);
}
