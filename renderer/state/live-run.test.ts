import { expect, it, vi } from 'vitest';
import { LotkaError } from '#app/protocol/errors.ts';
import { openedOf, recordOf, RecordedService, updateOf } from '#renderer/testing/recorded-service.ts';
import { LiveRun } from './live-run.svelte.ts';

const embedding = (step: number) => ({ step, shape: [2, 2], values: new Float32Array([step, step, step, step]) });

it('appends rows outside the record and counts arrivals', () => {
  const run = new LiveRun(new RecordedService(), openedOf());
  run.take(updateOf(0, 3));
  run.take(updateOf(3, 10));
  expect(run.steps).toBe(9);
  expect(run.version).toBe(2);
  expect([...run.series('loss').values]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect([...run.series('signals').values.slice(-2)]).toEqual([9, -9]);
  expect(() => run.series('unknown')).toThrow('unknown');
});

it('forgets what a resumed run records again', () => {
  const run = new LiveRun(new RecordedService(), openedOf());
  run.take(updateOf(0, 10, { frames: { embedding: embedding(8) }, frameSteps: { embedding: [0, 4, 8] } }));
  run.take(updateOf(5, 7));
  expect(run.steps).toBe(6);
  expect(run.frameSteps('embedding')).toEqual([0, 4]);
});

it('shows the nearest frame it has and fetches the right one once', async () => {
  const service = new RecordedService({ 'runs.frame': ({ step }) => embedding(step) });
  const run = new LiveRun(service, openedOf());
  run.take(updateOf(0, 21, { frames: { embedding: embedding(20) }, frameSteps: { embedding: [0, 10, 20] } }));
  expect(run.shownStep('embedding', 20)).toBe(20);
  expect(run.shownStep('embedding', 12)).toBe(20);
  expect(run.frame('embedding', 12).step).toBe(20);
  await vi.waitFor(() => expect(run.shownStep('embedding', 12)).toBe(10));
  expect([...run.frame('embedding', 12).values]).toEqual([10, 10, 10, 10]);
  expect(service.inputsOf('runs.frame')).toEqual([{ run: 'run-000001', name: 'embedding', step: 10 }]);
});

it('watches from the rows it has after the wire was lost, and again when an interrupted run moves', async () => {
  const service = new RecordedService();
  const run = new LiveRun(service, openedOf());
  run.watch();
  await vi.waitFor(() => expect(service.channels.get('runs.watch')).toBeDefined());
  const first = service.channels.get('runs.watch')!;
  first.push(updateOf(0, 5));
  await vi.waitFor(() => expect(run.rows).toBe(5));
  first.end(new LotkaError('closed', 'lost'));
  await vi.waitFor(() => expect(service.channels.get('runs.watch')).not.toBe(first));
  const second = service.channels.get('runs.watch')!;
  expect(second.input).toEqual({ run: 'run-000001', fromRow: 5 });
  second.push(updateOf(5, 6, { record: recordOf({ status: 'interrupted', step: 6 }) }));
  await vi.waitFor(() => expect(run.record.status).toBe('interrupted'));
  second.end();
  await vi.waitFor(() => expect(run.loaded).toBe(true));
  await new Promise((resolve) => setTimeout(resolve, 300));
  run.notice(recordOf({ status: 'running', step: 6 }));
  await vi.waitFor(() => expect(service.channels.get('runs.watch')).not.toBe(second));
  run.leave();
});

it('says why it cannot be read', async () => {
  const service = new RecordedService();
  const run = new LiveRun(service, openedOf());
  run.watch();
  await vi.waitFor(() => expect(service.channels.get('runs.watch')).toBeDefined());
  service.channels.get('runs.watch')!.end(new LotkaError('store-corrupt', 'The run folder is damaged.'));
  await vi.waitFor(() => expect(run.trouble).toBe('The run folder is damaged.'));
});
