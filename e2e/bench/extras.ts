/** W2 beside its ratios: two processes against one, and what a run costs in memory. */
import type { BenchRow } from '#app/protocol/bench.ts';
import { Child, Skipped } from './child.ts';
import { ourStart, takesPart } from './contenders.ts';
import type { Options } from './options.ts';
import { spreadOf } from './statistics.ts';
import type { Place } from './training.ts';
import type { Workload } from './workloads/workload.ts';

/** Share of two whole processors that two processes must have had for a claim about the wall clock. */
const leastBusy = 0.9;

/** A grid of runs is many independent ones: how many more steps a second two processes take than one. */
export async function measureTwoProcesses(workload: Workload, shared: string, options: Options, place: Place): Promise<BenchRow> {
  const engine = takesPart(options, 'wasm-relaxed') ? 'wasm-relaxed' : 'wasm';
  const row = {
    id: `${workload.id}/processes/${engine}`,
    workload: workload.id,
    title: 'steps a second on a grid of runs',
    ours: `Lotka ${engine}, two processes`,
    against: 'one process',
    unit: '×' as const,
    target: { least: 1.9, aim: 2 },
    gate: null,
  };
  const start = ourStart(place.entry, shared, workload.id, engine, 'lean');
  const children: Child[] = [];
  try {
    for (let index = 0; index < 2; index++) children.push(await Child.start(start));
    const seconds = options.burstMilliseconds / 1000;
    let steps = 1;
    for (let t = 0; t < seconds; steps *= 2) ({ t } = await children[0].run(steps));
    await children[1].run(steps);
    const gains: number[] = [];
    let cpu = 0;
    let wall = 0;
    for (let round = 0; round < options.rounds; round++) {
      const alone = await children[round % 2].run(steps);
      const both = await Promise.all(children.map((child) => child.run(steps)));
      gains.push(both.reduce((rate, burst) => rate + burst.steps / burst.t, 0) / (alone.steps / alone.t));
      cpu += both[0].cpu + both[1].cpu;
      wall += Math.max(both[0].t, both[1].t);
      place.tell(`${workload.id}: two processes, round ${round + 1} of ${options.rounds}`);
    }
    const busy = cpu / wall / 2;
    if (busy < leastBusy) {
      const note = `no claim: two processes got ${(2 * busy).toFixed(2)} processors, so there was no idle core for the second`;
      return { ...row, value: null, wall: null, note };
    }
    const value = spreadOf(gains);
    return { ...row, value, wall: value, note: `two processes got ${(2 * busy).toFixed(2)} processors` };
  } catch (error) {
    return { ...row, value: null, wall: null, note: (error as Error).message };
  } finally {
    for (const child of children) child.close();
  }
}

const runsInMemory = 20;
const megabyte = 2 ** 20;

/** Resident memory that each of twenty further runs adds to a process, in three processes. */
export async function measureMemory(workload: Workload, shared: string, options: Options, place: Place): Promise<BenchRow> {
  const engine = takesPart(options, 'wasm-relaxed') ? 'wasm-relaxed' : 'wasm';
  const row = {
    id: `${workload.id}/memory/${engine}`,
    workload: workload.id,
    title: 'memory of one run beyond the process',
    ours: `Lotka ${engine}`,
    against: '',
    unit: 'MB' as const,
    target: { least: 3, aim: 1 },
    wall: null,
    gate: null,
  };
  const found: number[] = [];
  let arena = 0;
  for (let index = 0; index < 3; index++) {
    place.tell(`${workload.id}: memory of ${runsInMemory} runs, ${index + 1} of 3`);
    let child: Child | null = null;
    try {
      child = await Child.start(ourStart(place.entry, shared, workload.id, engine, 'lean'));
      const answer = (await child.ask(`m ${runsInMemory}`)) as { resident: number; arena: number };
      found.push(answer.resident / megabyte);
      arena = answer.arena / megabyte;
    } catch (error) {
      if (!(error instanceof Skipped)) throw error;
      return { ...row, value: null, note: error.message };
    } finally {
      child?.close();
    }
  }
  return { ...row, value: spreadOf(found), note: `its arena is ${arena.toFixed(2)} MB; PyTorch's processes are in the list of engines` };
}
