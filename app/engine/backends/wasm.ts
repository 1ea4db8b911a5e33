import { LotkaError } from '#app/protocol/errors.ts';
import type { Program } from '../compile.ts';
import { engineBuild } from '../build.ts';
import { ARENA_BASE, type TapeSection } from '../tape.ts';
import type { BackendName, Checkpoint, ProgramInfo, RealArray, Session } from '../types.ts';
import type { Backend } from './backend.ts';
import { requireCheckpoint, requireKnown, requireSize, requireSteps } from './checks.ts';

/** The part of the WebAssembly interface that is used here; the global exists in every host, its types only where DOM or Node types are. */
declare const WebAssembly: {
  readonly validate: (bytes: Uint8Array) => boolean;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
  readonly Memory: new (descriptor: { initial: number }) => { readonly buffer: ArrayBuffer };
};

interface Kernels {
  readonly heapBase: { readonly value: number };
  run32(tape: number, length: number, times: number): void;
  run64(tape: number, length: number, times: number): void;
}

/** The two builds of the kernels. */
export type WasmBackendName = 'wasm' | 'wasm-relaxed';

const PAGE = 65536;

/**
 * Floating-point operations of one call into WASM, some milliseconds: V8 replaces its baseline code by optimised code only between calls,
 * so one long first call would stay slow to its end.
 */
const FLOPS_PER_CALL = 2e8;

/**
 * The fast backend: whole training steps run inside WebAssembly, on a memory of the session's own. Same bits on every host.
 * @param bytes a module that kernels/compile.mjs makes; compiled once, shared by all sessions
 * @param name `wasm-relaxed` for the build with relaxed SIMD, whose bits depend on the processor
 * @throws LotkaError if this host refuses the module
 */
export function wasmBackend(bytes: Uint8Array, name: WasmBackendName = 'wasm'): Backend {
  const module = compileModule(bytes, name);
  return { name, build: engineBuild(bytes), open: (program) => new WasmSession(name, module, program) };
}

function compileModule(bytes: Uint8Array, name: WasmBackendName): object {
  if (WebAssembly.validate(bytes)) return new WebAssembly.Module(bytes);
  throw new LotkaError(
    'bad-input',
    name === 'wasm-relaxed'
      ? 'This program cannot run the relaxed kernels, since its WebAssembly lacks relaxed SIMD: choose the default backend, or a newer Node or browser.'
      : 'This program cannot run the training kernels, since its WebAssembly lacks 128-bit SIMD: use a newer Node or browser.',
  );
}

class WasmSession implements Session {
  readonly backend: BackendName;
  readonly info: ProgramInfo;
  readonly #program: Program;
  readonly #stepsPerCall: number;
  #arena: Arena | undefined;
  #hasOutputs = false;

  constructor(name: WasmBackendName, module: object, program: Program) {
    this.backend = name;
    this.info = program.info;
    this.#program = program;
    this.#stepsPerCall = Math.max(1, Math.floor(FLOPS_PER_CALL / (program.info.flopsPerStep + 1)));
    this.#arena = openArena(module, program);
  }

  get step(): number {
    return this.#open.counter[0];
  }

