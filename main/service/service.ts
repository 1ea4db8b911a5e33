/** Puts store, pool and experiments together into what answers the contract. The only place that knows all parts. */
import { readFileSync } from 'node:fs';
import { engineBuild } from '#app/engine/index.ts';
import type { Experiment } from '#app/experiments/experiment.ts';
import { experimentById as registered } from '#app/experiments/registry.ts';
import type { Contract } from '#app/protocol/contract.ts';
import type { Handlers } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { kernelsPath } from '#main/paths.ts';
import { storeLocation } from '#main/store/location.ts';
import { Store } from '#main/store/store.ts';
import { Pool } from '#main/workers/pool.ts';
import { watchChanges } from './changes.ts';
import { checkClaims } from './claims.ts';
import { exportFigureHandler, exportPictureHandler } from './exports.ts';
import { describeService, type Host } from './info.ts';
import { Measures } from './measures.ts';
import type { EngineIdentity } from './new-run.ts';
import { Runs } from './runs.ts';
import { watchRun } from './watch.ts';

export interface ServiceOptions {
  readonly host: Host;
  /** The store of `storeLocation()` unless given. */
  readonly store?: Store;
  readonly pool?: Pool;
  readonly engine?: EngineIdentity;
  readonly experimentById?: (id: string) => Experiment;
}

export interface Service {
  readonly handlers: Handlers<Contract>;
  readonly runs: Runs;
  readonly store: Store;
  readonly pool: Pool;
  /** Saves every run, ends the workers, gives the store back. */
  close(): Promise<void>;
}

/**
 * Opens the store and starts the service on it.
 * @throws LotkaError when the store cannot be opened or the engine is not built, one sentence each.
 */
export async function createService(options: ServiceOptions): Promise<Service> {
  const engine = options.engine ?? builtEngine();
  const store = options.store ?? Store.open(storeLocation());
  const pool = options.pool ?? new Pool();
  const experimentById = options.experimentById ?? registered;
  const runs = new Runs(store, pool, engine, experimentById);
  const measures = new Measures(runs, pool);
  // A window will want to train soon; a command may not.
  if (options.host !== 'cli') pool.warm();

  const handlers: Handlers<Contract> = {
    'app.info': () => describeService(options.host, store, engine, pool.size),
    'settings.read': () => store.settings(),
    'settings.write': async (changes) => {
      await store.saveSettings({ ...store.settings(), ...changes });
      return {};
    },

    'runs.list': (query) => runs.list(query),
    'runs.get': ({ run }) => ({ record: runs.record(run), recording: runs.recording(run) }),
    'runs.start': async (start) => ({ run: await runs.start(start) }),
    'runs.fork': async ({ run, step, parameters, name }, { signal }) => ({ run: await runs.fork(run, step, parameters, name, signal) }),
    'runs.pause': done(({ run }) => runs.pause(run)),
    'runs.resume': done(({ run }) => runs.resume(run)),
    'runs.step': done(({ run, count }) => runs.step(run, count)),
    'runs.stop': done(({ run }) => runs.stop(run)),
    'runs.rename': done(({ run, name }) => runs.rename(run, name)),
    'runs.delete': done(({ run }) => runs.delete(run)),
    'runs.restore': done(({ run }) => runs.restore(run)),
    'runs.series': ({ run, names, fromRow, toRow }) => runs.rows(run, names, fromRow, toRow ?? Infinity),
    'runs.frame': ({ run, name, step }) => {
      const frame = runs.frame(run, name, step);
      return { step: frame.step, shape: [...frame.shape], values: frame.values };
    },
    'runs.frameSteps': ({ run, name }) => ({ steps: [...runs.frameSteps(run, name)] }),
    'runs.milestones': ({ run }) => ({ milestones: [...runs.milestones(run)] }),
    'runs.measure': ({ run, measure, options }, { signal }) => measures.of(run, measure, options, signal),
    'runs.watch': ({ run, fromRow }, { signal }) => watchRun(runs, run, fromRow, signal),
    'runs.changes': (_input, { signal }) => watchChanges(runs, signal),

    'claims.list': ({ experiment }) => ({ results: store.claims(experimentById(experiment).id) }),
    'claims.check': ({ experiment, claims, quick }, { signal }) =>
      checkClaims({ runs, pool, experiment: experimentById(experiment), now: Date.now }, { claims, quick }, signal),

    'export.figure': exportFigureHandler(runs, measures, experimentById),
    'export.picture': exportPictureHandler(runs, experimentById),
  };

  return {
    handlers,
    runs,
    store,
    pool,
    close: async () => {
      await runs.close();
      store.close();
    },
  };
}

const done =
  <I>(action: (input: I) => Promise<void> | void) =>
  async (input: I): Promise<Record<string, never>> => {
    await action(input);
    return {};
  };

function builtEngine(): EngineIdentity {
  try {
    return { build: engineBuild(new Uint8Array(readFileSync(kernelsPath()))), backend: 'wasm' };
  } catch (cause) {
    throw new LotkaError('unavailable', `The engine is not built: ${kernelsPath()} is missing; run npm run build.`, { cause });
  }
}
