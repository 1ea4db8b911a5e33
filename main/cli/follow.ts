import type { RunRecord } from '#app/protocol/contract.ts';
import type { Contract } from '#app/protocol/contract.ts';
import type { Client } from '#app/protocol/define.ts';
import { isOver } from '#app/runs/record.ts';
import { exitCodes, print, printJson, tell } from './output.ts';
import { openProgress } from './progress.ts';
import { onInterrupt } from './with-service.ts';

/** Rows are not wanted here: asked for from beyond any run. */
const noRows = Number.MAX_SAFE_INTEGER;

/**
 * Shows a run until it is over, then prints what came out. Ctrl-C stops it with a checkpoint.
 * @returns The exit code.
 */
export async function followRun(client: Client<Contract>, run: string, json: boolean): Promise<number> {
  const progress = openProgress();
  let interrupted = false;
  const forget = onInterrupt(() => {
    interrupted = true;
    tell('Stopping; a checkpoint is being saved.');
    client.call('runs.stop', { run }).catch((error: Error) => tell(error.message));
  });
  // Said only now: whoever reads it may press Ctrl-C at once.
  tell(`run ${run}`);
  let record: RunRecord;
  try {
    record = await untilOver(client, run, progress.show);
  } finally {
    progress.end();
    forget();
  }
  if (json) printJson(summary(record));
  else print(sentence(record));
  if (record.message !== null) tell(record.message);
  if (record.status === 'stopped' || record.status === 'interrupted' || record.status === 'paused') tell(`Go on with: lotka resume ${run}`);
  if (interrupted) return exitCodes.interrupted;
  if (record.status === 'diverged') return exitCodes.diverged;
  return record.status === 'finished' ? exitCodes.ok : exitCodes.failed;
}

async function untilOver(
  client: Client<Contract>,
  run: string,
  show: (fraction: number, what: string, secondsLeft: number | null) => void,
): Promise<RunRecord> {
  for await (const { record, secondsLeft } of client.stream('runs.watch', { run, fromRow: noRows })) {
    show(record.steps === 0 ? 1 : record.step / record.steps, `step ${record.step} of ${record.steps}`, secondsLeft);
    // Nobody is here to resume a run that the disk paused; what it has is saved up to its last checkpoint.
    if (isOver(record.status) || (record.status === 'paused' && record.message !== null)) return record;
  }
  return (await client.call('runs.get', { run })).record;
}

export const summary = (record: RunRecord): Record<string, unknown> => ({
  run: record.id,
  experiment: record.experiment,
  parameters: record.parameters,
  backend: record.provenance.backend,
  status: record.status,
  steps: record.step,
  seconds: Number(record.seconds.toFixed(3)),
  measures: record.headline,
  ...(record.message === null ? {} : { message: record.message }),
});

function sentence(record: RunRecord): string {
  const measures = Object.entries(record.headline).map(
    ([name, value]) => `  ${name.padEnd(16)} ${Array.isArray(value) ? value.join(', ') : (value ?? 'none')}`,
  );
  return [
    `${record.id}: ${record.status} at step ${record.step} of ${record.steps} after ${record.seconds.toFixed(1)} s`,
    ...measures,
  ].join('\n');
}
