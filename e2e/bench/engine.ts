/** The child process of our own engines: the same line protocol as peers/peer.py. */
import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Backend, Checkpoint, Program, Session } from '#app/engine/index.ts';
import { allowRelaxedSimd, backendNamed, openBackend } from '#main/workers/backends.ts';
import { initialPrefix, parametersOf, perturbedPrefix, readShared, type Shared } from './shared.ts';
import { openPeak, peakForms } from './peak.ts';
import type { Runner } from './runner.ts';
import { openProducts } from './workloads/products.ts';
import { workloads } from './workloads/index.ts';

/**
 * Serves one workload on one backend until standard input ends.
 * @param args path of the shared file, workload, backend (or `peak`), form
 */
export async function serveEngine(args: readonly string[]): Promise<void> {
  const [path, workload, backend, form] = args;
  const say = (answer: object): void => void process.stdout.write(`${JSON.stringify(answer)}\n`);
  let runner: Runner;
  try {
    runner = await open(path, workload, backend, form);
    runner.run(2);
    runner.load?.(initialPrefix);
  } catch (error) {
    say({ skip: (error as Error).message });
    return;
  }
  say({ ready: true, runs: runner.runs ?? 1, versions: { node: process.versions.node, v8: process.versions.v8 } });
  for await (const line of createInterface(process.stdin)) {
    const [command, argument] = line.split(' ');
    if (command === 'r') say((runner.load?.(initialPrefix), { ok: true }));
    else if (command === 'p') say((runner.load?.(perturbedPrefix(Number(argument))), { ok: true }));
    else if (command === 's') say((runner.choose?.(Number(argument)), { ok: true }));
    else if (command === 'm') say(runner.crowd?.(Number(argument)) ?? {});
    else say(burst(runner, Number(command)));
  }
}

function burst(runner: Runner, steps: number): object {
  const cpu = process.cpuUsage();
  const began = performance.now();
  runner.run(steps);
  const t = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const { loss = NaN, ...measures } = runner.outputs();
  return { t, cpu: (user + system) / 1e6, steps, loss, measures, rss: process.memoryUsage.rss() };
}

async function open(path: string, workload: string, backend: string, form: string): Promise<Runner> {
  if (backend === 'peak') {
    allowRelaxedSimd();
    const found = peakForms.find((known) => known === form);
    if (!found) throw new RangeError(`There is no peak "${form}".`);
    return openPeak(found);
  }
  const shared = readShared(path);
  const opened = await openBackend(backendNamed(backend));
  if (workload.startsWith('w5')) return openProducts(opened, shared);
  const found = workloads.find(({ id }) => id === workload);
  const ours = found?.ours.find(({ id }) => id === form);
  if (!ours) throw new RangeError(`There is no workload ${workload} in the form ${form}.`);
  return train(opened, shared, () => ours.program(shared), ours.step?.bind(ours));
}

function train(
  backend: Backend,
  shared: Shared,
  compile: () => Program,
  step?: (session: Session) => Readonly<Record<string, number>>,
): Runner {
  const session = backend.open(compile());
  const starts = new Map<string, Checkpoint>();
  const load = (prefix: string): void => {
    let start = starts.get(prefix);
    if (!start) {
      const clean = session.checkpoint();
      const given = parametersOf(shared, prefix);
      const arrays = Object.fromEntries(
        Object.entries(clean.arrays).map(([name, { shape, values }]) => [name, { shape, values: given[name] ?? values.slice().fill(0) }]),
      );
      starts.set(prefix, (start = { step: 0, arrays }));
    }
    session.restore(start);
  };
  load(initialPrefix);
  let latest: Readonly<Record<string, number>> = {};
  return {
    run: step
      ? (steps) => {
          for (let index = 0; index < steps; index++) latest = step(session);
        }
      : (steps) => session.run(steps),
    outputs: () => (step ? latest : session.trainOutputs()),
    load,
    crowd: (count) => crowd(backend, compile, count),
  };
}

/** Memory of further runs in this process, each opened and stepped, by what the system counts and by what was asked for. */
function crowd(backend: Backend, compile: () => Program, count: number): Readonly<Record<string, number>> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const resident = (): number => {
    collect();
    collect();
    return process.memoryUsage.rss();
  };
  // The first one makes what all share: compiled code, feedback, the module.
  const opened: Session[] = [backend.open(compile())];
  opened[0].run(3);
  const before = resident();
  for (let index = 0; index < count; index++) {
    const session = backend.open(compile());
    session.run(3);
    opened.push(session);
  }
  const after = resident();
  const arena = opened[0].info.arenaBytes;
  for (const session of opened) session.dispose();
  return { count, resident: (after - before) / count, arena };
}
