/** Where results are kept. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BenchResult } from '#app/protocol/bench.ts';

/** Writes a file whole or not at all. */
export function writeWhole(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}

/**
 * Keeps a result in a folder under its date, and as `latest.json` if told.
 * @returns the paths written
 */
export function keepResult(folder: string, result: BenchResult, latest: boolean): string[] {
  const text = `${JSON.stringify(result)}\n`;
  const groups = [...new Set(result.workloads.map(({ id }) => id.split('-')[0]))].join('-');
  const dated = join(folder, `${result.created.slice(0, 19).replace(/:/g, '')}-${groups}.json`);
  const paths = latest ? [dated, join(folder, 'latest.json')] : [dated];
  for (const path of paths) writeWhole(path, text);
  return paths;
}
