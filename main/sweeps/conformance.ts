/** What every sweep backend must do, as tests: called in the test file of each, with what starts it. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { noDatasets } from '#app/datasets/dataset.ts';
import type { Parameters } from '#app/experiments/experiment.ts';
import { experimentById } from '#app/experiments/registry.ts';
import type { TrialResult } from '#app/protocol/sweep.ts';
import { MemoryRun } from '#app/runs/memory-run.ts';
import { finiteOutcomes, lastStep } from '#app/runs/record.ts';
import { openSession } from '#app/runs/session.ts';
import { Trainer } from '#app/runs/trainer.ts';
import { trialName } from '#app/sweeps/trials.ts';
import { packageVersion } from '#main/paths.ts';
import { small } from '#main/testing/small.ts';
import { openBackend } from '#main/workers/backends.ts';
import type { SweepBackend, SweepEvent, SweepWork, Trial } from './backend.ts';

/** A backend with the workers it has, as tests open it. */
export interface OpenedBackend {
  readonly backend: SweepBackend;
  /** Ends one of its workers as kill -9 does, at any moment while it trains; somebody takes its place. */
  /** Ends a worker by force. @returns false if none was training any more */
  killWorker(): Promise<boolean> | boolean;
  close(): Promise<void>;
}

export interface ConformanceOptions {
  /** How long it may take after an abort until nothing trains any more; 2 seconds unless told. */
  readonly abortMilliseconds?: number;
  /** Factor by which trials are longer in tests that catch it in the middle; 1 unless told. */
  readonly longer?: number;
  /** For one test; 60 seconds unless told. */
  readonly timeout?: number;
}

/** The part of a result that is the same whoever trained it. */
type Bits = Pick<TrialResult, 'point' | 'seed' | 'state' | 'outcomes' | 'step' | 'message'>;
const bits = ({ point, seed, state, outcomes, step, message }: TrialResult): Bits => ({ point, seed, state, outcomes, step, message });

const survival = experimentById('survival');

const trial = (point: number, seed: number, changes: Parameters = {}): Trial => ({
  point,
  seed,
  parameters: { ...small({ steps: 40 + 10 * point, embeddingSeed: seed, mlpSeed: 100 * seed + point }), ...changes },
});

const grid = (points: number, seeds: number, changes: Parameters = {}): Trial[] =>
  Array.from({ length: points * seeds }, (_, i) => trial(Math.floor(i / seeds), i % seeds, changes));

/** Trains one trial in this thread, with nothing in between. */
async function alone({ point, seed, parameters }: Trial): Promise<Bits> {
  const training = survival.build(parameters, noDatasets);
  const session = openSession(training, await openBackend('wasm'));
  const trainer = new Trainer(training, session, parameters);
  while (trainer.state === 'training') trainer.advance();
  const batch = trainer.take();
  session.dispose();
  const run = new MemoryRun({ id: 'alone', experiment: survival.id, parameters }, training);
  run.append(batch);
  const state = batch.state === 'diverged' ? 'diverged' : 'finished';
  return { point, seed, state, outcomes: finiteOutcomes(survival.outcomesOf(run)), step: lastStep(batch.count), message: batch.message };
}

