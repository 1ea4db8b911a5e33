/** Makes a run in the store of a training that was done elsewhere. */
import { createHash } from 'node:crypto';
import { arch, cpus, type as systemName } from 'node:os';
import type { Experiment } from '#app/experiments/experiment.ts';
import imported from '#app/experiments/imported/experiment.ts';
import { importedFrames, importedSeries } from '#app/experiments/imported/recording.ts';
import { parseParameters } from '#app/experiments/parameters.ts';
import type { ImportMapping } from '#app/imports/mapping.ts';
import type { RunRecord } from '#app/protocol/contract.ts';
import type { Client } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { cleanHeadline, lastStep, runId } from '#app/runs/record.ts';
import { packageVersion } from '#main/paths.ts';
import type { RunWriter } from '#main/store/run-writer.ts';
import type { Recording } from '#main/store/run-folder.ts';
import type { Store } from '#main/store/store.ts';
import type { ImportReaderContract, PlannedRun } from './reader-contract.ts';

/** Files as they lie on this machine. */
export interface FileHere {
  readonly name: string;
  readonly path: string;
  readonly size: number;
}

const cutOff = 'Lotka ended while this training was imported; delete this run and import the files again.';
/** File names that a record keeps; of more the first and how many. */
const mostNames = 20;

/**
 * Reads what is planned in the thread, and puts it into the store as a finished run. Nothing is left of an import that fails.
 * @param progress told the fraction that is done
 * @throws LotkaError `bad-input` as reading does, `cancelled`, `disk-full`
 */
export async function importRun(
  {
    store,
    client,
    files,
    mapping,
    signal,
  }: { store: Store; client: Client<ImportReaderContract>; files: readonly FileHere[]; mapping: ImportMapping; signal: AbortSignal },
  progress: (fraction: number) => void,
): Promise<RunRecord> {
  const hash = createHash('sha256');
  let record: RunRecord | null = null;
  let writer: RunWriter | null = null;
  let rows = 0;
  let message: string | null = null;
  try {
    const items = client.stream('collect', { files: files.map(({ name, path }) => ({ name, path })), mapping }, { signal });
    for await (const { plan, batch } of items) {
      if (plan) {
        const made = recordOf(plan, files, mapping);
        record = made.record;
        // As it would be found if this were cut off.
        writer = await store.create({ ...record, status: 'failed', message: cutOff }, made.recording);
      }
      if (!batch || !writer) continue;
      for (const { values } of batch.frames) hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
      writer.append(batch);
      await writer.flush();
      rows += batch.frames.length;
      message = batch.message;
      progress(batch.done / batch.of);
    }
    if (signal.aborted) throw new LotkaError('cancelled', 'The import was cancelled.');
    if (!record || !writer || rows === 0) throw new LotkaError('bad-input', 'There is no snapshot to import.');
    const finished = finish(record, rows, message, hash.digest('hex'));
    const headline = cleanHeadline((imported as unknown as Experiment).headline(store.open(record.id)));
    const whole = { ...finished, headline };
    await store.save(whole, writer);
    await writer.close();
    return whole;
  } catch (error) {
    await writer?.close();
    if (record) store.remove(record.id);
    throw error;
  }
}

function recordOf(plan: PlannedRun, files: readonly FileHere[], mapping: ImportMapping): { record: RunRecord; recording: Recording } {
  const { curves, ...told } = plan;
  const names = files.map(({ name }) => name);
  const listed = names.length > mostNames ? [...names.slice(0, mostNames), `and ${names.length - mostNames} more`] : names;
  const parameters = parseParameters(imported as unknown as Experiment, null, { ...told, files: listed });
  const given = mapping.name?.trim() ?? '';
  const [first = 'imported'] = names;
  const record: RunRecord = {
    format: 1,
    id: runId(imported.id, Date.now(), Math.floor(Math.random() * 36 ** 4)),
    name: given === '' ? first.replace(/\.[^.]+$/, '').slice(0, 200) : given,
    experiment: imported.id,
    preset: null,
    parameters: parameters as RunRecord['parameters'],
    status: 'queued',
    message: null,
    step: 0,
    steps: 0,
    seconds: 0,
    headline: {},
    forkedFrom: null,
    provenance: {
      lotka: packageVersion(),
      engine: 'none',
      backend: importedBackend,
      precision: 'f64',
      machine: `${systemName()} ${arch()}, ${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown processor'}`,
      created: new Date().toISOString(),
    },
  };
  const recording = {
    series: importedSeries(plan, curves).map(({ name, label, width, unit, symbol }) => ({
      name,
      label,
      width,
      unit,
      ...(symbol === undefined ? {} : { symbol }),
    })),
    frames: importedFrames(plan).map(({ name, label, shape }) => ({ name, label, shape: [...shape] })),
  };
  return { record, recording };
}

/** What stands where the record of a run says what computed it. */
export const importedBackend = 'imported';

const finish = (record: RunRecord, rows: number, message: string | null, hash: string): RunRecord => ({
  ...record,
  status: 'finished',
  message,
  step: lastStep(rows),
  steps: lastStep(rows),
  provenance: { ...record.provenance, imported: { files: (record.parameters.files as string[]).join(', '), hash } },
});
