import { LotkaError } from '#app/protocol/errors.ts';
import type { Indices, Tensor } from '../../graph.ts';
import { placeOf, schedule, type Section } from '../../schedule.ts';
import { formatShape } from '../../shapes.ts';
import { elementwise } from './elementwise.ts';
import type { TensorFlow, TfTensor } from './interface.ts';
import type { Kernel } from './kernel.ts';
import { layout } from './layout.ts';
import { losses } from './losses.ts';
import { rowwise } from './rowwise.ts';

/** How each operation is computed, by its name. A new one is one line in one of these tables. */
export const kernels: ReadonlyMap<string, Kernel> = new Map(Object.entries({ ...elementwise, ...layout, ...losses, ...rowwise }));

/** One computation, and whose memory may go once it is done. */
interface PlannedStep {
  readonly tensor: Tensor;
  readonly kernel: Kernel;
  readonly read: ReadonlySet<number>;
  readonly finished: readonly Tensor[];
}

/** Runs a section operation by operation. Holds constants and fixed indices as tensors of TensorFlow until it is disposed of. */
export class Runner {
  readonly #tf: TensorFlow;
  readonly #steps: readonly PlannedStep[];
  readonly #outputs: Section['outputs'];
  readonly #parameters: ReadonlyMap<Tensor, Float32Array>;
  readonly #constants: ReadonlyMap<Tensor, TfTensor>;
  readonly #fixed: ReadonlyMap<Indices, TfTensor>;

  /**
   * @param parameters their current values, read at every run
   * @throws LotkaError naming an operation that TensorFlow is not told how to compute
   */
  constructor(tf: TensorFlow, section: Section, parameters: ReadonlyMap<Tensor, Float32Array>) {
    this.#tf = tf;
    this.#outputs = section.outputs;
    this.#parameters = parameters;
    // Fused operations are for our own kernels; here each stands by itself.
    const { steps } = schedule(section.outputs, section.pinned, false);
    this.#steps = plan(
      steps.map(({ tensor }) => tensor),
      section.pinned,
    );
    const sources = new Set(steps.flatMap(({ tensor }) => tensor.operation.inputs.map((input) => placeOf(input).owner)));
    const lists = new Set(steps.flatMap(({ tensor }) => tensor.operation.indices ?? []));
    this.#constants = new Map(
      [...sources].flatMap((source) =>
        source.values ? [[source, tf.tensor(Float32Array.from(source.values), [...source.shape])] as const] : [],
      ),
    );
    this.#fixed = new Map(
      [...lists].filter(({ period }) => period === 1).map((list) => [list, tf.tensor(list.values, [list.count], 'int32')]),
    );
  }

  /**
   * @param step updates taken before
   * @param reads pinned tensors to copy into arrays
   * @param wantsOutputs false leaves the scalar outputs where they are
   */
  run(step: number, reads: ReadonlyMap<Tensor, Float32Array>, wantsOutputs: boolean): Record<string, number> {
    let outputs: Record<string, number> = {};
    this.#tf.tidy(() => {
      const results = this.#compute(step);
      for (const [tensor, array] of reads) array.set(results.get(tensor)![0].dataSync());
      if (wantsOutputs)
        outputs = Object.fromEntries([...this.#outputs].map(([name, tensor]) => [name, results.get(tensor)![0].dataSync()[0]]));
    });
    return outputs;
  }

  dispose(): void {
    for (const tensor of [...this.#constants.values(), ...this.#fixed.values()]) tensor.dispose();
  }

  #compute(step: number): Map<Tensor, TfTensor[]> {
    const tf = this.#tf;
    const results = new Map<Tensor, TfTensor[]>();
    const listed = new Map(this.#fixed);
    const value = (tensor: Tensor): TfTensor => {
      const { owner, part } = placeOf(tensor);
      let known = results.get(owner)?.[part] ?? this.#constants.get(owner);
      if (!known) {
        known = tf.tensor(this.#parameters.get(owner)!, [...owner.shape]);
        results.set(owner, [known]);
      }
      return sameShape(known.shape, tensor.shape) ? known : tf.reshape(known, [...tensor.shape]);
    };
    const list = (indices: Indices): TfTensor => {
      let known = listed.get(indices);
      if (!known) listed.set(indices, (known = tf.tensor(indices.at(step), [indices.count], 'int32')));
      return known;
    };
    for (const { tensor, kernel, read, finished } of this.#steps) {
      const { operation } = tensor;
      const inputs = operation.inputs.map(value);
      const call = {
        tf,
        operation,
        inputs,
        indices: (operation.indices ?? []).map(list),
        shape: [...operation.shape],
        wants: (part: number) => read.has(part + 1),
      };
      const made = tf.tidy(() => kernel(call));
      results.set(tensor, Array.isArray(made) ? made : [made]);
      for (const owner of finished) {
        for (const each of results.get(owner) ?? []) each.dispose();
        results.delete(owner);
      }
    }
    return results;
  }
}

/** Finds each tensor's kernel, which of its results are read, and after which step nobody needs it. */
function plan(tensors: readonly Tensor[], pinned: ReadonlySet<Tensor>): PlannedStep[] {
  const read = new Map<Tensor, Set<number>>(tensors.map((tensor) => [tensor, new Set()]));
  const lastReader = new Map<Tensor, Tensor>();
  for (const tensor of tensors) {
    for (const input of tensor.operation.inputs) {
      const { owner, part } = placeOf(input);
      read.get(owner)?.add(part);
      if (read.has(owner)) lastReader.set(owner, tensor);
    }
  }
  const finished = new Map<Tensor, Tensor[]>();
  for (const [owner, reader] of lastReader) if (!pinned.has(owner)) finished.set(reader, [...(finished.get(reader) ?? []), owner]);
  return tensors.map((tensor) => {
    const { name, shape } = tensor.operation;
    const kernel = kernels.get(name);
    if (!kernel) {
      throw new LotkaError(
        'bad-input',
        `The operation ${name} (result of shape ${formatShape(shape)}) is not known to the TensorFlow backend; use the backend wasm.`,
      );
    }
    return { tensor, kernel, read: read.get(tensor)!, finished: finished.get(tensor) ?? [] };
  });
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}