/** The tests that a `SweepBackend` has to pass. @param open starts a backend of its own for each test */
export function sweepBackendConformance(name: string, open: () => Promise<OpenedBackend>, options: ConformanceOptions = {}): void {
  const { abortMilliseconds = 2000, longer = 1, timeout = 60_000 } = options;

  describe(`${name} as a sweep backend`, () => {
    let build: string;
    let sweeps = 0;
    const opened: OpenedBackend[] = [];
    beforeAll(async () => {
      build = (await openBackend('wasm')).build;
    });
    afterEach(async () => {
      for (const { backend, close } of opened.splice(0)) {
        await backend.close();
        await close();
      }
    });

    const begin = async (): Promise<OpenedBackend> => {
      const made = await open();
      opened.push(made);
      await made.backend.check();
      return made;
    };

    const workOf = (trials: readonly Trial[], sweep = `survival-conformance-${sweeps++}`): SweepWork => ({
      sweep,
      experiment: 'survival',
      backend: 'wasm',
      engine: build,
      lotka: packageVersion(),
      keep: 'outcomes',
      trials,
      secondsPerTrial: null,
    });

    /** Runs work and collects what is told, the same trial only with the same bits. */
    async function collect(
      backend: SweepBackend,
      work: SweepWork,
      signal: AbortSignal = new AbortController().signal,
      onEvent: (event: SweepEvent, found: ReadonlyMap<string, TrialResult>) => Promise<void> | void = () => undefined,
    ): Promise<Map<string, TrialResult>> {
      const wanted = new Set(work.trials.map(trialName));
      const found = new Map<string, TrialResult>();
      await backend.run(work, signal, async (event) => {
        if (event.kind === 'results') {
          for (const result of event.results) {
            const trialOf = trialName(result);
            expect(wanted.has(trialOf)).toBe(true);
            const known = found.get(trialOf);
            if (known) expect(bits(result)).toEqual(bits(known));
            else found.set(trialOf, result);
          }
        }
        await onEvent(event, found);
      });
      return found;
    }

    const expectBits = async (found: ReadonlyMap<string, TrialResult>, trials: readonly Trial[]): Promise<void> => {
      expect(found.size).toBe(trials.length);
      for (const one of trials) expect(bits(found.get(trialName(one))!)).toEqual(await alone(one));
    };

    it(
      'trains every trial, to the bits it has alone, and says who did it',
      async () => {
        const { backend } = await begin();
        const trials = grid(6, 3);
        const workers = new Set<string>();
        const found = await collect(backend, workOf(trials), undefined, (event) => {
          if (event.kind === 'workers') for (const worker of event.workers) workers.add(worker.name);
        });
        await expectBits(found, trials);
        for (const { seconds, attempt, worker, run } of found.values()) {
          expect(seconds).toBeGreaterThan(0);
          expect(attempt).toBeGreaterThanOrEqual(1);
          expect(workers).toContain(worker);
          expect(run).toBeNull();
          expect(new Set([...found.values()].map((result) => JSON.stringify(result.outcomes))).size).toBeGreaterThan(1);
        }
      },
      timeout,
    );

    it(
      'tells a trial that diverges as a result, and one that cannot be trained as failed, and goes on with the others',
      async () => {
        const { backend } = await begin();
        const diverging = trial(1, 0, { learningRate: 10, weightDecay: 10, precision: 'f32', steps: 2000 });
        const impossible = trial(2, 0, { modulus: 4 });
        const others = [trial(0, 0), trial(3, 0), trial(4, 0)];
        const found = await collect(backend, workOf([others[0]!, diverging, impossible, ...others.slice(1)]));
        expect(found.size).toBe(5);
        expect(found.get(trialName(diverging))).toMatchObject({
          state: 'diverged',
          message: expect.stringMatching(/^Training diverged at step \d+/) as string,
        });
        expect(bits(found.get(trialName(diverging))!)).toEqual(await alone(diverging));
        expect(found.get(trialName(impossible))).toMatchObject({
          state: 'failed',
          outcomes: {},
          message: expect.stringMatching(/^modulus = 4 cannot be used/) as string,
        });
        for (const one of others) expect(bits(found.get(trialName(one))!)).toEqual(await alone(one));
      },
      timeout,
    );

    it(
      'has nothing to do with no trials, and does nothing once it was told to stop',
      async () => {
        const { backend } = await begin();
        expect((await collect(backend, workOf([]))).size).toBe(0);
        const controller = new AbortController();
        controller.abort();
        expect((await collect(backend, workOf(grid(2, 1)), controller.signal)).size).toBe(0);
      },
      timeout,
    );

    it(
      'stops soon after an abort without an error, tells nothing afterwards, and trains the rest when called again',
      async () => {
        const { backend } = await begin();
        const trials = grid(12, 1, { steps: Math.round(3000 * longer) });
        const work = workOf(trials);
        const controller = new AbortController();
        let aborted = 0;
        let over = false;
        const first = await collect(backend, work, controller.signal, (event, found) => {
          expect(over).toBe(false);
          if (event.kind !== 'results' || found.size === 0 || aborted > 0) return;
          aborted = performance.now();
          controller.abort();
        });
        over = true;
        expect(performance.now() - aborted).toBeLessThan(abortMilliseconds);
        expect(first.size).toBeGreaterThan(0);
        expect(first.size).toBeLessThan(trials.length);
        const rest = trials.filter((one) => !first.has(trialName(one)));
        const second = await collect(backend, { ...work, trials: rest });
        expect(second.size).toBe(rest.length);
        await expectBits(new Map([...first, ...second]), trials);
      },
      timeout,
    );

    it(
      'finishes the same map when a worker is killed in the middle',
      async () => {
        const opening = await begin();
        const trials = grid(10, 1, { steps: Math.round(3000 * longer) });
        let [attempts, killed] = [0, 0];
        const found = await collect(opening.backend, workOf(trials), undefined, async (event) => {
          if (event.kind !== 'results' || attempts === 2) return;
          attempts += 1;
          if (await opening.killWorker()) killed += 1;
        });
        // On a busy machine the last results may be heard of when all have ended: then there is nobody left to kill a second time.
        expect(killed).toBeGreaterThan(0);
        await expectBits(found, trials);
      },
      timeout,
    );

    it(
      'waits for a slow listener instead of piling up results, and loses none',
      async () => {
        const { backend } = await begin();
        const trials = grid(30, 2);
        let unsettled = 0;
        let most = 0;
        let first = true;
        const found = await collect(backend, workOf(trials), undefined, async (event) => {
          if (event.kind !== 'results') return;
          most = Math.max(most, ++unsettled);
          await new Promise((resolve) => setTimeout(resolve, first ? 1500 : 5));
          first = false;
          unsettled--;
        });
        expect(most).toBeLessThanOrEqual(4);
        expect(unsettled).toBe(0);
        await expectBits(found, trials);
      },
      timeout,
    );

    it(
      'ends with the reason when its listener fails, and can be used again',
      async () => {
        const { backend } = await begin();
        const trials = grid(6, 1);
        const work = workOf(trials);
        await expect(
          backend.run(work, new AbortController().signal, (event) =>
            event.kind === 'results' ? Promise.reject(new Error('the disk is full')) : Promise.resolve(),
          ),
        ).rejects.toThrow('the disk is full');
        await expectBits(await collect(backend, work), trials);
      },
      timeout,
    );
  });
}
