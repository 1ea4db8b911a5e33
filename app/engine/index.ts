/** The training engine: build a graph, compile it to a program, open the program on a backend, step the session. */
export type * from './types.ts';
export type { Backend } from './backends/backend.ts';
export type { Operation, Lowering } from './operation.ts';
export { Graph, Indices, Tensor } from './graph.ts';
export * from './ops/index.ts';
export { adam, adamw, sgd } from './optimizers.ts';
export type { AdamOptions, Optimizer, SgdOptions } from './optimizers.ts';
export { compile, Program } from './compile.ts';
export type { CompileOptions } from './compile.ts';
export { referenceBackend } from './backends/reference.ts';
export { wasmBackend } from './backends/wasm.ts';
export { engineBuild } from './build.ts';
