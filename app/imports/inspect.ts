import type { Turn } from '#app/arrays/words.ts';
import type { ImportInspection } from '#app/protocol/imports.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { Candidate } from './catalogue.ts';
import type { ImportMapping } from './mapping.ts';
import { assign, planImport, type ImportPlan } from './plan.ts';

/** What was found, what it is taken for, and what would be imported or what stands in the way. Reads the steps only. */
export async function inspect(candidates: readonly Candidate[], mapping: ImportMapping, turn: Turn): Promise<ImportInspection> {
  const assigned = assign(candidates, mapping);
  const planned = await planImport(assigned, mapping, turn).catch((error: unknown): LotkaError => {
    if (error instanceof LotkaError && error.code === 'bad-input') return error;
    throw error;
  });
  const plan: ImportPlan | null = planned instanceof LotkaError ? null : planned;
  return {
    arrays: assigned.map(({ candidate: { key, shape, dtype, steps, trouble }, role, why }) => ({
      key,
      shape: [...shape],
      dtype,
      stepByStep: steps !== null,
      role,
      why,
      trouble,
    })),
    sentence: plan?.sentence ?? null,
    trouble: planned instanceof LotkaError ? planned.message : null,
    notes: [...(plan?.notes ?? [])],
    modulus: plan?.modulus ?? null,
  };
}
