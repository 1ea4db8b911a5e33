import { expect, it, vi } from 'vitest';
import { recordOf, RecordedService } from '#renderer/testing/recorded-service.ts';
import { Runs, searchRuns } from './runs.svelte.ts';

const made = (id: string, created: string, name = id) =>
  recordOf({ id, name, status: 'finished', provenance: { ...recordOf().provenance, created } });

it('lists runs newest first and follows changes', async () => {
  const older = made('run-aaaaaa', '2026-01-01T00:00:00.000Z');
  const newer = made('run-bbbbbb', '2026-01-02T00:00:00.000Z');
  const service = new RecordedService({ 'runs.list': () => ({ runs: [older, newer], total: 2 }) });
  const runs = new Runs(service);
  const leaving = new AbortController();
  void runs.follow(leaving.signal);
  await vi.waitFor(() => expect(runs.list.map(({ id }) => id)).toEqual(['run-bbbbbb', 'run-aaaaaa']));
  const changes = service.channels.get('runs.changes')!;
  changes.push({ kind: 'changed', run: 'run-aaaaaa', record: { ...older, name: 'renamed' } });
  await vi.waitFor(() => expect(runs.byId('run-aaaaaa')?.name).toBe('renamed'));
  changes.push({ kind: 'changed', run: 'run-cccccc', record: made('run-cccccc', '2026-01-03T00:00:00.000Z') });
  changes.push({ kind: 'removed', run: 'run-bbbbbb', record: null });
  await vi.waitFor(() => expect(runs.list.map(({ id }) => id)).toEqual(['run-cccccc', 'run-aaaaaa']));
  expect(runs.total).toBe(2);
  leaving.abort();
});

it('searches every word in name, id, experiment, preset and status', () => {
  const runs = [
    recordOf({ id: 'run-aaaaaa', name: 'High decay' }),
    recordOf({ id: 'run-bbbbbb', name: 'plain', status: 'diverged', preset: null }),
  ];
  expect(searchRuns(runs, '').length).toBe(2);
  expect(searchRuns(runs, 'DECAY fast').map(({ id }) => id)).toEqual(['run-aaaaaa']);
  expect(searchRuns(runs, 'diverged').map(({ id }) => id)).toEqual(['run-bbbbbb']);
  expect(searchRuns(runs, 'decay diverged')).toEqual([]);
});
