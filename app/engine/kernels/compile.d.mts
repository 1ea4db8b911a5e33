/** Compiles the kernels if their sources changed. Resolves to the paths of the two modules, dist/kernels/kernels.wasm and kernels-relaxed.wasm. */
export function compileKernels(): Promise<{ readonly wasm: string; readonly 'wasm-relaxed': string }>;
