import { isLandscape } from '#app/landscape/definition.ts';
import type { LiveSweep } from '#renderer/state/sweep.svelte.ts';

/** Ways to look at a sweep. */
export type SweepView = 'map' | 'curves' | 'surface' | 'timing' | 'table';

/** Those that a sweep has: one over pinned norms is a landscape too, with a second axis a surface; one over weight decay times a law. */
export function viewsOf({ experiment, record: { definition } }: Pick<LiveSweep, 'experiment' | 'record'>): SweepView[] {
  const decay = experiment.landscape?.timing.weightDecay;
  if (!isLandscape(experiment, definition))
    return ['map', ...(definition.axes.some(({ parameter }) => parameter === decay) ? (['timing'] as const) : []), 'table'];
  return ['map', 'curves', ...(definition.axes.length > 1 ? (['surface'] as const) : []), 'table'];
}

/** What is seen first: a landscape of one axis is curves. */
export const firstView = (sweep: Pick<LiveSweep, 'experiment' | 'record'>): SweepView =>
  viewsOf(sweep).includes('curves') && sweep.record.definition.axes.length === 1 ? 'curves' : 'map';
