/** Files that come in: those of runs open, exported figures open what they show or have it trained again, others are data. */
import { archiveExtension } from '#app/archives/layout.ts';
import { carriedBy, type RunShown, type SweepShown } from '#app/exports/carried.ts';
import { experimentById } from '#app/experiments/registry.ts';
import { looksLikeTraining } from './training-files.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { chooseFile } from '#renderer/kit/choose-file.ts';
import type { Workbench } from './workbench.svelte.ts';

/** Files that can be nothing but an exported figure, and those that can be data as well. */
const drawings = /\.(svg|pdf|png)$/i;
const data = /\.(csv|parquet|npz)$/i;
/** A figure is never larger; a file of data may be, and is then not looked into. */
const mostBytes = 64 * 2 ** 20;

/**
 * Takes files that were dropped on the window: runs open, a figure opens what it shows, snapshots of a training are imported, anything else is
 * data to learn from.
 */
export async function takeDropped(workbench: Workbench, files: readonly File[]): Promise<void> {
  const [file] = files;
  if (!file) return;
  try {
    if (file.name.toLowerCase().endsWith(archiveExtension)) return await workbench.archives.open(file);
    if (files.length === 1 && (await openExported(workbench, file))) return;
    const looks = await looksLikeTraining(files);
    if (looks === 'training') return workbench.importTraining(files);
    workbench.importFile(file);
    if (looks === 'either')
      workbench.toasts.show(`"${file.name}" has steps and losses. It is read as data to learn from.`, {
        action: { label: 'Watch it as a training', perform: () => workbench.importTraining(files) },
      });
  } catch (error) {
    workbench.toasts.fail(error);
  }
}

/** Lets a person choose a file, and takes it as if it had been dropped. */
export const openFromDisk = (workbench: Workbench): void =>
  chooseFile('.lotka,.svg,.png,.pdf,.csv,.npz,.npy,.safetensors,.parquet', (file) => void takeDropped(workbench, [file]));

/**
 * Opens the run or the sweep that an exported file shows.
 * @returns false if it is no exported file and may be data to learn from
 * @throws LotkaError `bad-input` for a drawing that does not say where it came from
 */
async function openExported(workbench: Workbench, file: File): Promise<boolean> {
  const isDrawing = drawings.test(file.name);
  if ((!isDrawing && !data.test(file.name)) || (file.size > mostBytes && !isDrawing)) return false;
  const carried = file.size > mostBytes ? null : carriedBy(new Uint8Array(await file.arrayBuffer()), file.name);
  if (!carried) {
    if (!isDrawing) return false;
    throw new LotkaError(
      'bad-input',
      `"${file.name}" does not say which run it shows: Lotka did not export it, or the record was taken out of it.`,
    );
  }
  if (carried.kind === 'sweep') await openSweep(workbench, carried.sweep);
  else await openRuns(workbench, carried.runs);
  return true;
}

async function openRuns(workbench: Workbench, shown: readonly RunShown[]): Promise<void> {
  const runs: string[] = [];
  for (const one of shown) runs.push((await isHere(workbench, one.run)) ? one.run : await trainAgain(workbench, one));
  const [first] = shown;
  if (runs.length === 1) workbench.showRun(runs[0]!, first!.shows.step);
  else workbench.router.go({ screen: 'compare', runs });
}

async function isHere({ service }: Workbench, run: string): Promise<boolean> {
  try {
    await service.call('runs.get', { run });
    return true;
  } catch (error) {
    if (error instanceof LotkaError && error.code === 'not-found') return false;
    throw error;
  }
}

/** @returns the new run */
async function trainAgain(workbench: Workbench, one: RunShown): Promise<string> {
  const { service, engine, toasts } = workbench;
  const { imported } = experimentById(one.experiment);
  if (imported)
    throw new LotkaError(
      'not-found',
      `Run ${one.run} is not here, and cannot be trained again: it was imported from ${String(one.parameters.embedding)} of other files. Import them again.`,
    );
  const backend = engine?.backends.find(({ name, state }) => name === one.backend && state === 'ready');
  const bits = backend?.build === one.engine ? 'to the same bits' : 'by another build of the engine, so that its last digits may differ';
  const again = { parameters: one.parameters, name: one.name.slice(0, 200), ...(backend ? { backend: backend.name } : {}) };
  if (one.forkedFrom) {
    const { run: source, step } = one.forkedFrom;
    if (!(await isHere(workbench, source)))
      throw new LotkaError(
        'not-found',
        `Run ${one.run} is not here, and cannot be trained again: it went on from step ${step} of run ${source}, which is not here either.`,
      );
    const { run } = await service.call('runs.fork', { run: source, step, ...again });
    toasts.show(`Run ${one.run} is not here. It is trained again from step ${step} of ${source}, ${bits}.`);
    return run;
  }
  const { run } = await service.call('runs.start', { experiment: one.experiment, preset: one.preset, ...again });
  toasts.show(`Run ${one.run} is not here. It is trained again, ${bits}.`);
  return run;
}

async function openSweep(workbench: Workbench, { sweep, definition }: SweepShown): Promise<void> {
  const here = (await workbench.service.call('sweeps.list', {})).sweeps.some(({ id }) => id === sweep);
  if (here) {
    workbench.router.go({ screen: 'sweep', sweep });
    return;
  }
  workbench.rememberSweep(definition, { kind: 'local' });
  workbench.router.go({ screen: 'new-sweep', experiment: definition.experiment, preset: null });
  workbench.toasts.show(`Sweep ${sweep} is not here. Its plan is in the form: start it to have the same map again.`);
}
