import { expect, it, vi } from 'vitest';
import { LotkaError } from '#app/protocol/errors.ts';
import { openedOf, recordOf, RecordedService, updateOf } from '#renderer/testing/recorded-service.ts';
import { Comparison } from './comparison.svelte.ts';

const steps: Readonly<Record<string, number>> = { 'run-000001': 100, 'run-000002': 40 };

function comparing(gone: ReadonlySet<string> = new Set()) {
  const service = new RecordedService({
    'runs.get': ({ run }) => {
      if (gone.has(run)) throw new LotkaError('not-found', `There is no run ${run}.`);
      return openedOf({ id: run, name: run, status: 'finished', steps: steps[run] ?? 10 });
    },
  });
  return { service, comparison: new Comparison(service) };
}

const opened = (comparison: Comparison) =>
  vi.waitFor(() => expect(comparison.columns.every(({ run, trouble }) => run !== null || trouble !== null)).toBe(true));

it('shows all runs at one step, those that ended before at their last', async () => {
  const { comparison } = comparing();
  comparison.show(['run-000001', 'run-000002']);
  await opened(comparison);
  const [long, short] = comparison.columns.map(({ run }) => run!);
  long!.take(updateOf(0, 101, { record: recordOf({ id: 'run-000001', status: 'finished', steps: 100 }) }));
  short!.take(updateOf(0, 41, { record: recordOf({ id: 'run-000002', status: 'finished', steps: 40 }) }));
  expect([comparison.cursor.step, comparison.cursor.total]).toEqual([100, 100]);
  expect(comparison.stepOf(short!)).toBe(40);
  comparison.cursor.scrub(30);
  expect([comparison.stepOf(long!), comparison.stepOf(short!)]).toEqual([30, 30]);
});

it('shows all runs as they reach one event, and again at one step', async () => {
  const { comparison } = comparing();
  comparison.show(['run-000001', 'run-000002']);
  await opened(comparison);
  const [long, short] = comparison.columns.map(({ run }) => run!);
  const reached = (step: number) => [{ id: 'groks', label: 'groks', step, rule: '' }];
  long!.take(updateOf(0, 101, { record: recordOf({ id: 'run-000001', status: 'finished', steps: 100 }), milestones: reached(70) }));
  short!.take(updateOf(0, 11, { record: recordOf({ id: 'run-000002', status: 'running', steps: 40 }) }));
  expect(comparison.events).toEqual([]);
  short!.take(updateOf(0, 41, { record: recordOf({ id: 'run-000002', status: 'finished', steps: 40 }), milestones: reached(20) }));
  expect(comparison.events.map(({ id }) => id)).toEqual(['groks']);
  comparison.wantedEvent = 'groks';
  expect(comparison.cursor.total).toBe(100);
  comparison.cursor.scrub(70);
  expect([comparison.stepOf(long!), comparison.stepOf(short!)]).toEqual([70, 20]);
  comparison.cursor.scrub(30);
  expect([comparison.stepOf(long!), comparison.stepOf(short!), comparison.ownStep(short!)]).toEqual([30, 0, -20]);
  comparison.wantedEvent = null;
  expect(comparison.stepOf(short!)).toBe(30);
});

it('keeps runs open and their colours when others come, go or change places', async () => {
  const { service, comparison } = comparing();
  comparison.show(['run-000001', 'run-000002']);
  await opened(comparison);
  const [first, second] = comparison.columns;
  comparison.show(['run-000002', 'run-000003']);
  await opened(comparison);
  expect(comparison.columns[0]).toBe(second);
  expect(comparison.columns.map(({ slot }) => slot)).toEqual([1, 0]);
  expect(first!.run).toBeNull();
  comparison.show(['run-000003', 'run-000002']);
  expect(comparison.columns.map(({ slot }) => slot)).toEqual([0, 1]);
  expect(service.inputsOf('runs.get')).toEqual([{ run: 'run-000001' }, { run: 'run-000002' }, { run: 'run-000003' }]);
});

it('tells in its own column why a run is not there, and shows it when it comes back', async () => {
  const gone = new Set(['run-000002']);
  const { comparison } = comparing(gone);
  comparison.show(['run-000001', 'run-000002']);
  await opened(comparison);
  expect(comparison.columns.map(({ trouble }) => trouble)).toEqual([null, 'This run is not in the store; it may have been deleted.']);
  gone.clear();
  comparison.notice(recordOf({ id: 'run-000002' }));
  await opened(comparison);
  expect(comparison.columns[1]!.trouble).toBeNull();

  comparison.forget('run-000001');
  expect([comparison.columns[0]!.run, comparison.columns[0]!.trouble]).toEqual([null, 'This run was deleted.']);
});
