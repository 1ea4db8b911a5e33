import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import type { Component } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SweepRecord } from '#app/protocol/sweep.ts';
import { LiveSweep } from '#renderer/state/sweep.svelte.ts';
import { Workbench } from '#renderer/state/workbench.svelte.ts';
import { RecordedService } from '#renderer/testing/recorded-service.ts';
import { resultOf, sweepOf, sweepUpdateOf } from '#renderer/testing/sweeps.ts';
import WithTooltips from '#renderer/testing/WithTooltips.svelte';
import NewSweepScreen from './NewSweepScreen.svelte';
import SweepScreen from './SweepScreen.svelte';
import SweepsScreen from './SweepsScreen.svelte';

beforeEach(() => history.replaceState(null, '', '#/sweeps'));
afterEach(cleanup);

const show = (screenOf: Component<{ workbench: Workbench }>, workbench: Workbench) =>
  render(WithTooltips, { shown: screenOf as Component<Record<string, unknown>>, given: { workbench } });

function openSweep(record: Partial<SweepRecord>, answers: ConstructorParameters<typeof RecordedService>[0] = {}) {
  const service = new RecordedService(answers);
  const workbench = new Workbench(service);
  workbench.sweep = new LiveSweep(service, sweepOf(record));
  workbench.router.go({ screen: 'sweep', sweep: 'sweep-000001' });
  return { service, workbench, sweep: workbench.sweep };
}

describe('the list of sweeps', () => {
  it('says how far each one is, and can pause and delete it', async () => {
    const service = new RecordedService({ 'sweeps.pause': () => ({}), 'sweeps.delete': () => ({}) });
    const workbench = new Workbench(service);
    workbench.sweeps.list = [sweepOf({ done: 6, failed: 1 })];
    workbench.sweeps.loaded = true;
    show(SweepsScreen, workbench);
    const row = screen.getByRole('row');
    expect(row.textContent).toContain('6 / 12');
    expect(row.textContent).toContain('1 failed');
    expect(within(row).getByRole('progressbar').getAttribute('aria-valuenow')).toBe('50');
    await fireEvent.click(within(row).getByRole('button', { name: 'Pause a sweep' }));
    expect(service.inputsOf('sweeps.pause')).toEqual([{ sweep: 'sweep-000001' }]);
    await fireEvent.click(row);
    await fireEvent.keyDown(row, { key: 'Delete', bubbles: true });
    await vi.waitFor(() => expect(service.inputsOf('sweeps.delete')).toEqual([{ sweep: 'sweep-000001' }]));
  });

  it('says what a sweep is while there is none', () => {
    const workbench = new Workbench(new RecordedService());
    workbench.sweeps.loaded = true;
    show(SweepsScreen, workbench);
    expect(screen.getByRole('heading', { name: 'No sweeps yet' })).toBeTruthy();
  });
});

