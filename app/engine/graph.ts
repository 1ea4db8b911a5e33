import { LotkaError } from '#app/protocol/errors.ts';
import type { Operation } from './operation.ts';
import { formatShape, sizeOf } from './shapes.ts';
import type { ParameterInfo, RealArray, Shape } from './types.ts';

/** A symbolic tensor: one node of a graph, with a static shape and the operation that computes it. */
export class Tensor {
  readonly graph: Graph;
  /** Order of creation, which is a topological order: every input has a smaller id. */
  readonly id: number;
  readonly operation: Operation;
  /** Set for parameters only. */
  readonly parameter: ParameterInfo | undefined;
  /** Set for constants only, row-major, in double precision. */
  readonly values: Float64Array | undefined;
  readonly #auxiliary: Tensor[] = [];

  /** Made by `Graph` only. */
  constructor(graph: Graph, id: number, operation: Operation, source: { parameter?: ParameterInfo; values?: Float64Array } = {}) {
    this.graph = graph;
    this.id = id;
    this.operation = operation;
    this.parameter = source.parameter;
    this.values = source.values;
  }

  get shape(): Shape {
    return this.operation.shape;
  }

  get size(): number {
    return sizeOf(this.shape);
  }

  /** The `index`-th extra result of this tensor's operation, e.g. a derivative that the forward pass can write for the backward pass. */
  auxiliary(index: number): Tensor {
    const shape = this.operation.auxiliary?.[index];
    if (!shape) throw new LotkaError('internal', `Operation ${this.operation.name} has no auxiliary result ${index}.`);
    return (this.#auxiliary[index] ??= this.graph.apply({
      name: 'auxiliary',
      inputs: [this],
      shape,
      flops: 0,
      view: { of: this, part: index },
      attributes: [index],
      again: ([tensor]) => tensor.auxiliary(index),
      evaluate: ([values], output) => output.set(values),
    }));
  }
}

/** Rows of a table by index in compressed sparse form: index r occurs at `positions[starts[r]] .. positions[starts[r + 1] - 1]`. */
export interface IndexRows {
  readonly starts: Int32Array;
  readonly positions: Int32Array;
}

/**
 * Whole numbers fixed at build time: rows to gather, class labels. Every one lies in 0..limit-1.
 * With a period above 1 there are that many lists of `count` numbers, and step t (counted from 0) uses list t mod period.
 */
export class Indices {
  /** All lists, one after the other. */
  readonly values: Int32Array;
  readonly limit: number;
  /** Numbers a step uses. */
  readonly count: number;
  readonly period: number;
  #rows: IndexRows | undefined;

  /** Made by `Graph.indices` and `Graph.batches`. */
  constructor(values: Int32Array, limit: number, count: number) {
    this.values = values;
    this.limit = limit;
    this.count = count;
    this.period = values.length / count;
  }

  /** The list that a step uses, given the number of updates taken before it. */
  at(step: number): Int32Array {
    const begin = (step % this.period) * this.count;
    return this.values.subarray(begin, begin + this.count);
  }

  /**
   * The inverse map of every list, one after the other: `limit + 1` starts and `count` positions a list, positions ascending.
   * It fixes the order in which gradients of gathered rows are summed.
   */
  get rows(): IndexRows {
    return (this.#rows ??= this.#invert());
  }

  #invert(): IndexRows {
    const { limit, count, period } = this;
    const starts = new Int32Array((limit + 1) * period);
    const positions = new Int32Array(this.values.length);
    for (let slot = 0; slot < period; slot++) {
      const list = this.at(slot);
      const begins = starts.subarray(slot * (limit + 1), (slot + 1) * (limit + 1));
      for (const index of list) begins[index + 1]++;
      for (let row = 0; row < limit; row++) begins[row + 1] += begins[row];
      const next = begins.slice(0, limit);
      list.forEach((index, position) => (positions[slot * count + next[index]++] = position));
    }
    return { starts, positions };
  }
}

/** A static computation graph. Shapes are known when a node is made; nothing is computed until a program runs on a backend. */
export class Graph {
  readonly #tensors: Tensor[] = [];
  readonly #names = new Set<string>();

  /** All parameters in order of creation. */
  get parameters(): readonly (Tensor & { readonly parameter: ParameterInfo })[] {
    return this.#tensors.filter((tensor): tensor is Tensor & { parameter: ParameterInfo } => tensor.parameter !== undefined);
  }

