/** Data that a network learns from, as experiments see them: numbers in arrays, wherever they came from. */
import { LotkaError } from '#app/protocol/errors.ts';

/** What is to be told of a row: one of some classes, or one or more numbers. */
export type Target =
  | {
      readonly kind: 'class';
      /** One a row: an index into `classes`. */
      readonly labels: Int32Array;
      readonly classes: readonly string[];
    }
  | {
      readonly kind: 'number';
      /** rows x width. */
      readonly values: Float32Array;
      readonly width: number;
    };

export interface Dataset {
  readonly id: string;
  readonly name: string;
  /** One line about who may use it; absent where the user brought it. */
  readonly licence?: string;
  readonly rows: number;
  readonly features: number;
  /** rows x features, ready to be multiplied by weights. */
  readonly inputs: Float32Array;
  readonly target: Target;
  /** SHA-256 of inputs and target, in hexadecimal: what a run's provenance holds. */
  readonly hash: string;
}

/**
 * Gives a dataset by its id, at once.
 * @throws LotkaError `not-found` naming it if there is none.
 */
export type DatasetSource = (id: string) => Dataset;

/** Where there are no data: for tests, and for looking at parameters apart from the service. */
export const noDatasets: DatasetSource = (id) => {
  throw new LotkaError('not-found', `The dataset "${id}" is not at hand here, so what depends on it cannot be told.`);
};
