import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseParameters } from '#app/experiments/parameters.ts';
import { experimentById } from '#app/experiments/registry.ts';
import { landscapeDefinition } from '#app/landscape/definition.ts';
import { Workbench } from '#renderer/state/workbench.svelte.ts';
import { RecordedService } from '#renderer/testing/recorded-service.ts';
import { sweepOf } from '#renderer/testing/sweeps.ts';
import { mockScreen, planeOf, runOf } from './landscape.test-data.ts';
import SurfaceStage from './SurfaceStage.svelte';

const experiment = experimentById('omnigrok');
const parameters = parseParameters(experiment, 'digits', {});
const file = { name: 'plane.svg', mime: 'image/svg+xml', bytes: new Uint8Array(1) };

beforeEach(mockScreen);
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

interface Asked {
  readonly step: number;
  readonly resolution: number;
  readonly directions: string;
}

/** The stage with a service that answers up to a resolution, and finer ones when told. */
function show(upTo = 65) {
  const asked: Asked[] = [];
  const waiting: (() => void)[] = [];
  const service = new RecordedService({
    'runs.measure': async ({ options }) => {
      const one = options as unknown as Asked;
      asked.push(one);
      if (one.resolution > upTo) await new Promise<void>((resolve) => waiting.push(resolve));
      return { result: planeOf(one.resolution, one.step), quantities: [] };
    },
    'export.figure': () => file,
  });
  const workbench = new Workbench(service);
  const run = runOf(service, parameters);
  render(SurfaceStage, { workbench, experiment, run });
  return { service, workbench, run, asked, waiting };
}

const compute = () => fireEvent.click(screen.getByRole('button', { name: /^Compute at step/ }));
const progress = () => screen.queryByText(/^\d+ × \d+ networks/)?.textContent ?? null;
const words = () => screen.queryByText(/% of the way lies in this plane/)?.textContent ?? null;
const radio = (name: string) => screen.getByRole('radio', { name });

async function exportAs(name: string | RegExp) {
  await fireEvent.pointerDown(screen.getByRole('button', { name: 'Export' }), { pointerType: 'mouse', button: 0 });
  await fireEvent.click(await screen.findByRole('menuitem', { name }));
}

