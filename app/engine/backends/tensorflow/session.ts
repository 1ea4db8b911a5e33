import { LotkaError } from '#app/protocol/errors.ts';
import type { Program } from '../../compile.ts';
import type { Tensor } from '../../graph.ts';
import type { ParameterState } from '../../optimizers/index.ts';
import type { BackendName, Checkpoint, ProgramInfo, Session } from '../../types.ts';
import { requireCheckpoint, requireKnown, requireSize, requireSteps } from '../checks.ts';
import { parameterStates } from '../states.ts';
import type { TensorFlow } from './interface.ts';
import { Runner } from './runner.ts';

/**
 * One network on TensorFlow. Parameters and moments are arrays of our own: TensorFlow computes outputs and gradients, and the
 * optimiser is the definition itself, so that every rule and setting of it means the same here.
 */
export class TensorFlowSession implements Session {
  readonly backend: BackendName = 'tensorflow';
  readonly info: ProgramInfo;
  readonly #program: Program;
  readonly #train: Runner;
  readonly #evaluations: ReadonlyMap<string, Runner>;
  /** Parameters and moments by their names in checkpoints. */
  readonly #state: ReadonlyMap<string, Float32Array>;
  readonly #gradients: ReadonlyMap<string, Float32Array>;
  readonly #parameters: ReadonlyMap<string, Float32Array>;
  /** Results of evaluations, by name. */
  readonly #results: ReadonlyMap<string, Float32Array>;
  readonly #trained: readonly ParameterState[];
  #outputs: Record<string, number> | undefined;
  #step = 0;
  #disposed = false;

  constructor(tf: TensorFlow, program: Program) {
    this.info = program.info;
    this.#program = program;
    this.#state = new Map(program.state.map(({ name, size }) => [name, new Float32Array(size)]));
    this.#parameters = new Map(this.info.parameters.map(({ name }) => [name, this.#state.get(name)!]));
    const trained = this.info.parameters.filter(({ trainable }) => trainable);
    this.#gradients = new Map(trained.map(({ name, size }) => [name, new Float32Array(size)]));
    this.#results = new Map(this.info.results.map(({ name, size }) => [name, new Float32Array(size)]));
    this.#trained = parameterStates(program, this.#state, this.#gradients);
    const values = new Map<Tensor, Float32Array>(program.parameters.map(({ tensor, info }) => [tensor, this.#state.get(info.name)!]));
    this.#train = new Runner(tf, program.train, values);
    this.#evaluations = new Map([...program.evaluations].map(([name, section]) => [name, new Runner(tf, section, values)]));
  }

  get step(): number {
    return this.#step;
  }

  run(steps: number): void {
    this.#requireOpen();
    requireSteps(steps);
    const { parameters, optimizer } = this.#program;
    const slopes = new Map(
      parameters.flatMap(({ gradient, info }) => (gradient ? [[gradient, this.#gradients.get(info.name)!] as const] : [])),
    );
    for (let left = steps; left > 0; left--) {
      const outputs = this.#train.run(this.#step, slopes, left === 1);
      this.#step++;
      if (left === 1) this.#outputs = outputs;
      optimizer.update(this.#trained, this.#step);
    }
  }

  trainOutputs(): Record<string, number> {
    this.#requireOpen();
    return { ...(this.#outputs ?? Object.fromEntries(this.info.trainOutputs.map((name) => [name, NaN]))) };
  }

  evaluate(name: string): Record<string, number> {
    this.#requireOpen();
    const runner = requireKnown('evaluation', name, this.#evaluations);
    const results = [...this.#program.evaluations.get(name)!.results].map(
      ([result, tensor]) => [tensor, this.#results.get(result)!] as const,
    );
    return runner.run(this.#step, new Map(results), true);
  }

  read(name: string): Float32Array {
    this.#requireOpen();
    const [, kind, rest] = /^(gradient|results)\/(.*)$/s.exec(name) ?? [];
    if (kind === 'gradient') return requireKnown('gradient of a trainable parameter', rest, this.#gradients).slice();
    if (kind === 'results') return requireKnown('result', rest, this.#results).slice();
    return requireKnown('parameter', name, this.#parameters).slice();
  }

  write(name: string, values: ArrayLike<number>): void {
    this.#requireOpen();
    const parameter = requireKnown('parameter', name, this.#parameters);
    requireSize(name, parameter.length, values.length);
    parameter.set(values);
  }

  checkpoint(): Checkpoint {
    this.#requireOpen();
    const arrays = this.#program.state.map(({ name, shape }) => [name, { shape, values: this.#state.get(name)!.slice() }] as const);
    return { step: this.#step, arrays: Object.fromEntries(arrays) };
  }

  restore(checkpoint: Checkpoint): void {
    this.#requireOpen();
    requireCheckpoint(checkpoint, this.#program.state);
    for (const [name, array] of this.#state) array.set(checkpoint.arrays[name].values);
    this.#step = checkpoint.step;
    this.#outputs = undefined;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const runner of [this.#train, ...this.#evaluations.values()]) runner.dispose();
  }

  #requireOpen(): void {
    if (this.#disposed) throw new LotkaError('closed', 'This session was disposed of; open a new one.');
  }
}
