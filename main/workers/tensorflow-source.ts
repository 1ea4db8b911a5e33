/** TensorFlow for Node: where it lies, what it is, and how it is loaded. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import util from 'node:util';
import { tensorflowBackend, type TensorFlow } from '#app/engine/backends/tensorflow.ts';
import type { Backend } from '#app/engine/index.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { packageRoot } from '#main/paths.ts';
import { tensorflowCommand, tensorflowFolder } from '../../setup/tensorflow-place.mjs';
import type { BackendSource, Finding } from './backend-source.ts';

/** The package as it lies on the disk. */
export interface TensorFlowPackage {
  readonly module: string;
  /** For provenance: versions of the binding and of the library under it. */
  readonly build: string;
}

/** TensorFlow for Node as npm installed it, else as it was built for this user; null when there is neither. Loads nothing. */
export function findTensorflow(folders: readonly string[] = [packageRoot(), tensorflowFolder()]): TensorFlowPackage | null {
  for (const folder of folders) {
    const module = join(folder, 'node_modules', '@tensorflow', 'tfjs-node');
    const libraries = join(module, 'deps', 'lib');
    // npm leaves a package whose native part is missing when it was told to run no install scripts.
    if (!existsSync(join(module, 'lib', 'napi-v8', 'tfjs_binding.node')) || !existsSync(libraries)) continue;
    const { version } = JSON.parse(readFileSync(join(module, 'package.json'), 'utf8')) as { version: string };
    const library = /libtensorflow\.(?:so\.)?(\d+\.\d+\.\d+)/.exec(readdirSync(libraries).join(' '))?.[1];
    return { module, build: `tfjs-node ${version}${library ? ` / TensorFlow ${library}` : ''}` };
  }
  return null;
}

/**
 * What the library is told before it loads: one thread a process, as every engine has (its bits would depend on their number),
 * and fewer remarks.
 */
export const tensorflowEnvironment = { TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1', TF_CPP_MIN_LOG_LEVEL: '3' };

/**
 * Loads TensorFlow into this process, which must be an engine's own: its native part may take the process with it.
 * @throws LotkaError `unavailable` when it is not there or does not load
 */
export function loadTensorflow(found = findTensorflow()): TensorFlow {
  if (!found) throw new LotkaError('unavailable', absent);
  Object.assign(process.env, tensorflowEnvironment);
  // Node 23 dropped it, and the binding still calls it.
  const legacy = util as { isNullOrUndefined?: (value: unknown) => boolean };
  legacy.isNullOrUndefined ??= (value) => value === null || value === undefined;
  try {
    return createRequire(import.meta.url)(found.module) as TensorFlow;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0]!.trim() : String(error);
    throw new LotkaError('unavailable', `TensorFlow for Node in ${found.module} does not load: ${reason.replace(/\.$/, '')}.`);
  }
}

const absent = `TensorFlow for Node is not installed here; to get it, run: ${tensorflowCommand}.`;

/** The backend `tensorflow` as the list of backends wants it. */
export const tensorflowSource: BackendSource = {
  label: 'TensorFlow',
  precisions: ['f32'],
  offered: true,
  host: 'process',
  inspect: (): Finding => {
    const found = findTensorflow();
    if (!found) return { state: 'absent', why: absent, build: null };
    return {
      state: 'ready',
      why: 'TensorFlow computes each operation by itself, in f32 and in a process of its own: for large layers and for comparison.',
      build: found.build,
    };
  },
  open: (): Backend => {
    const found = findTensorflow();
    return tensorflowBackend(loadTensorflow(found), found!.build);
  },
};
