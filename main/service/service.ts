/** Puts store, pool and experiments together into what answers the contract. The only place that knows all parts. */
import type { Experiment } from '#app/experiments/experiment.ts';
import { experimentById as registered } from '#app/experiments/registry.ts';
import type { BackendName } from '#app/engine/types.ts';
import { Backend } from '#app/protocol/backend.ts';
import type { Contract } from '#app/protocol/contract.ts';
import type { Handlers } from '#app/protocol/define.ts';
import type { FilmThread } from '#main/films/film-thread.ts';
import { ReceivedFiles } from '#main/archives/received.ts';
import { Uploads } from '#main/datasets/uploads.ts';
import { ImportFiles } from '#main/imports/files.ts';
import { storeLocation } from '#main/store/location.ts';
import { Store } from '#main/store/store.ts';
import { listBackends, requireBackend } from '#main/workers/backends.ts';
import { Sweeps } from '#main/sweeps/sweeps.ts';
import { Pool } from '#main/workers/pool.ts';
import { archiveHandlers } from './archives.ts';
import { latestBench } from './bench.ts';
import { watchChanges } from './changes.ts';
import { claimsCost } from './claims-cost.ts';
import { checkClaims } from './claims.ts';
import { datasetHandlers } from './datasets.ts';
import {
  exportCurvesHandler,
  exportFigureHandler,
  exportFilmFrameHandler,
  exportFilmHandler,
  exportPageHandler,
  exportPictureHandler,
} from './exports.ts';
import { importHandlers } from './imports.ts';
import { describeService, type Host } from './info.ts';
import { Measures } from './measures.ts';
import { bytesPerRun } from './run-memory.ts';
import { Runs } from './runs.ts';
import { measureBackends } from './speed.ts';
import { sweepHandlers } from './sweeps.ts';
import { watchRun } from './watch.ts';

export interface ServiceOptions {
  readonly host: Host;
  /** The store of `storeLocation()` unless given. */
  readonly store?: Store;
  readonly pool?: Pool;
  /** Files on their way to datasets; its own unless given. */
  readonly uploads?: Uploads;
  readonly experimentById?: (id: string) => Experiment;
  /** What draws and encodes a film; a thread of the built entry unless given. */
  readonly openFilmThread?: () => FilmThread;
  /** The built entry of the thread that reads trainings of others, unless it lies where it usually does. */
  readonly importReader?: string;
}

export interface Service {
  readonly handlers: Handlers<Contract>;
  readonly runs: Runs;
  readonly sweeps: Sweeps;
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
  const engine = await requireBackend(defaultBackend);
  const store = options.store ?? Store.open(storeLocation());
  const pool = options.pool ?? new Pool();
  const experimentById = options.experimentById ?? registered;
  const memory = (): number => bytesPerRun(pool.size, store.settings());
  // What cannot be read of the environment is told now, not when the first run starts.
  memory();
  const runs = new Runs({ store, pool, experimentById, bytesPerRun: memory });
  const sweeps = new Sweeps({ runs, pool, experimentById, bytesPerRun: memory });
  const measures = new Measures(runs, pool);
  const uploads = options.uploads ?? new Uploads();
  const received = new ReceivedFiles();
  const importFiles = new ImportFiles();
  const { closeImports, ...imports } = importHandlers({
    store,
    files: importFiles,
    host: options.host,
    changed: (run) => runs.appeared(run),
    script: options.importReader,
  });
  // A window will want to train soon; a command may not.
  if (options.host !== 'cli') pool.warm();

  const handlers: Handlers<Contract> = {
    'app.info': () => describeService(options.host, store, engine.build, pool.size),
    'engine.backends': async () => ({ backends: await listBackends(), chosen: chosenBackend(store), bytesPerRun: memory() }),
    'bench.latest': () => latestBench(store.root),
    'engine.measure': (input, { signal }) => measureBackends({ pool, experimentById }, input, signal),
    'settings.read': () => store.settings(),
    'settings.write': async (changes) => {
      await store.saveSettings({ ...store.settings(), ...changes });
      return {};
    },

    'runs.list': (query) => runs.list(query),
    'runs.get': ({ run }) => ({ record: runs.record(run), recording: runs.recording(run) }),
    'runs.start': async (start) => ({ run: await runs.start({ ...start, backend: start.backend ?? chosenBackend(store) }) }),
    'runs.fork': async ({ run, step, ...changes }, { signal }) => ({ run: await runs.fork(run, step, changes, signal) }),
    'runs.pause': done(({ run }) => runs.pause(run)),
    'runs.resume': done(({ run }) => runs.resume(run)),
    'runs.step': done(({ run, count }) => runs.step(run, count)),
    'runs.stop': done(({ run }) => runs.stop(run)),
    'runs.rename': done(({ run, name }) => runs.rename(run, name)),
    'runs.delete': done(({ run }) => runs.delete(run)),
    'runs.restore': done(({ run }) => runs.restore(run)),
    'runs.trash': () => store.trash(),
    'runs.emptyTrash': () => ({ deleted: store.emptyTrash() }),
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
    'claims.cost': ({ experiment, ...options }, { signal }) =>
      claimsCost({ runs, pool, experiment: experimentById(experiment) }, options, signal),
    'claims.check': ({ experiment, ...options }, { signal }) =>
      checkClaims({ runs, pool, experiment: experimentById(experiment), now: Date.now }, options, signal),

    'export.figure': exportFigureHandler(runs, measures, experimentById),
    'export.page': exportPageHandler(runs, measures, experimentById),
    'export.filmFrame': exportFilmFrameHandler(runs, measures, experimentById),
    'export.film': exportFilmHandler(runs, measures, experimentById, options.openFilmThread),
    'export.curves': exportCurvesHandler(runs, experimentById),
    'export.picture': exportPictureHandler(runs, experimentById),

    ...archiveHandlers({ store, runs, sweeps, received }),
    ...sweepHandlers(sweeps, runs),
    ...datasetHandlers(store, uploads),
    ...imports,
  };

  return {
    handlers,
    runs,
    sweeps,
    store,
    pool,
    close: async () => {
      uploads.close();
      received.close();
      closeImports();
      await importFiles.close();
      await sweeps.close();
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

/** The backend whose bits are the same everywhere. */
const defaultBackend: BackendName = 'wasm';

/** What trains new runs unless they say otherwise: the choice of Settings. */
const chosenBackend = (store: Store): BackendName => Backend.catch(defaultBackend).parse(store.settings().backend);
