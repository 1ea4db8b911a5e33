/**
 * What lies in a .lotka file: a zip archive of stored parts,
 *   lotka.json                 what it is: format, who wrote it, title
 *   runs/<id>/...              folders of runs, as the store has them
 *   sweeps/<id>/...            folders of sweeps
 *   datasets/<id>/...          what the runs learned from, where that was imported
 */
import { z } from 'zod';
import { DatasetId } from '#app/protocol/dataset.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { RunId } from '#app/protocol/run.ts';
import { SweepId } from '#app/protocol/sweep.ts';

export const archiveFormat = 1;
export const manifestName = 'lotka.json';
/** Of a file name, with the dot. */
export const archiveExtension = '.lotka';

export const Manifest = z.object({
  format: z.literal(archiveFormat),
  /** Version of the Lotka that wrote it. */
  lotka: z.string().max(100),
  title: z.string().max(200),
  created: z.string().max(40),
});
export type Manifest = z.infer<typeof Manifest>;

const name = String.raw`[A-Za-z0-9_-][A-Za-z0-9_.-]*`;
const partNames = {
  runs: new RegExp(
    String.raw`^runs/([a-z0-9-]{6,80})/(run\.json|recording\.json|series/${name}\.npy|frames/${name}\.npy|checkpoints/\d+\.npz)$`,
  ),
  sweeps: /^sweeps\/([a-z0-9-]{6,80})\/(sweep\.json|results\.jsonl)$/,
  datasets: /^datasets\/([a-z0-9-]{1,80})\/(dataset\.json|inputs\.npy|target\.npy)$/,
} as const;
const ids = { runs: RunId, sweeps: SweepId, datasets: DatasetId } as const;

/** Ids of what lies in an archive, each in the order of its parts. */
export interface Contents {
  readonly runs: readonly string[];
  readonly sweeps: readonly string[];
  readonly datasets: readonly string[];
}

/**
 * What an archive holds, from the names of its parts.
 * @throws LotkaError `bad-input` for a part that belongs to nothing: a name that leads elsewhere is never used as a path.
 */
export function contentsOf(parts: Iterable<string>, file: string): Contents {
  const found = { runs: new Set<string>(), sweeps: new Set<string>(), datasets: new Set<string>() };
  for (const part of parts) {
    if (part === manifestName) continue;
    const kind = (['runs', 'sweeps', 'datasets'] as const).find((one) => partNames[one].test(part));
    const id = kind && partNames[kind].exec(part)?.[1];
    if (!kind || !ids[kind].safeParse(id).success)
      throw new LotkaError('bad-input', `"${file}" cannot be opened: it has a part "${printable(part)}", which no .lotka file has.`);
    found[kind].add(id!);
  }
  return { runs: [...found.runs], sweeps: [...found.sweeps], datasets: [...found.datasets] };
}

/**
 * The manifest of an archive.
 * @throws LotkaError `store-newer` for what a newer Lotka wrote, `bad-input` if it is damaged
 */
export function readManifest(text: string, file: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new LotkaError('bad-input', `"${file}" cannot be opened: its description is damaged.`, { cause });
  }
  const format = (value as { format?: unknown } | null)?.format;
  if (typeof format === 'number' && format > archiveFormat)
    throw new LotkaError(
      'store-newer',
      `"${file}" was written by a newer Lotka (format ${format}, this one knows ${archiveFormat}); update Lotka to open it.`,
    );
  const manifest = Manifest.safeParse(value);
  if (!manifest.success)
    throw new LotkaError('bad-input', `"${file}" cannot be opened: its description is damaged.`, { cause: manifest.error });
  return manifest.data;
}

const printable = (text: string): string => text.slice(0, 80).replace(/[^\x20-\x7e]/g, '?');
