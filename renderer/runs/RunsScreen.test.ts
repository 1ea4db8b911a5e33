import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import type { Component } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { Workbench } from '#renderer/state/workbench.svelte.ts';
import { recordOf, RecordedService } from '#renderer/testing/recorded-service.ts';
import WithTooltips from '#renderer/testing/WithTooltips.svelte';
import RunsScreen from './RunsScreen.svelte';

afterEach(cleanup);

const records = ['first', 'second', 'third'].map((name, index) =>
  recordOf({ id: `run-00000${3 - index}`, name, status: 'finished', headline: { testAccuracy: 0.9981, survivors: [4, 5] } }),
);

async function show(runs = records) {
  const service = new RecordedService({
    'runs.list': () => ({ runs, total: runs.length }),
    'runs.delete': () => ({}),
    'runs.restore': () => ({}),
    'runs.rename': () => ({}),
  });
  const workbench = new Workbench(service);
  workbench.router.go({ screen: 'runs' });
  await workbench.runs.reload();
  render(WithTooltips, { shown: RunsScreen as Component<Record<string, unknown>>, given: { workbench } });
  return { service, workbench };
}

it('shows status and headline numbers', async () => {
  await show();
  const [row] = screen.getAllByRole('row');
  expect(row?.textContent).toMatch(/finished.*first.*test accuracy.*0\.998.*survivors.*4, 5/s);
});

it('searches, and says when nothing matches', async () => {
  await show();
  const search = screen.getByRole('searchbox', { name: 'Search runs' });
  await fireEvent.input(search, { target: { value: 'second' } });
  expect(screen.getAllByRole('row').length).toBe(1);
  await fireEvent.input(search, { target: { value: 'nothing like it' } });
  expect(screen.getByText('No run matches “nothing like it”.')).toBeDefined();
});

it('moves by arrows and opens with Enter', async () => {
  const { workbench } = await show();
  const list = screen.getByRole('grid', { name: 'Runs' });
  await fireEvent.keyDown(list, { key: 'ArrowDown' });
  await fireEvent.keyDown(list, { key: 'ArrowDown' });
  await waitFor(() => expect(document.activeElement?.getAttribute('data-run')).toBe('run-000002'));
  await fireEvent.keyDown(list, { key: 'Enter' });
  expect(workbench.router.current).toEqual({ screen: 'run', run: 'run-000002' });
});

it('renames in place and gives up with Escape', async () => {
  const { service, workbench } = await show();
  workbench.renaming = 'run-000003';
  const name = await screen.findByRole<HTMLInputElement>('textbox', { name: 'New name' });
  expect(name.value).toBe('first');
  await fireEvent.input(name, { target: { value: 'a better name' } });
  await fireEvent.keyDown(name, { key: 'Enter' });
  await vi.waitFor(() => expect(service.inputsOf('runs.rename')).toEqual([{ run: 'run-000003', name: 'a better name' }]));
  workbench.renaming = 'run-000003';
  await fireEvent.keyDown(await screen.findByRole('textbox', { name: 'New name' }), { key: 'Escape' });
  expect(service.inputsOf('runs.rename').length).toBe(1);
});

it('deletes with undo', async () => {
  const { service, workbench } = await show();
  await fireEvent.click(screen.getByRole('button', { name: 'Delete second' }));
  await vi.waitFor(() => expect(service.inputsOf('runs.delete')).toEqual([{ run: 'run-000002' }]));
  workbench.toasts.shown[0]?.action?.perform();
  expect(service.inputsOf('runs.restore')).toEqual([{ run: 'run-000002' }]);
});

it('keeps the keyboard in its place when a row goes away', async () => {
  const { workbench } = await show();
  const list = screen.getByRole('grid', { name: 'Runs' });
  await fireEvent.keyDown(list, { key: 'ArrowDown' });
  await fireEvent.keyDown(list, { key: 'ArrowDown' });
  workbench.runs.list = workbench.runs.list.filter(({ id }) => id !== 'run-000002');
  await waitFor(() => expect(document.activeElement?.getAttribute('data-run')).toBe('run-000001'));
});

it('has a first sentence for an empty store', async () => {
  await show([]);
  expect(screen.getByRole('heading', { name: 'No runs yet' })).toBeDefined();
});

it('offers to empty the trash when there is something in it, and asks first', async () => {
  const { service, workbench } = await show();
  expect(screen.queryByRole('button', { name: /Empty trash/ })).toBeNull();
  let trash = { runs: 2, sweeps: 1, datasets: 0, bytes: 14e6 };
  service.answers['runs.trash'] = () => trash;
  service.answers['runs.emptyTrash'] = () => {
    trash = { runs: 0, sweeps: 0, datasets: 0, bytes: 0 };
    return { deleted: [] };
  };
  workbench.runs.total++;
  await fireEvent.click(await screen.findByRole('button', { name: 'Empty trash (2 runs and 1 sweep, 14 MB)' }));
  expect(service.inputsOf('runs.emptyTrash')).toEqual([]);
  await fireEvent.click(await screen.findByRole('button', { name: 'Delete for good' }));
  await waitFor(() => expect(screen.queryByRole('button', { name: /Empty trash/ })).toBeNull());
  expect(service.inputsOf('runs.emptyTrash')).toEqual([{}]);
  expect(workbench.toasts.shown.at(-1)?.text).toBe('Deleted for good: 2 runs and 1 sweep, 14 MB.');
});

it('lists forks under the run that they come from when asked to', async () => {
  const fork = recordOf({ id: 'run-000009', name: 'its fork', forkedFrom: { run: 'run-000002', step: 40 } });
  await show([fork, ...records]);
  const names = () => screen.getAllByRole('row').map((row) => row.querySelector('a')?.textContent);
  expect(names()).toEqual(['its fork', 'first', 'second', 'third']);
  await fireEvent.click(screen.getByRole('radio', { name: 'Lineage' }));
  expect(names()).toEqual(['first', 'second', 'its fork', 'third']);
  expect(screen.getAllByRole('row').map((row) => row.getAttribute('aria-level'))).toEqual(['1', '1', '2', '1']);
});