describe('the screen of a sweep', () => {
  it('tells each state in words and offers what can be done', async () => {
    const { workbench, sweep, service } = openSweep(
      { status: 'interrupted', message: 'Lotka was closed while this sweep was training.' },
      { 'sweeps.resume': () => ({}) },
    );
    show(SweepScreen, workbench);
    expect(screen.getByText('Lotka was closed while this sweep was training.')).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: /^Resume/ }));
    expect(service.inputsOf('sweeps.resume')).toEqual([{ sweep: 'sweep-000001' }]);
    sweep.take(sweepUpdateOf([], { record: sweepOf({ status: 'finished', done: 12, trainingSeconds: 90 }), secondsLeft: null }));
    await vi.waitFor(() => expect(screen.getByText(/All 12 trials trained in 90 s/)).toBeTruthy());
    expect(screen.queryByRole('button', { name: /^(Pause|Resume)/ })).toBeNull();
  });

  it('lists why trials failed, once a sentence, and tries them again', async () => {
    const { workbench, sweep, service } = openSweep({ status: 'finished' }, { 'sweeps.retry': () => ({}) });
    show(SweepScreen, workbench);
    const message = 'The engine ran out of memory.';
    const failed = [0, 3].map((point) => resultOf(point, 0, '', { state: 'failed', outcomes: {}, message }));
    sweep.take(sweepUpdateOf(failed, { record: sweepOf({ status: 'finished', done: 12, failed: 2 }) }));
    const list = await screen.findByRole('region', { name: 'Failed trials' });
    expect(within(list).getAllByText(message)).toHaveLength(1);
    expect(list.textContent).toContain('Embedding rate 0.001, Decoder rate 0.001 and 1 more');
    await fireEvent.click(within(list).getByRole('button', { name: 'Retry them' }));
    expect(service.inputsOf('sweeps.retry')).toEqual([{ sweep: 'sweep-000001' }]);
  });

  it('shows the map as a table whose cells open their run, or their trials if there are several', async () => {
    const { workbench, sweep, service } = openSweep({}, { 'sweeps.openTrial': () => ({ run: 'run-000009' }) });
    sweep.take(sweepUpdateOf([resultOf(0, 0, 'grokking'), resultOf(0, 1, 'grokking')]));
    show(SweepScreen, workbench);
    await fireEvent.click(screen.getByRole('radio', { name: 'Table' }));
    const rows = screen.getAllByRole('row').slice(-2);
    expect(rows.map((row) => within(row).getByRole('rowheader').textContent)).toEqual(['0.01', '0.001']);
    expect(rows[1]!.textContent).toContain('Grokking');
    sweep.show({ seed: 1 });
    await fireEvent.click(await screen.findByRole('button', { name: '0.001, 0.001: Grokking' }));
    await vi.waitFor(() => expect(workbench.router.current).toEqual({ screen: 'run', run: 'run-000009' }));
    expect(service.inputsOf('sweeps.openTrial')).toEqual([{ sweep: 'sweep-000001', trial: { point: 0, seed: 1 } }]);
  });

  it('puts the runs of a cell into the comparison, or in its place if they do not fit', async () => {
    const { workbench, sweep, service } = openSweep(
      {},
      { 'sweeps.openTrial': ({ trial }) => ({ run: `run-${trial.point}-${trial.seed}` }) },
    );
    workbench.compared = ['a', 'b', 'c', 'd'];
    sweep.take(sweepUpdateOf([resultOf(0, 0, 'grokking'), resultOf(0, 1, 'grokking')]));
    show(SweepScreen, workbench);
    await fireEvent.click(screen.getByRole('radio', { name: 'Table' }));
    const compareThem = async () => {
      await fireEvent.click(await screen.findByRole('button', { name: /^0.001, 0.001: Grokking/ }));
      await fireEvent.click(await screen.findByRole('menuitem', { name: /^Compare them/ }));
    };
    await compareThem();
    const runs = ['a', 'b', 'c', 'd', 'run-0-0', 'run-0-1'];
    await vi.waitFor(() => expect(workbench.router.current).toEqual({ screen: 'compare', runs }));
    expect(service.inputsOf('sweeps.openTrial')).toHaveLength(2);
    workbench.compared = ['a', 'b', 'c', 'd', 'e'];
    workbench.router.go({ screen: 'sweep', sweep: 'sweep-000001' });
    await compareThem();
    await vi.waitFor(() => expect(workbench.router.current).toEqual({ screen: 'compare', runs: ['run-0-0', 'run-0-1'] }));
  });

  it('adds seeds, with what that costs', async () => {
    const { workbench, service } = openSweep({ status: 'finished' }, { 'sweeps.addSeeds': () => ({}) });
    show(SweepScreen, workbench);
    await fireEvent.click(screen.getByRole('button', { name: 'Add seeds' }));
    expect((await screen.findByText(/12 further trials are trained/)).textContent).toContain('Now 2 seeds a point.');
    const dialog = screen.getByRole('dialog');
    await fireEvent.click(within(dialog).getByRole('button', { name: 'Add seeds' }));
    expect(service.inputsOf('sweeps.addSeeds')).toEqual([{ sweep: 'sweep-000001', count: 2 }]);
  });
});

describe('the form of a new sweep', () => {
  const estimate = {
    points: 64,
    trials: 64,
    stepsPerTrial: 5000,
    secondsPerTrial: 2,
    secondsInAll: 64,
    workers: 2,
    bytesPerTrial: 1e6,
    bytesKept: 1e5,
  };

  async function openForm(answers: ConstructorParameters<typeof RecordedService>[0]) {
    const service = new RecordedService({ 'sweeps.places': () => ({ places: [] }), ...answers });
    const workbench = new Workbench(service);
    workbench.router.go({ screen: 'new-sweep', experiment: 'effective-theory', preset: null });
    await workbench.open(workbench.router.current);
    show(NewSweepScreen, workbench);
    return { service, workbench };
  }

  it('tells the cost, starts, and remembers what was started', async () => {
    const { service, workbench } = await openForm({
      'sweeps.estimate': () => estimate,
      'sweeps.start': () => ({ sweep: 'sweep-000001' }),
    });
    expect(await screen.findByText('64 trials')).toBeTruthy();
    expect(screen.getByText('about 64 s on this machine')).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: /^Start the sweep/ }));
    await vi.waitFor(() => expect(workbench.router.current).toEqual({ screen: 'sweep', sweep: 'sweep-000001' }));
    expect(service.inputsOf('sweeps.start')).toEqual([{ definition: workbench.sweepDraft!.definition, place: { kind: 'local' } }]);
    expect(workbench.settings.stored.sweepDrafts['effective-theory']?.definition).toEqual(workbench.sweepDraft!.definition);
  });

  it("shows the service's sentence and starts nothing", async () => {
    await openForm({
      'sweeps.estimate': () => {
        throw new Error('The axis decoderRate is logarithmic and goes from 0 to 1; a logarithmic axis has ends above 0.');
      },
    });
    expect(await screen.findByText(/^The axis decoderRate is logarithmic/)).toBeTruthy();
    expect(screen.getByRole<HTMLButtonElement>('button', { name: /^Start the sweep/ }).disabled).toBe(true);
  });

  it('asks nothing of the service while a number cannot be read', async () => {
    const { service } = await openForm({ 'sweeps.estimate': () => estimate });
    await screen.findByText('64 trials');
    const before = service.inputsOf('sweeps.estimate').length;
    await fireEvent.input(screen.getAllByRole('textbox', { name: 'from' })[0]!, { target: { value: 'x' } });
    expect((await screen.findAllByText(/is a number, such as 0\.001/)).length).toBeGreaterThan(0);
    expect(service.inputsOf('sweeps.estimate')).toHaveLength(before);
  });
});
