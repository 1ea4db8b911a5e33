import type { DatasetSource } from '#app/datasets/dataset.ts';
import type { OmnigrokParameters } from '../parameters.ts';
import { digits, imported } from './dataset.ts';
import { latents, modularAddition, modularTransformer } from './modular.ts';
import { molecules } from './molecules.ts';
import { sentiment } from './sentiment.ts';
import type { Task } from './task.ts';
import { teacherStudent } from './teacher-student.ts';

const makers: Readonly<Record<OmnigrokParameters['task'], (parameters: OmnigrokParameters, datasets: DatasetSource) => Task>> = {
  'teacher-student': teacherStudent,
  digits,
  'modular-addition': modularAddition,
  transformer: modularTransformer,
  latents,
  sentiment,
  molecules,
  dataset: imported,
};

/** The task that parameters describe. @throws LotkaError if it needs a dataset that is not there or does not fit */
export const taskOf = (parameters: OmnigrokParameters, datasets: DatasetSource): Task => makers[parameters.task](parameters, datasets);
