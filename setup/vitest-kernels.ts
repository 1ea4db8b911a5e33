import { compileKernels } from '../app/engine/kernels/compile.mjs';

/** The WASM kernels are built once before any test; unchanged sources cost nothing. */
export default async function setup(): Promise<void> {
  await compileKernels();
}
