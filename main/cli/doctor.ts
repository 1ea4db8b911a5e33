import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { experiments } from '#app/experiments/registry.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { packageRoot, packageVersion } from '#main/paths.ts';
import { engineChecks, folderChecks, packageCheck, type Info } from '#main/service/info.ts';
import { storeLocation } from '#main/store/location.ts';
import { Store } from '#main/store/store.ts';
import { workerCount } from '#main/workers/pool.ts';
import { exitCodes, print, printJson } from './output.ts';
import { shellChecks } from './shells.ts';

type Check = Info['checks'][number];

/** Says what is installed and why something is off. Changes nothing and needs no lock. @returns 1 if something is broken. */
export function doctor(json: boolean): number {
  const checks: Check[] = [
    nodeCheck(),
    ...engineChecks(),
    { id: 'workers', label: 'Engine workers', ...attempt(() => `${workerCount()} run at once`) },
    packageCheck('libsql', 'Index of runs', 'lists and searches are quick'),
    packageCheck('@resvg/resvg-js', 'PNG export', 'figures export as PNG'),
    built('renderer', 'The screen', join('dist', 'renderer', 'index.html')),
    ...shellChecks(),
    storeCheck(),
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
    for (const check of checks) print(`${marks[check.state]}  ${check.label.padEnd(18)} ${check.detail}`);
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

function built(id: string, label: string, file: string): Check {
  const there = existsSync(join(packageRoot(), file));
  return { id, label, state: there ? 'ok' : 'off', detail: there ? 'is built' : `${file} is missing; run npm run build` };
}

function storeCheck(): Check {
  const location = storeLocation();
  if (!existsSync(location)) return { id: 'store', label: 'Run store', state: 'ok', detail: `${location} is made with the first run` };
  try {
    const store = Store.open(location, { readOnly: true });
    const { runs, total } = store.list({ limit: 10_000 });
    store.close();
    const broken = runs.filter((record) => record.provenance.created === '');
    if (broken.length > 0)
      return {
        id: 'store',
        label: 'Run store',
        state: 'problem',
        detail: `${broken.length} of ${total} runs cannot be read; first: ${broken[0]!.message ?? ''}`,
      };
    const trouble = folderChecks(location).find((check) => check.state !== 'ok');
    return {
      id: 'store',
      label: 'Run store',
      state: trouble ? 'problem' : 'ok',
      detail: trouble?.detail ?? `${total} runs in ${location}, ${folderChecks(location)[0]!.detail}`,
    };
  } catch (error) {
    return { id: 'store', label: 'Run store', state: 'problem', detail: error instanceof LotkaError ? error.message : String(error) };
  }
}
