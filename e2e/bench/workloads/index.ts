import { additionWorkload } from './addition.ts';
import { digitsWorkload } from './digits.ts';
import { recurrentWorkload } from './recurrent.ts';
import { survivalWorkloads } from './survival.ts';
import type { Workload } from './workload.ts';

/** The networks to train. Products alone are in products.ts. */
export const workloads: readonly Workload[] = [...survivalWorkloads, additionWorkload, digitsWorkload, recurrentWorkload];

/** What `--workload` may name. */
export const groups = ['w1', 'w2', 'w3', 'w4', 'w5'] as const;
