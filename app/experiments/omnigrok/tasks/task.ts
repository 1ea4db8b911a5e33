/** What there is to learn: samples, and the network that reads them. */
import type { Dataset } from '#app/datasets/dataset.ts';
import { gather, type Graph, type Indices, type Tensor } from '#app/engine/index.ts';
import type { Shape } from '#app/engine/types.ts';
import type { RandomStream } from '#app/numerics/random.ts';

/** What the network reads of each sample: numbers (rows x width), or tokens (rows x length). */
export type Inputs =
  | { readonly kind: 'numbers'; readonly width: number; readonly values: ArrayLike<number> }
  | { readonly kind: 'tokens'; readonly length: number; readonly limit: number; readonly values: Int32Array };

/** Samples with what is to be told of each: a class, or numbers (rows x width of the target). */
export interface Samples {
  readonly rows: number;
  readonly inputs: Inputs;
  readonly labels?: Int32Array;
  readonly values?: Float64Array;
}

/** What the network is to tell. */
export type TaskTarget =
  | {
      readonly kind: 'class';
      readonly classes: number;
      /** Vectors that stand for the classes in squared error (classes x width); one-hot unless given. */
      readonly templates?: { readonly width: number; readonly values: Float64Array };
    }
  | { readonly kind: 'number'; readonly width: number };

/** A trainable tensor and how its initial values are drawn. */
export interface NetworkTensor {
  readonly name: string;
  readonly shape: Shape;
  draw(random: RandomStream): Float64Array;
}

/** The input of a network in the graph: all samples, or the batch of a step. */
export interface NetworkInput {
  readonly rows: number;
  /** rows x width. Of tokens there are none. */
  readonly numbers: Tensor;
  /** Tokens at one position, or at all of them, sample after sample. Of numbers there are none. */
  tokens(position?: number): Indices;
}

/** A network: its tensors in the order in which they are drawn, and what it makes of an input. */
export interface Network {
  readonly tensors: readonly NetworkTensor[];
  /** @returns rows x outputs */
  apply(tensor: (name: string) => Tensor, input: NetworkInput): Tensor;
}

export interface Task {
  /** Data that samples are drawn from; absent where they are generated. */
  readonly dataset?: Pick<Dataset, 'id' | 'name' | 'hash'>;
  readonly train: Samples;
  readonly test: Samples;
  readonly target: TaskTarget;
  readonly objective: 'mse' | 'cross-entropy';
  /** The network with so many outputs. */
  network(outputs: number): Network;
}

/** Samples of each step, list after list. */
export interface Batches {
  readonly size: number;
  readonly lists: Int32Array;
}

/** The input of all samples, or of their batches. */
export function inputOf(graph: Graph, { rows, inputs }: Pick<Samples, 'rows' | 'inputs'>, batches: Batches | null): NetworkInput {
  const none = (what: string) => (): never => {
    throw new TypeError(`these samples have no ${what}`);
  };
  if (inputs.kind === 'numbers') {
    const whole = graph.constant(inputs.values, [rows, inputs.width]);
    const numbers = batches ? gather(whole, graph.batches(batches.lists, batches.size, rows)) : whole;
    return { rows: batches?.size ?? rows, numbers, tokens: none('tokens') };
  }
  const { length, limit, values } = inputs;
  const flat = batches
    ? Int32Array.from(
        { length: batches.lists.length * length },
        (_, i) => values[batches.lists[Math.floor(i / length)] * length + (i % length)],
      )
    : values;
  const size = batches?.size ?? rows;
  return {
    rows: size,
    get numbers(): Tensor {
      return none('numbers')();
    },
    tokens: (position) =>
      position === undefined
        ? graph.batches(flat, size * length, limit)
        : graph.batches(
            Int32Array.from({ length: flat.length / length }, (_, i) => flat[i * length + position]),
            size,
            limit,
          ),
  };
}
