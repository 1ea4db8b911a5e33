import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { LotkaError } from '#app/protocol/errors.ts';
import { packageRoot } from '#main/paths.ts';
import { wholeNumber } from './arguments.ts';
import { exitCodes } from './output.ts';

interface BenchOptions {
  readonly workload?: string;
  readonly engines?: string;
  readonly rounds?: number;
  readonly burstMs?: number;
  readonly json?: string;
  readonly results?: string;
}

/** Adds `lotka bench`. The benchmark is a program of its own: what it measures must not share a process with anything else. */
export function addBenchCommand(program: Command, exit: (code: number) => void): void {
  program
    .command('bench')
    .description('measure the engine against PyTorch and NumPy on the same networks')
    .option('--workload <names>', 'only these, separated by commas: w1, w2, w3, w4, w5')
    .option('--engines <names>', 'only these, separated by commas: wasm, wasm-relaxed, tensorflow, torch, numpy')
    .option('--rounds <count>', 'rounds of one burst each (9)', wholeNumber(1, 1000))
    .option('--burst-ms <milliseconds>', 'length of a burst (300)', wholeNumber(10, 60_000))
    .option('--json <file>', 'write the result to this file as well')
    .option('--results <folder>', 'keep the result in this folder as well, and as its latest.json if all workloads took part')
    .addHelpText(
      'after',
      '\nPeers are every python3 on the path that has torch or numpy, and those that LOTKA_BENCH_PYTHON names, separated by commas.' +
        '\nThe result is kept in the store, where the window shows it. Let nothing else run meanwhile.',
    )
    .action(async (options: BenchOptions) => exit(await bench(options)));
}

async function bench(options: BenchOptions): Promise<number> {
  const given: readonly (readonly [string, string | number | undefined])[] = [
    ['--workload', options.workload],
    ['--engines', options.engines],
    ['--rounds', options.rounds],
    ['--burst-ms', options.burstMs],
    ['--json', options.json],
    ['--results', options.results],
  ];
  const args = given.flatMap(([name, value]) => (value === undefined ? [] : [name, String(value)]));
  const child = spawn(process.execPath, [benchFile(), ...args], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(signal === 'SIGINT' ? exitCodes.interrupted : (code ?? exitCodes.failed)));
  });
}

/** The built benchmark: beside the bundle this code is in (or above, if it is in a chunk), else in the package's build. */
function benchFile(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const places = [here, join(here, '..'), join(packageRoot(), 'dist', 'main')].map((folder) => join(folder, 'bench.js'));
  const found = places.find((file) => existsSync(file));
  if (!found) throw new LotkaError('unavailable', 'The benchmark is not built: run npm run build.');
  return found;
}
