/** Answers the part of the contract that is about sweeps. */
import type { sweepCalls } from '#app/protocol/sweep-calls.ts';
import type { SweepUpdate } from '#app/protocol/sweep.ts';
import type { Handlers } from '#app/protocol/define.ts';
import { exportMap } from '#main/export/map.ts';
import type { Runs } from './runs.ts';
import type { Sweeps } from '#main/sweeps/sweeps.ts';
import { watchSweepChanges } from './changes.ts';
import { pause } from './pause.ts';

/** Results of one message, so that no message holds up the others. */
const resultsPerMessage = 2000;
/** A screen draws no more often. */
const updateMilliseconds = 33;

export function sweepHandlers(sweeps: Sweeps, runs: Pick<Runs, 'record' | 'recorded'>): Handlers<typeof sweepCalls> {
  return {
    'sweeps.places': async ({ redis }) => ({ places: await sweeps.places(redis) }),
    'sweeps.list': () => ({ sweeps: sweeps.list() }),
    'sweeps.get': ({ sweep }) => sweeps.record(sweep),
    'sweeps.results': ({ sweep }) => ({ results: sweeps.results(sweep) }),
    'sweeps.estimate': ({ definition, measure }, { signal }) => sweeps.estimate(definition, measure, signal),
    'sweeps.start': async ({ definition, place }, { signal }) => ({ sweep: await sweeps.start(definition, place, signal) }),
    'sweeps.pause': async ({ sweep }) => nothing(await sweeps.pause(sweep)),
    'sweeps.resume': async ({ sweep }) => nothing(await sweeps.resume(sweep)),
    'sweeps.retry': async ({ sweep }) => nothing(await sweeps.retry(sweep)),
    'sweeps.addSeeds': async ({ sweep, count }) => nothing(await sweeps.addSeeds(sweep, count)),
    'sweeps.refine': async ({ sweep, region }) => ({ added: await sweeps.refine(sweep, region) }),
    'sweeps.rename': async ({ sweep, name }) => nothing(await sweeps.rename(sweep, name)),
    'sweeps.delete': async ({ sweep }) => nothing(await sweeps.delete(sweep)),
    'sweeps.restore': ({ sweep }) => nothing(sweeps.restore(sweep)),
    'sweeps.openTrial': async ({ sweep, trial }) => ({ run: await sweeps.openTrial(sweep, trial) }),
    'sweeps.watch': ({ sweep }, { signal }) => watchSweep(sweeps, sweep, signal),
    'sweeps.changes': (_input, { signal }) => watchSweepChanges(sweeps, signal),
    'export.map': ({ sweep: id, over, outcome, x, y, seed, smoothed, at, overlay, ...drawing }) => {
      const { record, results, experiment } = sweeps.sweep(id);
      const way = over && { run: runs.recorded(over.run), record: runs.record(over.run), step: over.step };
      return exportMap({
        record,
        results: [...results.values()],
        experiment,
        over: way,
        outcome,
        x,
        y,
        seed,
        smoothed,
        at,
        overlay,
        drawing,
      });
    },
  };
}

const nothing = (_done: void): Record<string, never> => ({});

/**
 * Follows a sweep: each update covers everything since the one before, a long past comes in several. Goes on through pause, end
 * and resume; ends when the sweep is deleted or the client leaves.
 */
async function* watchSweep(sweeps: Sweeps, id: string, signal: AbortSignal): AsyncGenerator<SweepUpdate> {
  const release = sweeps.watch(id);
  let [told, epoch] = [0, 0];
  try {
    while (!signal.aborted && sweeps.has(id)) {
      const version = sweeps.notifier.version(id);
      const sweep = sweeps.sweep(id);
      if (sweep.epoch !== epoch) [told, epoch] = [0, sweep.epoch];
      const results = sweep.log.slice(told, told + resultsPerMessage);
      told += results.length;
      yield {
        record: sweep.record,
        results,
        training: [...sweep.training],
        workers: [...sweep.workers],
        secondsLeft: sweep.secondsLeft,
      };
      if (told < sweep.log.length) continue;
      await pause(updateMilliseconds, signal);
      await sweeps.notifier.changed(id, version, signal);
    }
  } finally {
    release();
  }
}
