import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseParameters } from '#app/experiments/parameters.ts';
import { experimentById } from '#app/experiments/registry.ts';
import { landscapeDefinition } from '#app/landscape/definition.ts';
import * as surfaces from '#app/landscape/surfaces.ts';
import type { TrialResult } from '#app/protocol/sweep.ts';
import { LiveSweep } from '#renderer/state/sweep.svelte.ts';
import { Workbench } from '#renderer/state/workbench.svelte.ts';
import { RecordedService } from '#renderer/testing/recorded-service.ts';
import { resultOf, sweepOf, sweepUpdateOf } from '#renderer/testing/sweeps.ts';
import { mockScreen, runOf } from './landscape.test-data.ts';
import SweepSurface from './SweepSurface.svelte';

const experiment = experimentById('omnigrok');
const parameters = parseParameters(experiment, 'digits', { trainingSamples: 200 });
const across = { kind: 'list' as const, parameter: 'trainingSamples', values: [20, 200, 2000] };
const record = sweepOf({
  definition: landscapeDefinition(experiment, parameters, { across, scales: { from: 0.1, to: 10, count: 3 }, seeds: 1 }),
});
const loss = (point: number) => (point + 1) / 100;
const trial = (point: number): TrialResult =>
  resultOf(point, 0, '', { outcomes: { finalTestLoss: loss(point), finalTrainLoss: 1e-6, finalNorm: 1 } });

beforeEach(mockScreen);
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

function show(points: readonly number[], part: { withRun?: boolean } = {}) {
  const service = new RecordedService({ 'export.map': () => ({ name: 'map.csv', mime: 'text/csv', bytes: new Uint8Array(1) }) });
  const sweep = new LiveSweep(service, record);
  sweep.take(sweepUpdateOf(points.map(trial), { record }));
  const onchoose = vi.fn();
  const run = part.withRun ? runOf(service, parameters) : null;
  render(SweepSurface, { workbench: new Workbench(service), sweep, run, onchoose });
  return { service, sweep, run, onchoose };
}

const press = (key: string) => fireEvent.keyDown(screen.getByRole('application'), { key });

/** Every place that can be reached by keyboard, in words. */
async function places(): Promise<string[]> {
  const said = new Set<string>();
  for (let count = 0; count < 9; count += 1) {
    await press('n');
    const text = screen.queryByText(/^Initial scale .*: /)?.textContent;
    if (text) said.add(text);
  }
  return [...said];
}

describe('the surface of a sweep', () => {
  it('has the cells that are trained, and more as they come', async () => {
    const { sweep } = show([0, 1, 2]);
    expect(await places()).toHaveLength(3);
    sweep.take(sweepUpdateOf([3, 4, 5, 6].map(trial), { record }));
    await vi.waitFor(async () => expect(await places()).toHaveLength(7), { timeout: 2000 });
  });

  it('chooses the cell of the map that it says', async () => {
    const { sweep, onchoose } = show([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    sweep.show({ outcome: 'finalTestLoss' });
    for (let count = 0; count < 9; count += 1) {
      await press('n');
      await press('Enter');
      const { value } = sweep.map.cell(onchoose.mock.lastCall![0] as number);
      expect(screen.getByText(/^Initial scale .*: /).textContent).toMatch(new RegExp(`: Test loss ${value}$`));
    }
    expect(new Set(onchoose.mock.calls.flat()).size).toBe(9);
  });

  it('draws the way of a run at its own number of samples, up to the step that is shown', async () => {
    const drawn = vi.spyOn(surfaces, 'wayOverMap');
    const { run } = show([0, 4, 8], { withRun: true });
    const path = () => drawn.mock.results.at(-1)!.value as ReturnType<typeof surfaces.wayOverMap>;
    expect(new Set(Array.from(path()!.y))).toEqual(new Set([200]));
    expect(path()!.at).toBe(100);
    run!.cursor.scrub(25);
    await vi.waitFor(() => expect(path()!.at).toBe(25));
  });

  it('exports the map of the height that is chosen', async () => {
    const { service, sweep } = show([0, 4, 8]);
    expect(sweep.map.outcome.id).not.toBe('finalTestLoss');
    await fireEvent.pointerDown(screen.getByRole('button', { name: 'Export' }), { pointerType: 'mouse', button: 0 });
    expect(screen.getByRole('menuitem', { name: /^3D picture/ })).toBeTruthy();
    await fireEvent.click(await screen.findByRole('menuitem', { name: 'Data as CSV' }));
    await vi.waitFor(() => expect(service.inputsOf('export.map')).toHaveLength(1));
    expect(service.inputsOf('export.map')[0]).toMatchObject({
      sweep: record.id,
      outcome: 'finalTestLoss',
      x: 'initialScale',
      y: 'trainingSamples',
      overlay: null,
      smoothed: false,
      format: 'csv',
    });
  });
});
