/** Datasets in words, on the screen and in a terminal. */
import type { DatasetRecord } from '#app/protocol/dataset.ts';
import { grouped } from './limits.ts';

export const inputsInWords = (features: number): string => `${grouped(features)} ${features === 1 ? 'input' : 'inputs'}`;

/** Classes that are named. */
const named = 4;

/** `3 classes: setosa, versicolor, virginica`, `a number`, `2 numbers`. */
export function targetInWords(target: DatasetRecord['target']): string {
  if (target.kind === 'number') return target.width === 1 ? 'a number' : `${grouped(target.width)} numbers`;
  const { classes } = target;
  const some = classes.slice(0, named).join(', ');
  return `${grouped(classes.length)} classes: ${classes.length > named ? `${some}, …` : some}`;
}
