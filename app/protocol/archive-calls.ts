/** The part of the contract that is about .lotka files: runs and sweeps in one file, opened beside the store and read in place. */
import { z } from 'zod';
import { array } from './array.ts';
import { call, stream } from './define.ts';
import { RunId, RunRecord } from './run.ts';
import { SweepId, SweepRecord } from './sweep.ts';

const nothing = z.object({});
const archive = z.object({ archive: z.string().max(80) });

/** A file that is open. */
export const Archive = z.object({
  id: z.string(),
  file: z.string(),
  bytes: z.number(),
  title: z.string(),
  /** Version of the Lotka that wrote it, and when. */
  lotka: z.string(),
  created: z.string(),
  runs: z.array(RunRecord),
  sweeps: z.array(SweepRecord),
  /** A sentence for each run or sweep in it that cannot be read. */
  unreadable: z.array(z.string()),
  /** Comes with Lotka. */
  bundled: z.boolean(),
});
export type Archive = z.infer<typeof Archive>;

export const archiveCalls = {
  /** Files that are open, newest first. */
  'archives.list': call({ input: nothing, output: z.object({ archives: z.array(Archive) }) }),
  /** Opens a file of this machine. Its runs and sweeps can then be asked for by their ids; only its directory is read. */
  'archives.open': call({ input: z.object({ path: z.string().min(1) }), output: Archive }),
  /** Opens the finished runs of an experiment's tour, which come with Lotka. */
  'archives.demonstration': call({ input: z.object({ experiment: z.string() }), output: Archive }),
  /** Begins to send a file that the service cannot reach by a path. */
  'archives.upload': call({
    input: z.object({ file: z.string().min(1).max(255), bytes: z.number().int().min(0) }),
    output: z.object({ upload: z.string() }),
  }),
  /** The next piece of it, at `offset`; with the last one it is opened. */
  'archives.add': call({
    input: z.object({ upload: z.string(), offset: z.number().int().min(0), bytes: array() }),
    output: z.object({ archive: Archive.nullable() }),
  }),
  'archives.close': call({ input: archive, output: nothing }),
  /** Reads the whole file and compares checksums; `damaged` names the first part that is not what was written. */
  'archives.check': stream({
    input: archive,
    item: z.object({ fraction: z.number(), damaged: z.string().nullable() }),
    whenSlow: 'latest',
  }),
  /** Copies what is in a file into the store, checked part by part. */
  'archives.keep': stream({
    input: archive,
    item: z.object({ done: z.number(), total: z.number(), taken: z.array(z.string()).readonly(), known: z.array(z.string()).readonly() }),
    whenSlow: 'all',
  }),
  /**
   * Runs and sweeps as one file, in pieces of about a megabyte. `total`: bytes of the whole. `lean`: only the last checkpoint of each
   * run, the others are trained again when they are needed.
   */
  'archives.pack': stream({
    input: z.object({
      runs: z.array(RunId).max(10_000),
      sweeps: z.array(SweepId).max(1000),
      title: z.string().max(200),
      lean: z.boolean().default(false),
    }),
    item: z.object({ name: z.string(), total: z.number(), bytes: array() }),
    whenSlow: 'all',
  }),
};
