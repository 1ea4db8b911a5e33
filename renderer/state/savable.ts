import type { Workbench } from './workbench.svelte.ts';

interface Savable {
  /** In words: `this run`, `4 runs`. */
  readonly what: string;
  readonly wanted: { readonly runs: string[]; readonly sweeps: string[]; readonly title: string };
}

/** What would go into a file now: what is compared or ticked, else the run or sweep that actions are about; null if there is none. */
export function savable({ compared, router, target, sweepTarget }: Workbench): Savable | null {
  const { screen } = router.current;
  if (compared.length > 1 && (screen === 'compare' || screen === 'runs'))
    return { what: `${compared.length} runs`, wanted: { runs: [...compared], sweeps: [], title: `${compared.length} runs` } };
  if (target) return { what: 'this run', wanted: { runs: [target.id], sweeps: [], title: target.name } };
  if (sweepTarget) return { what: 'this sweep', wanted: { runs: [], sweeps: [sweepTarget.id], title: sweepTarget.definition.name } };
  return null;
}
