import { describe, expect, it, vi } from 'vitest';
import { experimentById } from '#app/experiments/registry.ts';
import { parseParameters } from '#app/experiments/parameters.ts';
import type { Json } from '#app/sweeps/axes.ts';
import { landscapeDefinition } from '#app/landscape/definition.ts';
import type { SweepRecord, TrialResult } from '#app/protocol/sweep.ts';
import { RecordedService } from '#renderer/testing/recorded-service.ts';
import { sweepOf, sweepUpdateOf } from '#renderer/testing/sweeps.ts';
import { fittingSweeps, RunLandscape } from './landscape.svelte.ts';

const experiment = experimentById('omnigrok');
const parameters = parseParameters(experiment, 'teacher-student', {});
const of = (changes: Record<string, Json>, part: Partial<SweepRecord> = {}): SweepRecord =>
  sweepOf({ definition: landscapeDefinition(experiment, { ...parameters, ...changes }), planned: 27, ...part });

const trial = (point: number, seed: number, norm: number, test: number): TrialResult => ({
  point,
  seed,
  state: 'finished',
  outcomes: { finalNorm: norm, finalTrainLoss: 1e-4, finalTestLoss: test, bestTrainError: 0, bestTestError: test },
  step: 2000,
  message: null,
  seconds: 1,
  worker: 'core 1',
  attempt: 1,
  run: null,
});

describe('sweeps under a run', () => {
  it('are those of its network and data, however it is trained itself; the most complete first', () => {
    const sweeps = [
      of({ hiddenWidths: [50] }, { id: 'sweep-000001' }),
      of({}, { id: 'sweep-000002', done: 3 }),
      of({ weightDecay: 3, steps: 10, initialScale: 7 }, { id: 'sweep-000003', done: 27 }),
      of({ trainingSamples: 60 }, { id: 'sweep-000004' }),
      sweepOf(),
    ];
    expect(fittingSweeps(experiment, sweeps, parameters).map(({ record }) => record.id)).toEqual(['sweep-000003', 'sweep-000002']);
  });

  it('name the values of further axes at which the run lies', () => {
    const across = { kind: 'list' as const, parameter: 'trainingSamples', values: [50, 100] };
    const sweep = sweepOf({ definition: landscapeDefinition(experiment, parameters, { across }) });
    expect(fittingSweeps(experiment, [sweep], parameters)[0]?.at).toEqual({ trainingSamples: 100 });
    expect(fittingSweeps(experiment, [sweep], { ...parameters, trainingSamples: 60 })).toEqual([]);
  });
});

describe('the landscape that is shown', () => {
  it('grows with the results of its sweep and knows w_c once there is a minimum', async () => {
    const record = of({}, { id: 'sweep-000002' });
    const service = new RecordedService({ 'sweeps.get': () => record });
    const landscape = new RunLandscape(service, experiment);
    expect(landscape.landscape()).toBeNull();
    await landscape.show({ record, at: {} });
    expect(landscape.landscape()?.points).toEqual([]);
    const results = [1, 3, 10, 30].map((norm, point) => trial(2 * point, 0, norm, [1, 0.1, 0.01, 1][point]!));
    landscape.sweep!.take(sweepUpdateOf(results, { record }));
    expect(landscape.landscape()?.points).toHaveLength(4);
    const critical = landscape.criticalNorm!;
    expect(critical).toBeGreaterThan(3);
    expect(critical).toBeLessThan(30);
    landscape.curve = 'error';
    expect(landscape.landscape()?.curve.id).toBe('error');
    landscape.leave();
    expect(landscape.sweep).toBeNull();
  });

  it('says why a sweep cannot be opened, and drops answers that come too late', async () => {
    const record = of({}, { id: 'sweep-000002' });
    const other = of({}, { id: 'sweep-000003' });
    let answer = (_: SweepRecord) => {};
    const service = new RecordedService({
      'sweeps.get': ({ sweep }) => (sweep === other.id ? other : new Promise<SweepRecord>((resolve) => (answer = resolve))),
    });
    const landscape = new RunLandscape(service, experiment);
    const slow = landscape.show({ record, at: {} });
    await vi.waitFor(() => expect(service.inputsOf('sweeps.get')).toHaveLength(1));
    await landscape.show({ record: other, at: {} });
    answer(record);
    await slow;
    expect(landscape.sweep?.id).toBe(other.id);
    service.answers['sweeps.get'] = () => Promise.reject(new Error('The folder is damaged.'));
    await landscape.show({ record, at: {} });
    expect(landscape.trouble).toBe('The folder is damaged.');
    landscape.leave();
  });
});
