import { LotkaError } from '#app/protocol/errors.ts';
import type { Backend } from './backend.ts';
import type { TensorFlow } from './tensorflow/interface.ts';
import { TensorFlowSession } from './tensorflow/session.ts';

export type { TensorFlow } from './tensorflow/interface.ts';

/**
 * Runs programs on TensorFlow, each operation by itself. In f32 only, the one floating-point type of TensorFlow.js.
 * A checkpoint has the names and meaning it has in every backend, so a run can go on in another.
 * @param tf TensorFlow.js with its own backend chosen; sessions share it, and leave no tensor behind once they are disposed of
 * @param build what computes, e.g. `tfjs-node 4.22.0 / TensorFlow 2.21.0`
 */
export function tensorflowBackend(tf: TensorFlow, build: string): Backend {
  return {
    name: 'tensorflow',
    build,
    open: (program) => {
      if (program.info.precision !== 'f32')
        throw new LotkaError('bad-input', 'The TensorFlow backend computes in f32 only; choose the precision f32 or the backend wasm.');
      // Sparse products are made for our own kernels; TensorFlow gets the dense ones they stand for.
      const sparse = program.info.passes.some(({ name }) => name === 'columns');
      return new TensorFlowSession(tf, sparse ? program.without('columns') : program);
    },
  };
}
