import { expect, it, vi } from 'vitest';
import { RecordedService } from '#renderer/testing/recorded-service.ts';
import { sweepOf } from '#renderer/testing/sweeps.ts';
import { Sweeps } from './sweeps.svelte.ts';
import { Toasts } from './toasts.svelte.ts';

it('lists sweeps newest first and follows what changes', async () => {
  const older = sweepOf({ id: 'sweep-000001', created: '2026-01-01T00:00:00.000Z' });
  const newer = sweepOf({ id: 'sweep-000002', created: '2026-01-02T00:00:00.000Z' });
  const service = new RecordedService({ 'sweeps.list': () => ({ sweeps: [older, newer] }) });
  const sweeps = new Sweeps(service, new Toasts());
  const leaving = new AbortController();
  void sweeps.follow(leaving.signal);
  await vi.waitFor(() => expect(sweeps.list.map(({ id }) => id)).toEqual(['sweep-000002', 'sweep-000001']));
  const channel = service.channels.get('sweeps.changes')!;
  channel.push({ kind: 'changed', sweep: older.id, record: { ...older, done: 5 } });
  await vi.waitFor(() => expect(sweeps.byId(older.id)?.done).toBe(5));
  const newest = sweepOf({ id: 'sweep-000003', created: '2026-01-03T00:00:00.000Z' });
  channel.push({ kind: 'changed', sweep: newest.id, record: newest });
  channel.push({ kind: 'removed', sweep: newer.id, record: null });
  await vi.waitFor(() => expect(sweeps.list.map(({ id }) => id)).toEqual(['sweep-000003', 'sweep-000001']));
  leaving.abort();
});

it('offers to bring a deleted sweep back', async () => {
  const service = new RecordedService({ 'sweeps.delete': () => ({}), 'sweeps.restore': () => ({}) });
  const toasts = new Toasts();
  const sweeps = new Sweeps(service, toasts);
  expect(await sweeps.remove(sweepOf())).toBe(true);
  toasts.shown[0]!.action!.perform();
  expect(service.inputsOf('sweeps.restore')).toEqual([{ sweep: 'sweep-000001' }]);
});

it('says why something could not be done', async () => {
  const toasts = new Toasts();
  await new Sweeps(new RecordedService(), toasts).ask('sweeps.pause', 'sweep-000001');
  expect(toasts.shown[0]).toMatchObject({ tone: 'bad', text: 'The test has no answer to sweeps.pause.' });
});
