import type { Drawing } from '#app/figures/drawing.ts';
import type { ExportFormat } from '#app/figures/formats.ts';
import type { Contract } from '#app/protocol/contract.ts';
import type { InputOf, OutputOf } from '#app/protocol/define.ts';
import { download } from '#renderer/kit/download.ts';
import type { LiveRun } from '#renderer/state/live-run.svelte.ts';
import type { Measures } from '#renderer/state/measures.svelte.ts';
import type { Workbench } from '#renderer/state/workbench.svelte.ts';

/** A figure of a run at a step, with the options of its measures. */
export type FigureOfRun = Pick<InputOf<Contract['export.figure']>, 'run' | 'figure' | 'step' | 'options'>;

/** What the screen shows of a figure now. */
export const figureNow = (run: LiveRun, measures: Measures | null, figure: string, step: number): FigureOfRun => ({
  run: run.id,
  figure,
  step,
  options: structuredClone(measures?.options ?? {}) as FigureOfRun['options'],
});

/** Has the service draw a figure and saves it; publications want the light theme whatever the screen shows. */
export const exportFigure = (
  workbench: Workbench,
  figure: FigureOfRun,
  format: ExportFormat,
  drawing: Partial<Drawing> = {},
): Promise<void> => save(workbench, workbench.service.call('export.figure', { ...figure, theme: 'light', ...drawing, format }));

/** Has the service put figures on one page, in rows of `columns`, and saves it. */
export const exportPage = (
  workbench: Workbench,
  panels: readonly FigureOfRun[],
  columns: number,
  drawing: Partial<Drawing> & Pick<Drawing, 'format'>,
): Promise<void> => save(workbench, workbench.service.call('export.page', { panels: [...panels], columns, ...drawing }));

/** Has the service draw a figure and puts it on the clipboard as a picture; trouble becomes a message. */
export async function copyFigure(workbench: Workbench, figure: FigureOfRun, drawing: Partial<Drawing>): Promise<void> {
  try {
    const picture = workbench.service
      .call('export.figure', { ...figure, theme: 'light', ...drawing, format: 'png' })
      .then(({ bytes, mime }) => new Blob([Uint8Array.from(bytes)], { type: mime }));
    // The promise is handed over, so that the click still counts as the one that asked.
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': picture })]);
    workbench.toasts.show('Copied the figure as a picture.');
  } catch (error) {
    workbench.toasts.fail(error);
  }
}

/** Has the service draw a series of several runs in one figure, each in its colour, and saves it. */
export const exportCurves = (workbench: Workbench, curves: Omit<InputOf<Contract['export.curves']>, 'theme'>): Promise<void> =>
  save(workbench, workbench.service.call('export.curves', { ...curves, theme: 'light' }));

/** Saves what the service drew; trouble becomes a message. */
export async function save(workbench: Workbench, exported: Promise<OutputOf<Contract['export.figure']>>): Promise<void> {
  try {
    const file = await exported;
    download(file.name, new Blob([Uint8Array.from(file.bytes)], { type: file.mime }));
    workbench.toasts.show(`Saved ${file.name}.`);
  } catch (error) {
    workbench.toasts.fail(error);
  }
}
