import { compileKernels } from '../app/engine/kernels/compile.mjs';
import { compilePeak } from '../e2e/bench/peak/compile.mjs';

/** The WASM kernels are built once before any test; unchanged sources cost nothing. */
export default async function setup(): Promise<void> {
  await compileKernels();
  await compilePeak();
}
