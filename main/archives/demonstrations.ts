import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { archiveExtension } from '#app/archives/layout.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { unpackedRoot } from '#main/paths.ts';

const folder = (): string => join(unpackedRoot(), 'assets', 'demonstrations');

/** Where the finished runs of an experiment lie. @throws LotkaError `not-found` if none come with this Lotka */
export function demonstrationPath(experiment: string): string {
  const path = join(folder(), `${experiment}${archiveExtension}`);
  if (!/^[a-z0-9-]+$/.test(experiment) || !existsSync(path))
    throw new LotkaError('not-found', `No finished runs of "${experiment}" come with this Lotka; train one from the Atlas.`);
  return path;
}

/** Whether a file is one of those. */
export const isDemonstration = (path: string): boolean => dirname(path) === folder();
