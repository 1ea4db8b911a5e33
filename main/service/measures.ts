import type { Quantity } from '#app/experiments/experiment.ts';
import type { InputOf } from '#app/protocol/define.ts';
import type { Contract } from '#app/protocol/contract.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { parametersKey } from '#app/runs/record.ts';
import { importedBackend } from '#main/imports/import-run.ts';
import { backendNamed } from '#main/workers/backends.ts';
import type { MeasureAnswer, Pool } from '#main/workers/pool.ts';
import type { Runs } from './runs.ts';

export interface Measured {
  readonly result: unknown;
  readonly quantities: Quantity[];
}

/** Results kept in memory: enough for every panel of a few runs. */
const kept = 64;

/** Measures of runs, computed in a worker once for each state of a run: panels and exports that ask for the same share it. */
export class Measures {
  private readonly runs: Runs;
  private readonly pool: Pool;
  private readonly results = new Map<string, Promise<Measured>>();

  constructor(runs: Runs, pool: Pool) {
    this.runs = runs;
    this.pool = pool;
  }

  /** @throws LotkaError `not-found`, `bad-input` for options, `cancelled`, and what the measure itself says. */
  async of(run: string, measure: string, options: InputOf<Contract['runs.measure']>['options'], signal?: AbortSignal): Promise<Measured> {
    const { folder, run: recorded } = await this.runs.onDisk(run);
    const key = `${run} ${recorded.rows} ${measure} ${parametersKey(options)}`;
    const known = await this.results.get(key)?.catch((error: unknown) => {
      // Another caller gave up on it; this one did not.
      if (!(error instanceof LotkaError && error.code === 'cancelled')) throw error;
      return null;
    });
    if (known) return known;
    const { backend: own } = this.runs.record(run).provenance;
    // What was imported has no network that a backend would compute.
    const backend = own === importedBackend ? 'wasm' : backendNamed(own);
    const computing = this.pool.measure({ folder, backend, measure, options }, signal).then(withNote);
    this.results.set(key, computing);
    if (this.results.size > kept) this.results.delete(this.results.keys().next().value!);
    // What failed or was cancelled is tried again when next asked for.
    computing.catch(() => this.results.delete(key));
    return computing;
  }
}

/** What qualifies a result as a whole stands after its numbers, wherever they are shown. */
const withNote = ({ result, quantities, note }: MeasureAnswer): Measured => ({
  result,
  quantities:
    note === null ? quantities : [...quantities, { id: 'replay', label: 'Replay', unit: '', value: 'another build', note, tone: 'warn' }],
});