  run(steps: number): void {
    requireSteps(steps);
    const { run, train } = this.#open;
    for (let left = steps; left > 0; left -= this.#stepsPerCall) run(train.address, train.length, Math.min(left, this.#stepsPerCall));
    this.#hasOutputs ||= steps > 0;
  }

  trainOutputs(): Record<string, number> {
    return outputs(this.#open.train, this.#hasOutputs);
  }

  evaluate(name: string): Record<string, number> {
    const { run, evaluations } = this.#open;
    const evaluation = requireKnown('evaluation', name, evaluations);
    run(evaluation.address, evaluation.length, 1);
    return outputs(evaluation, true);
  }

  read(name: string): RealArray {
    const { parameters, gradients, results } = this.#open;
    const [, kind, rest] = /^(gradient|results)\/(.*)$/s.exec(name) ?? [];
    if (kind === 'gradient') return requireKnown('gradient of a trainable parameter', rest, gradients).slice();
    if (kind === 'results') return requireKnown('result', rest, results).slice();
    return requireKnown('parameter', name, parameters).slice();
  }

  write(name: string, values: ArrayLike<number>): void {
    const parameter = requireKnown('parameter', name, this.#open.parameters);
    requireSize(name, parameter.length, values.length);
    parameter.set(values);
  }

  checkpoint(): Checkpoint {
    const { state } = this.#open;
    const arrays = Object.fromEntries(this.#program.state.map(({ name, shape }) => [name, { shape, values: state.get(name)!.slice() }]));
    return { step: this.step, arrays };
  }

  restore(checkpoint: Checkpoint): void {
    const { state, counter } = this.#open;
    requireCheckpoint(checkpoint, this.#program.state);
    for (const [name, tensor] of state) tensor.set(checkpoint.arrays[name].values);
    counter[0] = checkpoint.step;
    this.#hasOutputs = false;
  }

  dispose(): void {
    this.#arena = undefined;
  }

  get #open(): Arena {
    if (!this.#arena) throw new LotkaError('closed', 'This session was disposed of; open a new one.');
    return this.#arena;
  }
}

/** An instance of the kernels with views of what the session reads and writes, all made once so that stepping allocates nothing. */
interface Arena {
  readonly run: (tape: number, length: number, times: number) => void;
  readonly counter: Int32Array;
  readonly parameters: ReadonlyMap<string, RealArray>;
  readonly gradients: ReadonlyMap<string, RealArray>;
  readonly results: ReadonlyMap<string, RealArray>;
  /** Parameters and moments by their names in checkpoints. */
  readonly state: ReadonlyMap<string, RealArray>;
  readonly train: OpenSection;
  readonly evaluations: ReadonlyMap<string, OpenSection>;
}

interface OpenSection {
  readonly address: number;
  readonly length: number;
  readonly outputs: ReadonlyMap<string, RealArray>;
}

function openArena(module: object, program: Program): Arena {
  const { tape, info } = program;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((ARENA_BASE + tape.arenaBytes) / PAGE) });
  const { buffer } = memory;
  const abort = (): never => {
    throw new LotkaError('internal', 'The training kernels met an impossible state.');
  };
  const kernels = new WebAssembly.Instance(module, { env: { memory, abort } }).exports as Kernels;
  if (kernels.heapBase.value > ARENA_BASE)
    throw new LotkaError('internal', 'The kernels need more static memory than the arena leaves them.');
  for (const { address, values } of tape.contents) {
    new Uint8Array(buffer, address, values.byteLength).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  const reals = (address: number, size: number): RealArray =>
    info.precision === 'f64' ? new Float64Array(buffer, address, size) : new Float32Array(buffer, address, size);
  const named = (names: readonly { readonly name: string; readonly size: number }[], prefix = ''): Map<string, RealArray> =>
    new Map(names.map(({ name, size }) => [name, reals(tape.addresses.get(prefix + name)!, size)]));
  const section = ({ address, length, outputs }: TapeSection): OpenSection => ({
    address,
    length,
    outputs: new Map([...outputs].map(([name, place]) => [name, reals(place, 1)])),
  });
  return {
    run: info.precision === 'f64' ? kernels.run64 : kernels.run32,
    counter: new Int32Array(buffer, tape.counter, 1),
    parameters: named(info.parameters),
    gradients: named(
      info.parameters.filter(({ trainable }) => trainable),
      'gradient/',
    ),
    results: named(info.results, 'results/'),
    state: named(program.state),
    train: section(tape.train),
    evaluations: new Map([...tape.evaluations].map(([name, evaluation]) => [name, section(evaluation)])),
  };
}

function outputs(section: OpenSection, known: boolean): Record<string, number> {
  const result: Record<string, number> = {};
  for (const [name, value] of section.outputs) result[name] = known ? value[0] : NaN;
  return result;
}
