import type { Dataset, DatasetSource } from '#app/datasets/dataset.ts';
import type { DatasetRecord } from '#app/protocol/dataset.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { reread } from '#renderer/connect/reread.ts';
import type { Service } from '#renderer/connect/service.ts';
import type { Toasts } from './toasts.svelte.ts';

/** What there is to learn from: bundled datasets, then imported ones by name. */
export class Datasets {
  list = $state.raw<readonly DatasetRecord[]>([]);
  /** A sentence for each that cannot be read. */
  unreadable = $state.raw<readonly string[]>([]);
  loaded = $state(false);
  trouble = $state<string | null>(null);
  /** A file that was dropped somewhere, until the screen of datasets takes it. */
  dropped = $state.raw<File | null>(null);
  readonly #service: Service;
  readonly #toasts: Toasts;
  readonly #shapes = new Map<string, Dataset>();

  constructor(service: Service, toasts: Toasts) {
    this.#service = service;
    this.#toasts = toasts;
  }

  async reload(): Promise<void> {
    try {
      const { datasets, unreadable } = await reread(() => this.#service.call('datasets.list', {}));
      this.list = datasets;
      this.unreadable = unreadable;
      this.trouble = null;
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error);
    } finally {
      this.loaded = true;
    }
  }

  get imported(): readonly DatasetRecord[] {
    return this.list.filter(({ source }) => source === 'imported');
  }

  /**
   * Datasets of the right size with zeros in them: enough to tell what a training would cost, for which the page need not have the data.
   * @throws LotkaError `not-found` naming a dataset that is not here
   */
  readonly shapes: DatasetSource = (id) => {
    const record = this.list.find((candidate) => candidate.id === id);
    if (!record)
      throw new LotkaError(
        'not-found',
        id === '' ? 'No dataset is chosen.' : `There is no dataset "${id}" here; import it, or choose another.`,
      );
    let shape = this.#shapes.get(record.hash);
    if (!shape) {
      shape = shapeOf(record);
      this.#shapes.clear();
      this.#shapes.set(record.hash, shape);
    }
    return shape;
  };

  /** Moves a dataset to the trash and offers to bring it back. */
  async remove({ id, name }: DatasetRecord): Promise<void> {
    try {
      await this.#service.call('datasets.remove', { dataset: id });
      await this.reload();
      this.#toasts.show(`Deleted "${name}".`, { action: { label: 'Undo', perform: () => void this.#restore(id) } });
    } catch (error) {
      this.#toasts.fail(error);
    }
  }

  async #restore(id: string): Promise<void> {
    try {
      await this.#service.call('datasets.restore', { dataset: id });
      await this.reload();
    } catch (error) {
      this.#toasts.fail(error);
    }
  }
}

function shapeOf({ id, name, rows, features, target, hash }: DatasetRecord): Dataset {
  return {
    id,
    name,
    rows,
    features,
    hash,
    inputs: new Float32Array(rows * features),
    target:
      target.kind === 'class'
        ? { kind: 'class', labels: new Int32Array(rows), classes: target.classes }
        : { kind: 'number', values: new Float32Array(rows * target.width), width: target.width },
  };
}
