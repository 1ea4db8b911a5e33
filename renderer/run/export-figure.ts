import type { Theme } from '#app/figures/spec.ts';
import type { Contract } from '#app/protocol/contract.ts';
import type { InputOf } from '#app/protocol/define.ts';
import { download } from '#renderer/kit/download.ts';
import type { Workbench } from '#renderer/state/workbench.svelte.ts';

export type FigureFormat = InputOf<Contract['export.figure']>['format'];

/** Has the service draw a figure and saves it; publications want the light theme whatever the screen shows. */
export async function exportFigure(workbench: Workbench, figure: string, format: FigureFormat, theme: Theme = 'light'): Promise<void> {
  const { run } = workbench;
  if (!run) return;
  try {
    const file = await workbench.service.call('export.figure', { run: run.id, figure, step: run.cursor.step, format, theme });
    download(file.name, new Blob([Uint8Array.from(file.bytes)], { type: file.mime }));
    workbench.toasts.show(`Saved ${file.name}.`);
  } catch (error) {
    workbench.toasts.fail(error);
  }
}
