/** How many samples a task has; known before the parameters that depend on it are checked. */
import { taskStructure, type Task, type TaskStructure } from './theory/parallelograms.ts';

export interface TaskParameters {
  readonly task: Task;
  readonly symbols: number;
  readonly decoder: 'mlp' | 'transformer';
}

/** Samples and parallelograms of the task, whatever reads them. */
export const structureOf = ({ task, symbols }: Pick<TaskParameters, 'task' | 'symbols'>): TaskStructure => taskStructure(task, symbols);

/** Number of samples, training and test together. */
export const sampleCountOf = (parameters: TaskParameters): number =>
  isOrdered(parameters) ? parameters.symbols ** 2 : structureOf(parameters).samples.length;

/** A transformer reads two symbols in their order, so (i, j) and (j, i) are two samples of its. */
export const isOrdered = ({ task, decoder }: TaskParameters): boolean => decoder === 'transformer' && task !== 'permutations';
