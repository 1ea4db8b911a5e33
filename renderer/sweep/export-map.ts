import { canBeSmoothed } from '#app/sweeps/figure.ts';
import type { ExportFormat } from '#app/figures/formats.ts';
import { save } from '#renderer/run/export-figure.ts';
import type { LiveSweep } from '#renderer/state/sweep.svelte.ts';
import type { Workbench } from '#renderer/state/workbench.svelte.ts';

/** Has the service draw the map that is shown and saves it; publications want the light theme whatever the screen shows. */
export const exportMap = (workbench: Workbench, sweep: LiveSweep, format: ExportFormat): Promise<void> =>
  save(
    workbench,
    workbench.service.call('export.map', {
      sweep: sweep.id,
      outcome: sweep.map.outcome.id,
      x: sweep.map.x.parameter,
      y: sweep.map.y.parameter,
      at: { ...sweep.map.at },
      seed: sweep.map.seed,
      overlay: sweep.overlay,
      smoothed: sweep.smoothed && canBeSmoothed(sweep.map),
      format,
      theme: 'light',
    }),
  );
