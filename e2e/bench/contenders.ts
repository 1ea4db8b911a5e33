/** Who takes part in a workload, and how each is started. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { BenchEngine } from '#app/protocol/bench.ts';
import { Child, Skipped, type Burst, type Start } from './child.ts';
import { ourEngines, type Options } from './options.ts';
import { peerEnvironment, type Python } from './pythons.ts';
import type { PeerForm, Workload } from './workloads/workload.ts';

export type OurEngine = (typeof ourEngines)[number];

/** Someone who trains a workload. */
export interface Contender {
  readonly id: string;
  readonly name: string;
  readonly engine: OurEngine | 'torch' | 'numpy' | 'peak';
  readonly form: string;
  readonly label: string;
  readonly start: Start;
}

/** A contender that was started, or the reason it was not; with what was measured of it. */
export interface Standing {
  readonly contender: Contender;
  child: Child | null;
  skipped: string | null;
  losses: BenchEngine['losses'];
  measures: Readonly<Record<string, number>>;
  steps: number;
  readonly bursts: Burst[];
}

const scripts = import.meta.glob<string>('./peers/*.py', { query: '?raw', import: 'default', eager: true });

/** Writes the peers' scripts into a folder, where Python finds them. @returns the folder */
export function writePeers(folder: string): string {
  const peers = join(folder, 'peers');
  mkdirSync(peers, { recursive: true });
  for (const [path, text] of Object.entries(scripts)) writeFileSync(join(peers, basename(path)), text);
  return peers;
}

/** TensorFlow's own threads; ours has none. */
const oneThread = { TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1', OMP_NUM_THREADS: '1', TF_CPP_MIN_LOG_LEVEL: '2' } as const;

/** This program's file, started once more as an engine. */
export function ourStart(entry: string, shared: string, workload: string, engine: string, form: string): Start {
  return { command: process.execPath, args: [entry, '--engine', shared, workload, engine, form], environment: oneThread };
}

export function peerStart(
  python: Python,
  peers: string,
  shared: string,
  group: string,
  { library, form }: Pick<PeerForm, 'library' | 'form'>,
): Start {
  return { command: python.path, args: ['-u', join(peers, 'peer.py'), shared, group, library, form], environment: peerEnvironment };
}

export const takesPart = ({ engines }: Options, name: string): boolean => engines === null || engines.has(name);

const libraryNames = { torch: 'PyTorch', numpy: 'NumPy' } as const;

/** Everybody who may train a workload: our engines in all forms, and each library of each Python in all forms. */
export function contendersOf(
  workload: Workload,
  options: Options,
  place: { readonly entry: string; readonly shared: string; readonly peers: string; readonly pythons: readonly Python[] },
): Contender[] {
  const ours = ourEngines
    .filter((engine) => takesPart(options, engine))
    .flatMap((engine) =>
      workload.ours.map(({ id: form, label }) => ({
        id: `${engine} ${form}`,
        name: `Lotka ${engine}`,
        engine,
        form,
        label,
        start: ourStart(place.entry, place.shared, workload.id, engine, form),
      })),
    );
  const peers = place.pythons.flatMap((python) =>
    workload.peers
      .filter(({ library }) => takesPart(options, library) && python[library] !== null)
      .map((form) => ({
        id: `${form.library} ${python[form.library]} ${form.form}`,
        name: `${libraryNames[form.library]} ${python[form.library]}`,
        engine: form.library,
        form: form.form,
        label: form.label,
        start: peerStart(python, place.peers, place.shared, workload.group, form),
      })),
  );
  // Two Pythons may bring the same library.
  return [...ours, ...new Map(peers.map((peer) => [peer.id, peer])).values()];
}

/** Starts a contender; a reason not to take part is part of the result. */
export async function stand(contender: Contender): Promise<Standing> {
  const standing: Standing = { contender, child: null, skipped: null, losses: null, measures: {}, steps: 1, bursts: [] };
  try {
    standing.child = await Child.start(contender.start);
  } catch (error) {
    if (!(error instanceof Skipped)) throw error;
    standing.skipped = error.message;
  }
  return standing;
}

/** Does something with a contender; if its process fails, it is skipped from here on, with the reason. */
export async function attempt<T>(standing: Standing, action: (child: Child) => Promise<T>): Promise<T | null> {
  if (!standing.child) return null;
  try {
    return await action(standing.child);
  } catch (error) {
    standing.child.close();
    standing.child = null;
    standing.skipped = `it failed while running: ${(error as Error).message}`;
    return null;
  }
}
