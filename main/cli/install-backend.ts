import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LotkaError } from '#app/protocol/errors.ts';
import { packageRoot } from '#main/paths.ts';

/**
 * `lotka backends --install tensorflow`: gets TensorFlow for Node for this user, by the set-up that comes with the sources.
 * @returns Its exit code.
 */
export async function installBackend(name: string): Promise<number> {
  if (name !== 'tensorflow') throw new LotkaError('bad-input', `Only tensorflow is installed by itself; "${name}" is not.`);
  const script = join(packageRoot(), 'setup', 'tensorflow.mjs');
  if (!existsSync(script)) {
    throw new LotkaError(
      'unavailable',
      'This installation has no set-up; run the command in a checkout of Lotka on this machine, and this installation finds what it builds.',
    );
  }
  const child = spawn(process.execPath, [script], { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
