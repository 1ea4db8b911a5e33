import { Command, CommanderError, Option } from 'commander';
import type { BackendName } from '#app/engine/types.ts';
import { experimentById, trainedExperiments } from '#app/experiments/registry.ts';
import { parseParameters } from '#app/experiments/parameters.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { errorMessage } from '#app/protocol/server.ts';
import { packageVersion } from '#main/paths.ts';
import { addArchiveCommands } from './archives.ts';
import { backendOption, collect, runHelp, wholeNumber } from './arguments.ts';
import { showBackends } from './backends.ts';
import { tellCost } from './cost.ts';
import { addBenchCommand } from './bench.ts';
import { addDatasetsCommands } from './datasets.ts';
import { addDemonstrationsCommand } from './demonstrations.ts';
import { doctor } from './doctor.ts';
import { addExportCommand } from './export.ts';
import { addFilmCommand } from './film.ts';
import { followRun } from './follow.ts';
import { codeOf, exitCodes, printJson, tell } from './output.ts';
import { describeParameters, parseAssignments } from './parameters.ts';
import { reproduce } from './reproduce.ts';
import { addGalleryCommand } from './gallery.ts';
import { addImportCommand } from './imports.ts';
import { installBackend } from './install-backend.ts';
import { measureBackends, type MeasureOptions } from './measure-backends.ts';
import { addRunsCommands } from './runs.ts';
import { addServeCommands } from './serve.ts';
import { addSweepCommand } from './sweep.ts';
import { addSweepsCommands } from './sweeps.ts';
import { addSweepTaskCommand } from './sweep-task.ts';
import { withService } from './with-service.ts';
import { addWorkerCommand } from './worker.ts';

interface RunOptions {
  readonly preset?: string;
  readonly set: string[];
  readonly steps?: number;
  readonly name?: string;
  readonly backend?: BackendName;
  readonly json?: boolean;
}

/**
 * Runs one command line.
 * @returns 0 ok, 1 failed, 2 bad input, 3 a claim does not hold, 4 training diverged, 130 interrupted.
 */
export async function run(argv: readonly string[]): Promise<number> {
  let code: number = exitCodes.ok;
  const json = argv.includes('--json');
  const program = makeProgram((result) => (code = result));
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.ok;
      // Commander has told the reader already.
      if (json) printJson({ error: { code: 'bad-input', message: error.message } });
      return exitCodes.badInput;
    }
    const answer = errorMessage(error);
    tell(error instanceof LotkaError ? answer.message : `${answer.message}\n${(error as Error).stack ?? ''}`);
    if (json) printJson({ error: answer });
    return codeOf(error);
  }
}

function makeProgram(exit: (code: number) => void): Command {
  const program = new Command('lotka');
  program
    .description('Trains small networks under a microscope.')
    .version(packageVersion())
    .exitOverride()
    .showHelpAfterError('Help: lotka --help');

  program
    .command('run')
    .description('train a run and wait for it')
    .argument('<experiment>', trainedExperiments.map((experiment) => experiment.id).join(' | '))
    .option('--preset <name>', 'start from a preset')
    .option('--set <name=value...>', 'set parameters', collect, [])
    .addOption(new Option('--steps <count>', 'number of steps, short for --set steps=<count>').argParser(wholeNumber()))
    .option('--name <name>', 'name of the run in lists')
    .addOption(backendOption('what computes it; the choice of Settings unless told'))
    .option('--json', 'print one JSON object')
    .addHelpText('after', () => `\n${trainedExperiments.map(describeParameters).join('\n\n')}`)
    .action(async (id: string, options: RunOptions) => {
      const experiment = experimentById(id);
      const parameters = { ...parseAssignments(experiment, options.set), ...(options.steps === undefined ? {} : { steps: options.steps }) };
      const preset = options.preset ?? null;
      // Looked at before anything is opened, so that a typing error costs nothing.
      const complete = parseParameters(experiment, preset, parameters);
      exit(
        await withService(async (client) => {
          await tellCost(client, experiment, complete, options.backend);
          const { run } = await client.call('runs.start', {
            experiment: id,
            preset,
            parameters: parameters as Record<string, never>,
            name: options.name,
            backend: options.backend,
          });
          return followRun(client, run, options.json ?? false);
        }),
      );
    });

  program
    .command('resume')
    .description('go on with a run that was paused, stopped or interrupted')
    .argument('<run>', runHelp)
    .option('--json', 'print one JSON object')
    .action(async (run: string, options: { json?: boolean }) => {
      exit(
        await withService(async (client) => {
          await client.call('runs.resume', { run });
          return followRun(client, run, options.json ?? false);
        }),
      );
    });

  addRunsCommands(program);
  addImportCommand(program);

  program
    .command('reproduce')
    .description("check a paper's claims and print them beside what was measured")
    .argument('<experiment>', trainedExperiments.map((experiment) => experiment.id).join(' | '))
    .option('--claim <id...>', 'only these claims', collect, [])
    .option('--quick', 'the smallest honest sample')
    .addOption(backendOption('what computes the runs; wasm, whose bits are the same everywhere, unless told'))
    .option('--json', 'print one JSON object')
    .action(async (id: string, options: { claim: string[]; quick?: boolean; backend?: BackendName; json?: boolean }) => {
      experimentById(id);
      const claims = options.claim.length > 0 ? options.claim : undefined;
      const { quick = false, backend, json = false } = options;
      exit(await withService((client) => reproduce(client, id, { claims, quick, backend, json })));
    });

  addSweepCommand(program, exit);

  addSweepsCommands(program);

  addDatasetsCommands(program);

  addExportCommand(program);

  addFilmCommand(program);

  addArchiveCommands(program);

  addServeCommands(program);

  program
    .command('backends')
    .description('what can compute a run here, which one does unless told, and why one cannot')
    .option('--measure <experiment>', 'time them all on a model and recommend one')
    .option('--preset <name>', 'with --measure: the preset to train')
    .option('--set <name=value...>', 'with --measure: set parameters', collect, [])
    .addOption(new Option('--seconds <count>', 'with --measure: seconds for each').argParser(wholeNumber(1, 60)))
    .option('--install <backend>', 'get a backend that is not here: tensorflow')
    .option('--json', 'print one JSON object')
    .action(async ({ measure, install, ...options }: MeasureOptions & { measure?: string; install?: string }) => {
      if (install !== undefined) exit(await installBackend(install));
      else if (measure !== undefined) await measureBackends(measure, options);
      else await showBackends(options.json ?? false);
    });

  addWorkerCommand(program);
  addSweepTaskCommand(program);
  addDemonstrationsCommand(program);
  addGalleryCommand(program);
  addBenchCommand(program, exit);

  program
    .command('doctor')
    .description('what is installed, what works, and why something does not')
    .option('--json', 'print one JSON object')
    .action(async (options: { json?: boolean }) => {
      exit(await doctor(options.json ?? false));
    });

  return program;
}
