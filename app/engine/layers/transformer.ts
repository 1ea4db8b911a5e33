import type { Graph, Tensor } from '../graph.ts';
import { add } from '../ops/add.ts';
import { addBias } from '../ops/addBias.ts';
import { layerNorm } from '../ops/layerNorm.ts';
import { matmul } from '../ops/matmul.ts';
import { relu } from '../ops/relu.ts';
import type { ParameterInfo } from '../types.ts';
import { attention, type AttentionOptions } from './attention.ts';

export interface TransformerBlockOptions extends AttentionOptions {
  /** Columns of the residual stream. */
  readonly width: number;
  /** Hidden width of the feed-forward part. */
  readonly hidden: number;
  /** ReLU unless given. */
  readonly activation?: (x: Tensor) => Tensor;
  /** Epsilon of the layer norms; 1e-5 unless given. */
  readonly epsilon?: number;
  /** Optimiser group of all its parameters. */
  readonly group?: string;
}

/**
 * The parameters of a pre-norm transformer block, declared in the graph as `<name>.<part>`: matrices are [inputs, outputs], so that
 * PyTorch's are their transposes. Initial values are the caller's affair: gains 1, shifts 0, the rest as the model wants.
 */
export class TransformerBlock {
  readonly #options: TransformerBlockOptions;
  readonly #part: ReadonlyMap<string, Tensor>;

  /** @throws LotkaError if a name is taken or a size is no positive whole number */
  constructor(graph: Graph, name: string, options: TransformerBlockOptions) {
    const { width, hidden, group } = options;
    const shapes = {
      'norm1.gain': [width],
      'norm1.shift': [width],
      query: [width, width],
      'query.bias': [width],
      key: [width, width],
      'key.bias': [width],
      value: [width, width],
      'value.bias': [width],
      output: [width, width],
      'output.bias': [width],
      'norm2.gain': [width],
      'norm2.shift': [width],
      up: [width, hidden],
      'up.bias': [hidden],
      down: [hidden, width],
      'down.bias': [width],
    };
    this.#options = options;
    this.#part = new Map(Object.entries(shapes).map(([part, shape]) => [part, graph.parameter(`${name}.${part}`, shape, { group })]));
  }

  /** All its parameters. */
  get parameters(): readonly ParameterInfo[] {
    return [...this.#part.values()].flatMap(({ parameter }) => parameter ?? []);
  }

  /**
   * x + attention(norm(x)), then that plus its feed-forward part; [sequences * length, width] -> the same. It may be applied several
   * times, to training and test sequences.
   * @param length positions of a sequence here; the block's own unless given
   */
  apply(x: Tensor, length = this.#options.length): Tensor {
    const { activation = relu, epsilon = 1e-5 } = this.#options;
    const normal = (input: Tensor, part: string): Tensor =>
      layerNorm(input, this.#get(`${part}.gain`), this.#get(`${part}.shift`), epsilon);
    const linear = (input: Tensor, part: string): Tensor => addBias(matmul(input, this.#get(part)), this.#get(`${part}.bias`));
    const first = normal(x, 'norm1');
    const mixed = attention(linear(first, 'query'), linear(first, 'key'), linear(first, 'value'), { ...this.#options, length });
    const middle = add(x, linear(mixed, 'output'));
    return add(middle, linear(activation(linear(normal(middle, 'norm2'), 'up')), 'down'));
  }

  #get(part: string): Tensor {
    return this.#part.get(part)!;
  }
}
