/** The Pythons of this machine and what they bring. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface Python {
  readonly path: string;
  readonly python: string;
  /** Versions; null where the package is missing. */
  readonly torch: string | null;
  readonly numpy: string | null;
}

/** One thread each, and none that spins while it waits: on a shared machine spinning threads would only slow the peer. */
export const peerEnvironment = {
  OMP_NUM_THREADS: '1',
  OPENBLAS_NUM_THREADS: '1',
  MKL_NUM_THREADS: '1',
  OMP_WAIT_POLICY: 'PASSIVE',
  GOMP_SPINCOUNT: '0',
  PYTHONDONTWRITEBYTECODE: '1',
} as const;

const probe = `
import json, os, sys
found = {"python": sys.version.split()[0], "prefix": os.path.realpath(sys.prefix)}
for name in ("torch", "numpy"):
    try:
        found[name] = __import__(name).__version__
    except Exception:
        found[name] = None
print(json.dumps(found))
`;

/** Those that LOTKA_BENCH_PYTHON names (separated by commas), and every python3 on the path; each once. */
export function findPythons(environment: NodeJS.ProcessEnv = process.env): {
  found: Python[];
  missing: { name: string; reason: string }[];
} {
  const named = (environment.LOTKA_BENCH_PYTHON ?? '').split(',').filter((path) => path !== '');
  const file = process.platform === 'win32' ? 'python.exe' : 'python3';
  const onPath = (environment.PATH ?? '').split(delimiter).map((folder) => join(folder, file));
  const found = new Map<string, Python>();
  const missing: { name: string; reason: string }[] = [];
  for (const path of new Set([...named, ...onPath.filter(existsSync)])) {
    const { stdout, status, error } = spawnSync(path, ['-c', probe], {
      encoding: 'utf8',
      env: { ...environment, ...peerEnvironment },
      timeout: 60_000,
    });
    if (error || status !== 0) {
      missing.push({ name: path, reason: error ? error.message : 'it does not start' });
      continue;
    }
    const { prefix, ...versions } = JSON.parse(stdout) as Omit<Python, 'path'> & { prefix: string };
    if (!found.has(prefix)) found.set(prefix, { path, ...versions });
  }
  const all = [...found.values()];
  for (const library of ['torch', 'numpy'] as const) {
    if (all.every((python) => python[library] === null)) {
      const where = all.length === 0 ? 'no python3 was found' : `none of ${all.map(({ path }) => path).join(', ')} has it`;
      missing.push({ name: library, reason: `${where}; LOTKA_BENCH_PYTHON may name a Python that does` });
    }
  }
  return { found: all, missing };
}
