import { spawnSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import type { BenchResult } from '#app/protocol/bench.ts';
import { packageRoot, packageVersion } from '#main/paths.ts';
import { describeBackend } from '#main/workers/backends.ts';
import { ourEngines } from './options.ts';

/** What it runs on, for the results file; the load at the end is filled in later. */
export async function describeMachine(): Promise<BenchResult['machine']> {
  const engines: Record<string, string> = {};
  for (const name of ourEngines) {
    const { build, why } = await describeBackend(name);
    engines[name] = build ?? why;
  }
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memory: totalmem(),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    v8: process.versions.v8,
    flags: process.execArgv,
    engines,
    lotka: packageVersion(),
    commit: commit(),
    load: { before: loadavg(), after: loadavg() },
  };
}

/** The commit that is checked out, with `+` if files differ from it; null outside a checkout. */
function commit(): string | null {
  const git = (...args: string[]) => spawnSync('git', ['-C', packageRoot(), ...args], { encoding: 'utf8' });
  const { stdout, status } = git('rev-parse', '--short=12', 'HEAD');
  if (status !== 0) return null;
  return stdout.trim() + (git('status', '--porcelain').stdout.trim() === '' ? '' : '+');
}