describe('the surface around a step', () => {
  it('tells what it costs before anything is measured, and grows finer when it is', async () => {
    const { run, asked } = show();
    expect(screen.getByText(/5,684 networks are measured, the first 81 coarsely/)).toBeTruthy();
    expect(asked).toEqual([]);
    run.cursor.scrub(40);
    await vi.waitFor(() => expect(screen.getByRole('button', { name: 'Compute at step 40' })).toBeTruthy());
    await compute();
    await vi.waitFor(() => expect(words()).toBe('Test loss around step 40; 97 % of the way lies in this plane.'));
    await vi.waitFor(() => expect(progress()).toBeNull());
    expect(asked).toEqual([9, 17, 33, 65].map((resolution) => ({ step: 40, directions: 'trajectory', resolution })));
  });

  it('keeps what is there when it is cancelled, whatever still comes', async () => {
    const { waiting, asked } = show(9);
    await compute();
    await vi.waitFor(() => expect(progress()).toMatch(/^17 × 17 networks, about .* left$/));
    await fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(progress()).toBeNull();
    waiting.forEach((answer) => answer());
    await new Promise((resolve) => setTimeout(resolve));
    expect(words()).toContain('Test loss around step 100');
    expect(asked.map(({ resolution }) => resolution)).toEqual([9, 17]);
  });

  it('gives up one step for another', async () => {
    const { run, waiting, asked } = show(9);
    await compute();
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
    run.cursor.scrub(20);
    await vi.waitFor(() => screen.getByRole('button', { name: 'Compute at step 20' }));
    await compute();
    await vi.waitFor(() => expect(waiting).toHaveLength(2));
    waiting[0]!();
    await new Promise((resolve) => setTimeout(resolve));
    expect(words()).toContain('around step 20');
    expect(asked.map(({ step, resolution }) => `${step}/${resolution}`)).toEqual(['100/9', '100/17', '20/9', '20/17']);
  });

  it('takes random directions of a seed, which is a whole number', async () => {
    const { asked } = show();
    expect(screen.queryByRole('textbox')).toBeNull();
    await fireEvent.click(radio('Random'));
    await fireEvent.input(screen.getByRole('textbox', { name: 'Seed' }), { target: { value: '1.5' } });
    expect(screen.getByRole<HTMLButtonElement>('button', { name: /^Compute/ }).disabled).toBe(true);
    await fireEvent.input(screen.getByRole('textbox', { name: 'Seed' }), { target: { value: '7' } });
    await compute();
    await vi.waitFor(() => expect(asked).toHaveLength(4));
    expect(asked[0]).toEqual({ step: 100, directions: 'random', seed: 7, resolution: 9 });
  });

  it('says coordinates and value by keyboard, of the loss and at the height that are chosen', async () => {
    show();
    await compute();
    await vi.waitFor(() => expect(progress()).toBeNull());
    const canvas = screen.getByRole('application');
    await fireEvent.keyDown(canvas, { key: 'n' });
    const place = 'first principal direction −1, second principal direction −1';
    expect(await screen.findByText(`${place}: test loss 2.1`)).toBeTruthy();
    await fireEvent.click(radio('training loss'));
    expect(await screen.findByText(`${place}: training loss 2`)).toBeTruthy();
    expect(radio('Log').getAttribute('aria-checked')).toBe('true');
    await fireEvent.click(radio('Linear'));
    expect(radio('Linear').getAttribute('aria-checked')).toBe('true');
    await fireEvent.click(radio('Contours'));
    expect(screen.queryByRole('radio', { name: 'Linear' })).toBeNull();
    expect(screen.getByRole('img', { name: /^Training loss on a plane/ })).toBeTruthy();
  });

  it('exports the loss that is shown as a figure, and the picture as it is seen', async () => {
    const { service, workbench } = show();
    await compute();
    await vi.waitFor(() => expect(progress()).toBeNull());
    await exportAs('Figure as SVG');
    await fireEvent.click(radio('training loss'));
    await exportAs('Figure as SVG');
    const options = { 'plane-section': { step: 100, directions: 'trajectory', resolution: 65 } };
    await vi.waitFor(() => expect(service.inputsOf('export.figure')).toHaveLength(2));
    expect(service.inputsOf('export.figure')).toEqual(
      ['plane-section', 'plane-section-train'].map((figure) => ({
        run: 'run-000001',
        figure,
        step: 100,
        options,
        format: 'svg',
        theme: 'light',
      })),
    );
    const saved: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      saved.push(this.download);
    });
    await exportAs(/^3D picture/);
    await vi.waitFor(() => expect(saved).toEqual(['run-000001-surface-step-100.png']));
    expect(workbench.toasts.shown.at(-1)?.text).toBe('Saved run-000001-surface-step-100.png.');
    for (const { figure } of service.inputsOf('export.figure') as { figure: string }[])
      expect(experiment.figures.map(({ id }) => id)).toContain(figure);
  });

  it('says what went wrong', async () => {
    const { service } = show();
    service.answers['runs.measure'] = () => Promise.reject(new Error('The network does not move.'));
    await compute();
    expect((await screen.findByRole('alert')).textContent).toBe('The network does not move.');
  });

  it('offers the sweeps of two axes over which the run moves', () => {
    const service = new RecordedService();
    const workbench = new Workbench(service);
    const across = { kind: 'list' as const, parameter: 'trainingSamples', values: [200, Number(parameters['trainingSamples'])] };
    workbench.sweeps.list = [
      sweepOf({ definition: { ...landscapeDefinition(experiment, parameters, { across }), name: 'digits, pinned' } }),
    ];
    render(SurfaceStage, { workbench, experiment, run: runOf(service, parameters) });
    expect(screen.getByRole('combobox', { name: 'Surface of' }).textContent).toContain('Loss around a step');
  });
});
