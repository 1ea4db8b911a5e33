/** `npm run bench`, `lotka bench`: our engine against its peers on the same networks, in one run on one machine. */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchResult, BenchRow } from '#app/protocol/bench.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { benchFolder } from '#main/service/bench.ts';
import { storeLocation } from '#main/store/location.ts';
import { writePeers } from './contenders.ts';
import { serveEngine } from './engine.ts';
import { measureMemory, measureTwoProcesses } from './extras.ts';
import { describeMachine } from './machine.ts';
import { readOptions, type Options } from './options.ts';
import { calibrate } from './peak.ts';
import { measureProducts } from './product-rows.ts';
import { findPythons, peerEnvironment } from './pythons.ts';
import { keepResult, writeWhole } from './results.ts';
import { writeShared } from './shared.ts';
import { describeResult } from './table.ts';
import { measureTraining, type Place, type WorkloadReport } from './training.ts';
import { groups, workloads } from './workloads/index.ts';
import { productsShared } from './workloads/products.ts';

const tell = (words: string): void => void process.stderr.write(`${words}\n`);

async function measure(options: Options, folder: string): Promise<BenchResult> {
  const { found: pythons, missing } = findPythons();
  const place: Place = { entry: fileURLToPath(import.meta.url), peers: writePeers(folder), pythons, tell };
  const machine = await describeMachine();
  tell('what 128-bit vectors can do here');
  const peak = calibrate();
  const rows: BenchRow[] = [];
  const reports: WorkloadReport[] = [];
  const keep = (part: { report: WorkloadReport; rows: readonly BenchRow[] }): void => {
    rows.push(...part.rows);
    reports.push(part.report);
  };
  for (const workload of workloads.filter(({ group }) => options.groups.has(group))) {
    const shared = writeShared(folder, workload.shared());
    keep(await measureTraining(workload, shared, options, place));
    if (workload.group !== 'w2') continue;
    rows.push(await measureTwoProcesses(workload, shared, options, place), await measureMemory(workload, shared, options, place));
  }
  for (const precision of ['f32', 'f64'] as const) {
    if (options.groups.has('w5')) keep(await measureProducts(precision, writeShared(folder, productsShared(precision)), options, place));
  }
  return {
    format: 1,
    created: new Date().toISOString(),
    rounds: options.rounds,
    burstMilliseconds: options.burstMilliseconds,
    machine: { ...machine, load: { before: machine.load.before, after: loadavg() } },
    peak,
    peerEnvironment,
    missing,
    rows,
    workloads: reports,
  };
}

async function bench(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  const folder = mkdtempSync(join(tmpdir(), 'lotka-bench-'));
  try {
    const result = await measure(options, folder);
    process.stdout.write(`${describeResult(result)}\n`);
    const kept = keepResult(benchFolder(storeLocation()), result, true);
    // A part of the workloads must not take the place of all.
    if (options.results !== null) kept.push(...keepResult(resolve(options.results), result, options.groups.size === groups.length));
    if (options.json !== null) {
      writeWhole(resolve(options.json), `${JSON.stringify(result, null, 1)}\n`);
      kept.push(options.json);
    }
    tell(`written: ${kept.join(', ')}`);
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [role, ...rest] = process.argv.slice(2);
if (role === '--engine') {
  await serveEngine(rest);
} else {
  try {
    process.exitCode = await bench(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof LotkaError)) throw error;
    tell(error.message);
    process.exitCode = error.code === 'bad-input' ? 2 : 1;
  }
}
