import type { Command } from 'commander';
import { LotkaError } from '#app/protocol/errors.ts';
import { bytesPerRun } from '#main/service/run-memory.ts';
import { runTask } from '#main/sweeps/slurm/task.ts';
import { Pool } from '#main/workers/pool.ts';
import { wholeNumber } from './arguments.ts';
import { tell } from './output.ts';
import { onInterrupt } from './with-service.ts';

/** `lotka sweep-task`: what the job script of a Slurm array starts. */
export function addSweepTaskCommand(program: Command): void {
  program
    .command('sweep-task', { hidden: true })
    .description('train the trials of one task of a Slurm array; job scripts call this')
    .argument('<folder>', 'folder of the array')
    .argument('<task>', 'number of the task', wholeNumber())
    .action(async (folder: string, task: number) => {
      const stopped = new AbortController();
      const forget = onInterrupt(() => {
        tell('Slurm ends this task; what was trained is kept.');
        stopped.abort();
      });
      const pool = new Pool({ size: processors() });
      try {
        await runTask({ folder, task, pool, bytesPerRun: () => bytesPerRun(pool.size, {}), signal: stopped.signal });
      } finally {
        pool.close();
        forget();
      }
    });
}

/** Processors that Slurm gave this task. */
function processors(): number {
  const given = Number(process.env.SLURM_CPUS_PER_TASK ?? 1);
  if (Number.isInteger(given) && given > 0) return given;
  throw new LotkaError(
    'bad-input',
    `SLURM_CPUS_PER_TASK = ${process.env.SLURM_CPUS_PER_TASK ?? ''} cannot be used: it is a whole number from 1.`,
  );
}
