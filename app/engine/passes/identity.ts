import type { Indices, Tensor } from '../graph.ts';
import type { Operation } from '../operation.ts';

/**
 * Finds tensors that hold the same numbers because they are the same computation. Constants and indices are compared by content,
 * everything else by name, attributes, indices and inputs. An operation without attributes equals only itself.
 */
export class Identity {
  readonly #tensors = new Map<string, Tensor>();
  readonly #contents = new Map<number, { readonly words: Int32Array; readonly number: number }[]>();
  readonly #known = new WeakMap<object, number>();
  #contentCount = 0;

  /** The first tensor met that computes the same as this one, whose inputs must be such first ones. */
  canonical(tensor: Tensor): Tensor {
    const key = this.#key(tensor);
    if (key === undefined) return tensor;
    const first = this.#tensors.get(key);
    if (first) return first;
    this.#tensors.set(key, tensor);
    return tensor;
  }

  /**
   * What an operation does apart from its inputs: equal strings, equal function. Undefined if nothing is known.
   */
  functionOf({ name, attributes, indices = [] }: Operation): string | undefined {
    return attributes && [name, ...attributes, ...indices.map((list) => `#${this.#indices(list)}`)].join(' ');
  }

  #key(tensor: Tensor): string | undefined {
    if (tensor.parameter) return undefined;
    if (tensor.values) return `constant ${tensor.shape.join('x')} #${this.#content(tensor.values, words(tensor.values))}`;
    const does = this.functionOf(tensor.operation);
    return does && `${does} (${tensor.operation.inputs.map(({ id }) => id).join(' ')})`;
  }

  #indices(indices: Indices): string {
    return `${this.#content(indices, indices.values)}/${indices.count}/${indices.limit}`;
  }

  /** A number for the content of an object, equal for equal content. */
  #content(holder: object, content: Int32Array): number {
    let number = this.#known.get(holder);
    if (number !== undefined) return number;
    const hash = hashOf(content);
    const alike = this.#contents.get(hash) ?? [];
    number = alike.find(({ words: other }) => sameWords(other, content))?.number;
    if (number === undefined) {
      number = this.#contentCount++;
      this.#contents.set(hash, [...alike, { words: content, number }]);
    }
    this.#known.set(holder, number);
    return number;
  }
}

/** The bits of doubles. */
export function words(values: Float64Array): Int32Array {
  return new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
}

/** FNV-1a over 32-bit words. */
export function hashOf(content: Int32Array): number {
  let hash = 0x811c9dc5;
  for (const word of content) hash = Math.imul(hash ^ word ^ (word >>> 15), 0x01000193);
  return hash;
}

export function sameWords(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((word, position) => word === b[position]);
}
