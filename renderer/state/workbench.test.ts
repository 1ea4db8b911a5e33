import { beforeEach, expect, it, vi } from 'vitest';
import { LotkaError } from '#app/protocol/errors.ts';
import { openedOf, recordOf, RecordedService } from '#renderer/testing/recorded-service.ts';
import { Workbench } from './workbench.svelte.ts';

beforeEach(() => history.replaceState(null, '', '#/atlas'));

it('trains what is in the form, opens the run and remembers the choice', async () => {
  vi.useFakeTimers();
  const service = new RecordedService({ 'runs.start': () => ({ run: 'run-000002' }) });
  const workbench = new Workbench(service);
  await workbench.open({ screen: 'new', experiment: 'survival', preset: 'fast' });
  workbench.draft!.texts.weightDecay = '0.1';
  await workbench.train();
  expect(service.inputsOf('runs.start')).toMatchObject([
    { experiment: 'survival', preset: null, parameters: { weightDecay: 0.1, modulus: 31 } },
  ]);
  expect(workbench.router.current).toEqual({ screen: 'run', run: 'run-000002' });
  await vi.advanceTimersByTimeAsync(1000);
  expect(service.inputsOf('settings.write')).toMatchObject([{ drafts: { survival: { preset: null, parameters: { weightDecay: 0.1 } } } }]);
  vi.useRealTimers();
});

it('starts one run for two impatient presses', async () => {
  let release = () => {};
  const service = new RecordedService({
    'runs.start': () => new Promise<{ run: string }>((resolve) => (release = () => resolve({ run: 'run-000002' }))),
  });
  const workbench = new Workbench(service);
  await workbench.open({ screen: 'new', experiment: 'survival', preset: 'fast' });
  const first = workbench.train();
  await workbench.train();
  release();
  await first;
  expect(service.inputsOf('runs.start').length).toBe(1);
});

it('starts nothing while a parameter is wrong', async () => {
  const service = new RecordedService();
  const workbench = new Workbench(service);
  await workbench.open({ screen: 'new', experiment: 'survival', preset: 'fast' });
  workbench.draft!.texts.modulus = '3';
  await workbench.train();
  expect(service.inputsOf('runs.start')).toEqual([]);
});

it('shows why a run cannot be opened, and drops answers that come too late', async () => {
  const service = new RecordedService({
    'runs.get': ({ run }) => {
      if (run === 'run-gone00') throw new LotkaError('not-found', 'There is no run run-gone00.');
      return openedOf({ id: run });
    },
  });
  const workbench = new Workbench(service);
  await workbench.open({ screen: 'run', run: 'run-gone00' });
  expect(workbench.trouble).toBe('There is no run run-gone00.');
  const late = workbench.open({ screen: 'run', run: 'run-000003' });
  await workbench.open({ screen: 'atlas' });
  await late;
  expect(workbench.run).toBeNull();
  expect(workbench.trouble).toBeNull();
});

it('keeps the run before on the screen until the next one is there', async () => {
  let release = () => {};
  const service = new RecordedService({
    'runs.get': ({ run }) =>
      run === 'run-000003' ? openedOf({ id: run }) : new Promise((resolve) => (release = () => resolve(openedOf({ id: run })))),
  });
  const workbench = new Workbench(service);
  await workbench.open({ screen: 'run', run: 'run-000003' });
  const next = workbench.open({ screen: 'run', run: 'run-000004' });
  expect(workbench.run?.id).toBe('run-000003');
  release();
  await next;
  expect(workbench.run?.id).toBe('run-000004');
});

it('deletes with a way back', async () => {
  const service = new RecordedService({ 'runs.delete': () => ({}), 'runs.restore': () => ({}) });
  const workbench = new Workbench(service);
  await workbench.remove(recordOf({ name: 'old one', status: 'finished' }));
  const [toast] = workbench.toasts.shown;
  expect(toast?.text).toBe('Deleted "old one".');
  toast?.action?.perform();
  await vi.waitFor(() => expect(service.inputsOf('runs.restore')).toEqual([{ run: 'run-000001' }]));
});

it('makes a sentence of what the service refuses', async () => {
  const workbench = new Workbench(new RecordedService());
  await workbench.ask('runs.pause', 'run-000001');
  expect(workbench.toasts.shown.map(({ text, tone }) => ({ text, tone }))).toEqual([
    { text: 'The test has no answer to runs.pause.', tone: 'bad' },
  ]);
});

it('asks again for the settings when the wire was exchanged meanwhile, and writes only what was changed', async () => {
  vi.useFakeTimers();
  let asked = 0;
  const service = new RecordedService({
    'settings.read': () => {
      asked += 1;
      if (asked === 1) throw new LotkaError('closed', 'The connection to the Lotka service was closed.');
      return { theme: 'light', backend: 'wasm-relaxed' };
    },
  });
  const workbench = new Workbench(service);
  workbench.settings.change({ motion: 'reduced' });
  await workbench.settings.load();
  expect(workbench.settings.stored).toMatchObject({ theme: 'light', backend: 'wasm-relaxed', motion: 'reduced' });
  await vi.advanceTimersByTimeAsync(1000);
  expect(service.inputsOf('settings.write')).toEqual([{ motion: 'reduced' }]);
  vi.useRealTimers();
});
