/** Compiles the kernels if their sources changed. Resolves to the path of the module, dist/kernels/kernels.wasm. */
export function compileKernels(): Promise<string>;
