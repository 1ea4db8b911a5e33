import { accessSync, constants, statfsSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Contract } from '#app/protocol/contract.ts';
import { protocolVersion } from '#app/protocol/contract.ts';
import type { OutputOf } from '#app/protocol/define.ts';
import { packageVersion } from '#main/paths.ts';
import { isUnreadable, type Store } from '#main/store/store.ts';
import { listBackends } from '#main/workers/backends.ts';

export type Info = OutputOf<Contract['app.info']>;
export type Check = Info['checks'][number];

export type Host = Info['host'];

/** What runs where and what is wrong with it, for Settings, `doctor` and bug reports. */
export function describeService(host: Host, store: Store, engine: string, workers: number): Info {
  return {
    protocol: protocolVersion,
    lotka: packageVersion(),
    host,
    node: process.versions.node,
    electron: process.versions.electron ?? null,
    engine,
    workers,
    store: store.root,
    checks: [...installationChecks(), ...storeChecks(store)],
  };
}

/** Which backends can train. Only what is there and does not work is a problem. */
export async function backendChecks(): Promise<Check[]> {
  const states = { ready: 'ok', absent: 'off', broken: 'problem' } as const;
  return (await listBackends()).map(({ name, state, why, build }) => ({
    id: `backend-${name}`,
    label: `Backend ${name}`,
    state: states[state],
    detail: build === null ? why : `${build}: ${why}`,
  }));
}

/** Whether the packages that the service needs are there. */
export function installationChecks(): Check[] {
  return [
    packageCheck('libsql', 'Index of runs', 'lists and searches are quick'),
    packageCheck('@resvg/resvg-js', 'PNG export', 'figures export as PNG'),
  ];
}

/** Whether the runs of an open store can be read, and whether there is room for more. */
export function storeChecks(store: Store): Check[] {
  const { runs, total } = store.list({ limit: 10_000 });
  const unreadable = runs.filter(isUnreadable);
  return [
    {
      id: 'store',
      label: 'Run store',
      state: unreadable.length > 0 ? 'problem' : 'ok',
      detail:
        unreadable.length > 0
          ? `${unreadable.length} of ${total} runs cannot be read; first: ${unreadable[0]!.message ?? ''}`
          : `${total} runs in ${store.root}`,
    },
    ...folderChecks(store.root),
  ];
}

/** Whether a folder can be written and has room. */
function folderChecks(folder: string): Check[] {
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    return [{ id: 'store-writable', label: 'Store folder', state: 'problem', detail: `${folder} cannot be written` }];
  }
  const { bavail, bsize } = statfsSync(folder);
  const gigabytes = (bavail * bsize) / 1e9;
  return [
    {
      id: 'disk',
      label: 'Free space',
      state: gigabytes < 0.5 ? 'problem' : 'ok',
      detail: `${gigabytes.toFixed(1)} GB free on the disk of the store`,
    },
  ];
}

/** Whether a package with a native part can be loaded. */
function packageCheck(name: string, label: string, use: string): Check {
  try {
    createRequire(import.meta.url)(name);
    return { id: name, label, state: 'ok', detail: `${name} is installed: ${use}` };
  } catch {
    return { id: name, label, state: 'off', detail: `${name} is not installed completely; run npm ci` };
  }
}
