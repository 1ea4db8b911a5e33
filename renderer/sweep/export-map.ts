import type { Contract } from '#app/protocol/contract.ts';
import type { InputOf } from '#app/protocol/define.ts';
import { save } from '#renderer/run/export-figure.ts';
import type { LiveSweep } from '#renderer/state/sweep.svelte.ts';
import type { Workbench } from '#renderer/state/workbench.svelte.ts';

export type MapFormat = InputOf<Contract['export.map']>['format'];

/** Has the service draw the map that is shown and saves it; publications want the light theme whatever the screen shows. */
export const exportMap = (workbench: Workbench, sweep: LiveSweep, format: MapFormat): Promise<void> =>
  save(
    workbench,
    workbench.service.call('export.map', {
      sweep: sweep.id,
      outcome: sweep.map.outcome.id,
      at: { ...sweep.map.at },
      overlay: sweep.overlay,
      format,
      theme: 'light',
    }),
  );
