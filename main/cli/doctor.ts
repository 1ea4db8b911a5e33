import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bytes } from '#app/experiments/cost.ts';
import { experiments } from '#app/experiments/registry.ts';
import { packageRoot, packageVersion } from '#main/paths.ts';
import { backendChecks, installationChecks, storeChecks, type Check } from '#main/service/info.ts';
import { bytesPerRun } from '#main/service/run-memory.ts';
import { storeLocation } from '#main/store/location.ts';
import { Store, type Settings } from '#main/store/store.ts';
import { describeSlurm } from '#main/sweeps/slurm/place.ts';
import { workerCount } from '#main/workers/worker-handle.ts';
import { exitCodes, print, printJson } from './output.ts';
import { shellChecks } from './shells.ts';

/** Says what is installed and why something is off. Changes nothing and needs no lock. @returns 1 if something is broken. */
export async function doctor(json: boolean): Promise<number> {
  const checks: Check[] = [
    nodeCheck(),
    ...(await backendChecks()),
    ...installationChecks(),
    { id: 'workers', label: 'Engine workers', ...attempt(() => `${workerCount()} run at once`) },
    { id: 'memory', label: 'Memory of a run', ...attempt(() => `up to ${bytes(bytesPerRun(workerCount(), storedSettings()))}`) },
    built('renderer', 'The screen', join('dist', 'renderer', 'index.html')),
    ...shellChecks(),
    await slurmCheck(),
    ...locatedStoreChecks(),
  ];
  if (json) {
    printJson({
      lotka: packageVersion(),
      node: process.versions.node,
      platform: `${process.platform} ${process.arch}`,
      store: storeLocation(),
      experiments: experiments.map((experiment) => experiment.id),
      checks,
    });
  } else {
    print(`Lotka ${packageVersion()} on Node ${process.versions.node}, ${process.platform} ${process.arch}`);
    const marks = { ok: 'ok     ', off: 'off    ', problem: 'PROBLEM' };
    for (const check of checks) print(`${marks[check.state]}  ${check.label.padEnd(20)} ${check.detail}`);
  }
  return checks.some((check) => check.state === 'problem') ? exitCodes.failed : exitCodes.ok;
}

function attempt(detail: () => string): Pick<Check, 'state' | 'detail'> {
  try {
    return { state: 'ok', detail: detail() };
  } catch (error) {
    return { state: 'problem', detail: (error as Error).message };
  }
}

function nodeCheck(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const enough = major > 20 || (major === 20 && minor >= 19);
  return {
    id: 'node',
    label: 'Node',
    state: enough ? 'ok' : 'problem',
    detail: enough ? process.versions.node : `${process.versions.node} is too old; Lotka needs 20.19 or newer`,
  };
}

/** A cluster is nothing that a machine has to have. */
async function slurmCheck(): Promise<Check> {
  const { label, state, why } = await describeSlurm();
  return { id: 'slurm', label, state: state === 'ready' ? 'ok' : 'off', detail: why };
}

function built(id: string, label: string, file: string): Check {
  const there = existsSync(join(packageRoot(), file));
  return { id, label, state: there ? 'ok' : 'off', detail: there ? 'is built' : `${file} is missing; run npm run build` };
}

/** Settings as far as there are any: what is wrong with the store is told by its own check. */
function storedSettings(): Settings {
  try {
    const store = Store.open(storeLocation(), { readOnly: true });
    try {
      return store.settings();
    } finally {
      store.close();
    }
  } catch {
    return {};
  }
}

function locatedStoreChecks(): Check[] {
  const location = storeLocation();
  const check = (state: Check['state'], detail: string): Check[] => [{ id: 'store', label: 'Run store', state, detail }];
  if (!existsSync(location)) return check('ok', `${location} is made with the first run`);
  try {
    const store = Store.open(location, { readOnly: true });
    try {
      return storeChecks(store);
    } finally {
      store.close();
    }
  } catch (error) {
    return check('problem', (error as Error).message);
  }
}
