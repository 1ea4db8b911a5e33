import { LotkaError } from '#app/protocol/errors.ts';
import type { Program } from '../compile.ts';
import type { Tensor } from '../graph.ts';
import { isSource, placeOf, type Section } from '../schedule.ts';
import { sizeOf } from '../shapes.ts';
import type { BackendName, Checkpoint, ProgramInfo, RealArray, Session } from '../types.ts';
import type { Backend } from './backend.ts';
import type { ParameterState } from '../optimizers/index.ts';
import { requireCheckpoint, requireKnown, requireSize, requireSteps } from './checks.ts';
import { parameterStates } from './states.ts';

/**
 * The oracle: evaluates every operation by its defining formula, each result in an array of its own, with no tape and no memory plan.
 * Sums and formulas are computed in double precision and rounded when stored. Slow; elementary functions are those of the JavaScript
 * engine, so results may differ in the last bits between hosts.
 */
export function referenceBackend(): Backend {
  return { name: 'reference', build: 'reference', open: (program) => new ReferenceSession(program) };
}

class ReferenceSession implements Session {
  readonly backend: BackendName = 'reference';
  readonly info: ProgramInfo;
  readonly #program: Program;
  /** Results by owner: the value, then auxiliary results. */
  readonly #results = new Map<Tensor, RealArray[]>();
  readonly #outputs = new Map<Section, Record<string, number>>();
  /** Parameters and moments by their names in checkpoints. */
  readonly #state = new Map<string, RealArray>();
  readonly #gradients = new Map<string, RealArray>();
  /** Results of evaluations, by name. */
  readonly #kept = new Map<string, RealArray>();
  readonly #trained: readonly ParameterState[];
  #step = 0;
  #disposed = false;

  constructor(program: Program) {
    this.info = program.info;
    this.#program = program;
    for (const { name, size } of program.state) this.#state.set(name, this.#array(size));
    for (const { tensor, info } of program.parameters) {
      this.#results.set(tensor, [this.#state.get(info.name)!]);
      if (info.trainable) this.#gradients.set(info.name, this.#array(info.size));
    }
    for (const { name, size } of program.info.results) this.#kept.set(name, this.#array(size));
    this.#trained = parameterStates(program, this.#state, this.#gradients);
  }

  get step(): number {
    return this.#step;
  }

  run(steps: number): void {
    this.#requireOpen();
    requireSteps(steps);
    const { train, parameters, optimizer } = this.#program;
    for (let count = 0; count < steps; count++) {
      this.#compute(train);
      this.#step++;
      for (const { info, gradient } of parameters) if (gradient) this.#gradients.get(info.name)!.set(this.#value(gradient));
      optimizer.update(this.#trained, this.#step);
    }
  }

  trainOutputs(): Record<string, number> {
    this.#requireOpen();
    const { train } = this.#program;
    return { ...(this.#outputs.get(train) ?? Object.fromEntries([...train.outputs.keys()].map((name) => [name, NaN]))) };
  }

  evaluate(name: string): Record<string, number> {
    this.#requireOpen();
    return { ...this.#compute(requireKnown('evaluation', name, this.#program.evaluations)) };
  }

  read(name: string): RealArray {
    this.#requireOpen();
    if (name.startsWith('gradient/')) return requireKnown('gradient', name.slice('gradient/'.length), this.#gradients).slice();
    if (name.startsWith('results/')) return requireKnown('result', name.slice('results/'.length), this.#kept).slice();
    return this.#parameter(name).slice();
  }

  write(name: string, values: ArrayLike<number>): void {
    this.#requireOpen();
    const parameter = this.#parameter(name);
    requireSize(name, parameter.length, values.length);
    parameter.set(values);
  }

  checkpoint(): Checkpoint {
    this.#requireOpen();
    const arrays = Object.fromEntries(
      this.#program.state.map(({ name, shape }) => [name, { shape, values: this.#state.get(name)!.slice() }]),
    );
    return { step: this.#step, arrays };
  }

  restore(checkpoint: Checkpoint): void {
    this.#requireOpen();
    requireCheckpoint(checkpoint, this.#program.state);
    for (const [name, array] of this.#state) array.set(checkpoint.arrays[name].values);
    this.#step = checkpoint.step;
    this.#outputs.delete(this.#program.train);
  }

  dispose(): void {
    this.#disposed = true;
    this.#results.clear();
    this.#state.clear();
  }

  #requireOpen(): void {
    if (this.#disposed) throw new LotkaError('closed', 'This session was disposed of; open a new one.');
  }

  #parameter(name: string): RealArray {
    return requireKnown('parameter', name, new Map(this.info.parameters.map((info) => [info.name, this.#state.get(info.name)!])));
  }

  #array(size: number): RealArray {
    return this.info.precision === 'f64' ? new Float64Array(size) : new Float32Array(size);
  }

  #value(tensor: Tensor): RealArray {
    const { owner, part } = placeOf(tensor);
    if (owner.values && !this.#results.has(owner)) {
      const values = this.#array(owner.size);
      values.set(owner.values);
      this.#results.set(owner, [values]);
    }
    return this.#results.get(owner)![part];
  }

  #compute(section: Section): Record<string, number> {
    for (const { tensor, operation } of section.steps) {
      if (isSource(tensor)) continue;
      let results = this.#results.get(tensor);
      if (!results) {
        results = [this.#array(tensor.size), ...(operation.auxiliary ?? []).map((shape) => this.#array(sizeOf(shape)))];
        this.#results.set(tensor, results);
      }
      const [output, ...auxiliary] = results;
      operation.evaluate(
        operation.inputs.map((input) => this.#value(input)),
        output,
        auxiliary,
        this.#step,
      );
    }
    const outputs = Object.fromEntries([...section.outputs].map(([name, tensor]) => [name, this.#value(tensor)[0]]));
    for (const [name, tensor] of section.results) this.#kept.get(name)!.set(this.#value(tensor));
    this.#outputs.set(section, outputs);
    return outputs;
  }
}
