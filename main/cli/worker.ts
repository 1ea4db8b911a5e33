import { Option, type Command } from 'commander';
import { bytesPerRun } from '#main/service/run-memory.ts';
import { QueueWorker } from '#main/sweeps/redis/worker.ts';
import { Pool } from '#main/workers/pool.ts';
import { workerCount } from '#main/workers/worker-handle.ts';
import { wholeNumber } from './arguments.ts';
import { hidePassword } from './hide-password.ts';
import { exitCodes, tell } from './output.ts';
import { onInterrupt } from './with-service.ts';

interface WorkerOptions {
  readonly queue: string;
  readonly name: string;
  readonly workers?: number;
}

/** `lotka worker`: trains trials of sweeps that others start, until it is interrupted. */
export function addWorkerCommand(program: Command): void {
  program
    .command('worker')
    .description('train trials of sweeps that wait in a Redis queue, until Ctrl-C')
    .requiredOption('--queue <address>', 'redis://host:port, or rediss:// with TLS; the password comes from LOTKA_REDIS_PASSWORD')
    .option('--name <queue>', 'name of the queue', 'lotka')
    .addOption(new Option('--workers <count>', 'trials that train at once; one a core unless told').argParser(wholeNumber(1, 256)))
    .action(async ({ queue: url, name: queue, workers = workerCount() }: WorkerOptions) => {
      hidePassword(url, 'lotka worker');
      const pool = new Pool({ size: workers });
      try {
        const worker = new QueueWorker({ url, queue, pool, bytesPerRun: () => bytesPerRun(workers, {}), say: tell });
        await interrupted(worker);
      } finally {
        pool.close();
      }
      // While Redis is away, what BullMQ still waits for would keep the process.
      process.exit(exitCodes.ok);
    });
}

async function interrupted(worker: QueueWorker): Promise<void> {
  let forget = (): void => undefined;
  const asked = new Promise<void>((resolve) => (forget = onInterrupt(resolve)));
  try {
    await worker.start();
    await asked;
    tell('Leaving; what is being trained goes back to the queue.');
  } finally {
    await worker.close();
    forget();
  }
}
