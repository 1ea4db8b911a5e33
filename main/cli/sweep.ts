import { Option, type Command } from 'commander';
import { bytes, duration as longDuration, grouped } from '#app/experiments/cost.ts';
import { experimentById, experiments, trainedExperiments } from '#app/experiments/registry.ts';
import type { Contract } from '#app/protocol/contract.ts';
import type { Client } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { SweepEstimate, SweepRecord, TrialResult } from '#app/protocol/sweep.ts';
import { readySweeps } from '#app/sweeps/ready.ts';
import { shareOfGrid } from '#app/sweeps/trials.ts';
import { backendOption, collect, wholeNumber } from './arguments.ts';
import { hidePassword } from './hide-password.ts';
import { exitCodes, print, printJson, tell } from './output.ts';
import { openProgress } from './progress.ts';
import { definitionOf, placeOf, type SweepOptions } from './sweep-options.ts';
import { onInterrupt, withService } from './with-service.ts';

interface Options extends SweepOptions {
  readonly resume?: string;
  readonly retry?: string;
  readonly addSeeds?: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const maps = experiments.map(
  (experiment) =>
    `${experiment.id}: ${readySweeps(experiment)
      .map(({ id }) => id)
      .join(' | ')}`,
);

/** `lotka sweep`: trains every point of a map and waits for it. */
export function addSweepCommand(program: Command, exit: (code: number) => void): void {
  program
    .command('sweep')
    .description('train every point of a map and wait for it; Ctrl-C pauses it')
    .argument('[experiment]', trainedExperiments.map(({ id }) => id).join(' | '))
    .option('--map <name>', `a map that is ready to start, as published or planned: ${maps.join('; ')}`)
    .option('--preset <name>', 'start from a preset')
    .option('--set <name=value...>', 'set parameters that are the same in all trials', collect, [])
    .option('--axis <name=values...>', 'vary a parameter: name=1e-5..1e-2:10:log, name=0..2:5, name=a,b,c', collect, [])
    .addOption(
      new Option('--seeds <count>', 'trainings of every point, each with other seeds; one unless told, or those of the map').argParser(
        wholeNumber(1, 1000),
      ),
    )
    .option('--seed-parameter <names...>', 'parameters that get the seed; all seeds unless told', collect, [])
    .option('--sampling <kind>', 'grid | random:N | latin:N | adaptive:stride; a grid unless told, or that of the map')
    .option('--outcome <id>', 'outcome whose boundaries an adaptive sweep follows; the first of the experiment unless told')
    .option('--keep', 'keep every trial as a run, not its outcomes only')
    .option('--name <name>', 'name of the sweep in lists')
    .addOption(backendOption('what computes it; the choice of Settings unless told'))
    .addOption(new Option('--place <place>', 'where it trains').choices(['local', 'slurm', 'redis']).default('local'))
    .option('--folder <path>', 'with --place slurm: folder that all nodes see under this path')
    .option('--sbatch <option...>', 'with --place slurm: options of sbatch, e.g. --sbatch=--partition=short', collect, [])
    .addOption(new Option('--trials-per-task <count>', 'with --place slurm').argParser(wholeNumber(1, 1_000_000)))
    .option('--redis <url>', 'with --place redis: address of the server', 'redis://127.0.0.1:6379')
    .option('--queue <name>', 'with --place redis: queue that the workers listen to', 'lotka')
    .option('--dry-run', 'tell the cost and train nothing')
    .option('--resume <sweep>', 'go on with a sweep that was paused or interrupted')
    .addOption(
      new Option('--add-seeds <count>', 'with --resume: train every point with so many further seeds').argParser(wholeNumber(1, 100)),
    )
    .option('--retry <sweep>', 'train the failed trials of a sweep again')
    .option('--json', 'print one JSON object')
    .action(async (experiment: string | undefined, options: Options) => {
      exit(await sweep(experiment, options));
    });
}

async function sweep(id: string | undefined, options: Options): Promise<number> {
  const { resume, retry, json = false } = options;
  const known = resume ?? retry;
  if ((id === undefined) === (known === undefined) || (resume !== undefined && retry !== undefined))
    throw new LotkaError('bad-input', 'lotka sweep takes an experiment to begin a sweep, or --resume or --retry with the id of one.');
  if (known !== undefined) {
    return withService(async (client) => {
      if (options.addSeeds !== undefined) await client.call('sweeps.addSeeds', { sweep: known, count: options.addSeeds });
      await client.call(resume === undefined ? 'sweeps.retry' : 'sweeps.resume', { sweep: known });
      return followSweep(client, known, json);
    });
  }
  const experiment = experimentById(id!);
  const place = placeOf(options);
  if (place.kind === 'redis') hidePassword(place.url, 'lotka sweep');
  // Looked at before anything is opened, so that a typing error costs nothing.
  definitionOf(experiment, options, options.backend ?? 'wasm');
  return withService(async (client) => {
    const backend = options.backend ?? (await client.call('engine.backends', {})).chosen;
    const definition = definitionOf(experiment, options, backend);
    const estimate = await client.call('sweeps.estimate', { definition });
    if (options.dryRun && json) printJson(estimate);
    else tell(costLine(estimate, place.kind === 'local', definition.sampling.kind === 'adaptive'));
    if (options.dryRun) return exitCodes.ok;
    const { sweep: started } = await client.call('sweeps.start', { definition, place });
    return followSweep(client, started, json);
  });
}

/** E.g. `1,200 trials (400 points), about 3 h on 2 cores, 1.2 MB of memory each, 480 kB kept`. */
function costLine(
  { points, trials, secondsInAll, workers, bytesPerTrial, bytesKept }: SweepEstimate,
  here: boolean,
  atMost: boolean,
): string {
  const time =
    secondsInAll === null ? 'time not measured' : `about ${longDuration(secondsInAll)} on ${workers} ${workers === 1 ? 'core' : 'cores'}`;
  const what = `${grouped(trials)} ${trials === 1 ? 'trial' : 'trials'} (${grouped(points)} ${points === 1 ? 'point' : 'points'})`;
  return `${atMost ? 'at most ' : ''}${what}, ${time}${here ? '' : ' of this machine'}, ${bytes(bytesPerTrial)} of memory each, ${bytes(bytesKept)} kept`;
}

/**
 * Shows a sweep until it stops, then prints what came out. Ctrl-C pauses it.
 * @returns The exit code.
 */
export async function followSweep(client: Client<Contract>, sweep: string, json: boolean): Promise<number> {
  const progress = openProgress();
  let interrupted = false;
  const forget = onInterrupt(() => {
    interrupted = true;
    tell('Pausing; what is trained so far is saved.');
    client.call('sweeps.pause', { sweep }).catch((error: Error) => tell(error.message));
  });
  // Said only now: whoever reads it may press Ctrl-C at once.
  tell(`sweep ${sweep}`);
  let record: SweepRecord;
  try {
    record = await untilStopped(client, sweep, progress.show);
  } finally {
    progress.end();
    forget();
  }
  if (json) printJson(sweepSummary(record));
  else print(sentence(record));
  if (record.message !== null) tell(record.message);
  if (record.failed > 0) await tellFailures(client, record);
  if (record.status !== 'finished') tell(`Go on with: lotka sweep --resume ${sweep}`);
  if (interrupted) return exitCodes.interrupted;
  return record.status === 'finished' && record.failed === 0 ? exitCodes.ok : exitCodes.failed;
}

async function untilStopped(
  client: Client<Contract>,
  sweep: string,
  show: (fraction: number, what: string, secondsLeft: number | null) => void,
): Promise<SweepRecord> {
  for await (const { record, workers, secondsLeft } of client.stream('sweeps.watch', { sweep })) {
    const { planned, done, failed, diverged } = record;
    const rate = workers.reduce((sum, { perMinute }) => sum + perMinute, 0);
    const parts = [
      `${done} of ${planned} trials`,
      ...(diverged > 0 ? [`${diverged} diverged`] : []),
      ...(failed > 0 ? [`${failed} failed`] : []),
      ...(rate > 0 ? [`${rate.toFixed(rate < 10 ? 1 : 0)} a minute`] : []),
    ];
    show(planned === 0 ? 0 : done / planned, parts.join(', '), secondsLeft);
    if (record.status !== 'running' && record.status !== 'planned') return record;
  }
  return client.call('sweeps.get', { sweep });
}

async function tellFailures(client: Client<Contract>, { id, failed }: SweepRecord): Promise<void> {
  const { results } = await client.call('sweeps.results', { sweep: id });
  const first = results.find(({ state }: TrialResult) => state === 'failed');
  tell(`${failed} ${failed === 1 ? 'trial' : 'trials'} failed, the first because: ${first?.message ?? ''}`);
  tell(`Train them again with: lotka sweep --retry ${id}`);
}

export const sweepSummary = (record: SweepRecord): Record<string, unknown> => ({
  sweep: record.id,
  name: record.definition.name,
  experiment: record.definition.experiment,
  place: record.place.kind,
  status: record.status,
  planned: record.planned,
  done: record.done,
  diverged: record.diverged,
  failed: record.failed,
  trainingSeconds: Number(record.trainingSeconds.toFixed(3)),
  ...shareTold(gridShare(record)),
  ...(record.message === null ? {} : { message: record.message }),
});

const shareTold = (share: number | null): object => (share === null ? {} : { shareOfGrid: Number(share.toFixed(4)) });

function sentence(record: SweepRecord): string {
  const { id, status, planned, done, diverged, failed, trainingSeconds } = record;
  const share = gridShare(record);
  const spared = share === null ? '' : `, ${Math.round(100 * share)} % of the full grid`;
  return `${id}: ${status}, ${done} of ${planned} trials (${diverged} diverged, ${failed} failed)${spared}, ${longDuration(trainingSeconds)} of training`;
}

/** As `shareOfGrid`; null too for an experiment that this Lotka does not have. */
function gridShare(record: SweepRecord): number | null {
  const experiment = experiments.find(({ id }) => id === record.definition.experiment);
  return experiment ? shareOfGrid(experiment, record) : null;
}
