import { parseArgs } from 'node:util';
import { LotkaError } from '#app/protocol/errors.ts';
import { groups } from './workloads/index.ts';

export interface Options {
  readonly groups: ReadonlySet<string>;
  /** Ours by backend name, peers by library; null for all. */
  readonly engines: ReadonlySet<string> | null;
  readonly rounds: number;
  readonly burstMilliseconds: number;
  /** A file to write the result to as well. */
  readonly json: string | null;
  /** Folder that keeps every result, besides the store's. */
  readonly results: string | null;
}

/** Our backends that take part. */
export const ourEngines = ['wasm', 'wasm-relaxed', 'tensorflow'] as const;
export const engineNames = [...ourEngines, 'torch', 'numpy'] as const;

/** Reads the command line. @throws LotkaError naming what is wrong and what would be right */
export function readOptions(args: readonly string[]): Options {
  let values: Record<string, string | undefined>;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        workload: { type: 'string' },
        engines: { type: 'string' },
        rounds: { type: 'string', default: '9' },
        'burst-ms': { type: 'string', default: '300' },
        json: { type: 'string' },
        results: { type: 'string' },
      },
    }));
  } catch (error) {
    throw new LotkaError('bad-input', `${(error as Error).message}.`);
  }
  const whole = (name: string, least: number, most: number): number => {
    const value = Number(values[name]);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new LotkaError('bad-input', `--${name} ${values[name]} cannot be used: it is a whole number from ${least} to ${most}.`);
  };
  return {
    groups: new Set(choices('workload', values.workload, groups) ?? groups),
    engines: choices('engines', values.engines, engineNames),
    rounds: whole('rounds', 1, 1000),
    burstMilliseconds: whole('burst-ms', 10, 60_000),
    json: values.json ?? null,
    results: values.results ?? null,
  };
}

function choices(name: string, given: string | undefined, known: readonly string[]): Set<string> | null {
  if (given === undefined) return null;
  const chosen = given.split(',').map((part) => part.trim());
  const unknown = chosen.find((part) => !known.includes(part));
  if (unknown === undefined) return new Set(chosen);
  throw new LotkaError('bad-input', `--${name} ${unknown} is unknown; there are: ${known.join(', ')}.`);
}