  /**
   * A named tensor that the optimiser may change. Its values are zero until they are written.
   * @param shape sizes, outermost first
   * @param options.group optimiser group whose settings it takes
   * @param options.trainable false keeps it bit for bit and saves its gradient
   * @throws LotkaError if the name is taken, holds a `/`, or a size is not a positive whole number
   */
  parameter(name: string, shape: Shape, options: { group?: string; trainable?: boolean } = {}): Tensor {
    if (name === '' || name.includes('/')) throw new LotkaError('bad-input', `Parameter name "${name}" must be non-empty and without "/".`);
    if (this.#names.has(name)) throw new LotkaError('bad-input', `Parameter "${name}" is declared twice; names must differ.`);
    checkShape(`parameter "${name}"`, shape);
    this.#names.add(name);
    const parameter: ParameterInfo = {
      name,
      shape: [...shape],
      size: sizeOf(shape),
      trainable: options.trainable ?? true,
      group: options.group ?? 'default',
    };
    return this.#register(source('parameter', shape), { parameter });
  }

  /**
   * A tensor of fixed values.
   * @param values row-major, as many as the shape asks for
   * @throws LotkaError if the number of values does not fit the shape
   */
  constant(values: ArrayLike<number>, shape: Shape): Tensor {
    checkShape('constant', shape);
    if (values.length !== sizeOf(shape)) {
      throw new LotkaError('bad-input', `A constant of shape ${formatShape(shape)} needs ${sizeOf(shape)} values, not ${values.length}.`);
    }
    return this.#register(source('constant', shape), { values: Float64Array.from(values) });
  }

  /**
   * Whole numbers for `gather`, `softmaxCrossEntropy` and `accuracy`.
   * @param limit exclusive upper bound: rows of the table, or number of classes
   * @throws LotkaError for an index that is not a whole number in 0..limit-1, or for no index at all
   */
  indices(values: ArrayLike<number>, limit: number): Indices {
    return this.batches(values, values.length, limit);
  }

  /**
   * Whole numbers that change from step to step, as mini-batches do: lists of `count` numbers one after the other, of which step t
   * (counted from 0) uses list t modulo the number of lists. An evaluation uses the list of the step to come.
   * @param values as many numbers as fill whole lists; memory holds them all, four bytes a number
   * @param limit exclusive upper bound: rows of the table, or number of classes
   * @throws LotkaError for an index that is not a whole number in 0..limit-1, no index at all, or a last list that is not full
   */
  batches(values: ArrayLike<number>, count: number, limit: number): Indices {
    if (!Number.isInteger(limit) || limit < 1)
      throw new LotkaError('bad-input', `The limit of indices must be a positive whole number, not ${limit}.`);
    if (values.length === 0) throw new LotkaError('bad-input', 'Indices must hold at least one number.');
    if (!Number.isInteger(count) || count < 1 || values.length % count !== 0)
      throw new LotkaError('bad-input', `${values.length} indices cannot be divided into lists of ${count}; give whole lists.`);
    for (let position = 0; position < values.length; position++) {
      const index = values[position];
      if (!Number.isInteger(index) || index < 0 || index >= limit) {
        throw new LotkaError('bad-input', `Index ${index} at position ${position} must be a whole number in 0..${limit - 1}.`);
      }
    }
    return new Indices(Int32Array.from(values), limit, count);
  }

  /** Adds the result of an operation. Op functions call this; models call the op functions. */
  apply(operation: Operation): Tensor {
    for (const input of operation.inputs) {
      if (input.graph !== this) throw new LotkaError('bad-input', `${operation.name}: its inputs belong to different graphs.`);
    }
    return this.#register(operation, {});
  }

  #register(operation: Operation, origin: { parameter?: ParameterInfo; values?: Float64Array }): Tensor {
    const tensor = new Tensor(this, this.#tensors.length, operation, origin);
    this.#tensors.push(tensor);
    return tensor;
  }
}

function source(name: string, shape: Shape): Operation {
  return {
    name,
    inputs: [],
    shape: [...shape],
    flops: 0,
    evaluate: (_inputs: readonly RealArray[]) => undefined,
  };
}

function checkShape(what: string, shape: Shape): void {
  if (shape.length > 4 || shape.some((size) => !Number.isInteger(size) || size < 1)) {
    throw new LotkaError(
      'bad-input',
      `The shape ${formatShape(shape)} of ${what} must have at most four sizes, each a positive whole number.`,
    );
  }
}
