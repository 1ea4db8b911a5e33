import { canBeSmoothed } from '#app/sweeps/figure.ts';
import type { SweepMap } from '#app/sweeps/map.ts';
import type { ExportFormat } from '#app/figures/formats.ts';
import { save } from '#renderer/run/export-figure.ts';
import type { LiveSweep } from '#renderer/state/sweep.svelte.ts';
import type { Workbench } from '#renderer/state/workbench.svelte.ts';

/**
 * Has the service draw a map of a sweep and saves it; publications want the light theme whatever the screen shows.
 * @param map the one that is shown, or another of the same sweep
 */
export const exportMap = (workbench: Workbench, sweep: LiveSweep, format: ExportFormat, map: SweepMap = sweep.map): Promise<void> =>
  save(
    workbench,
    workbench.service.call('export.map', {
      sweep: sweep.id,
      outcome: map.outcome.id,
      x: map.x.parameter,
      y: map.y.parameter,
      at: { ...map.at },
      seed: map.seed,
      overlay: map.outcome.id === sweep.map.outcome.id ? sweep.overlay : null,
      smoothed: sweep.smoothed && canBeSmoothed(map),
      format,
      theme: 'light',
    }),
  );
