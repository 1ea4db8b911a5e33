import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseParameters } from '#app/experiments/parameters.ts';
import { experimentById } from '#app/experiments/registry.ts';
import { Workbench } from '#renderer/state/workbench.svelte.ts';
import { RecordedService } from '#renderer/testing/recorded-service.ts';
import { lineOf, mockScreen, runOf } from './landscape.test-data.ts';
import LineStage from './LineStage.svelte';

const experiment = experimentById('omnigrok');
const parameters = parseParameters(experiment, 'digits', {});

beforeEach(mockScreen);
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

interface Asked {
  readonly from: number;
  readonly to: number;
  readonly resolution: number;
}

function show(upTo = 121) {
  const asked: Asked[] = [];
  const service = new RecordedService({
    'runs.measure': ({ options }) => {
      const one = options as unknown as Asked;
      asked.push(one);
      if (one.resolution > upTo) return new Promise(() => {});
      return { result: lineOf(one.from, one.to, one.resolution), quantities: [] };
    },
  });
  const run = runOf(service, parameters);
  render(LineStage, { workbench: new Workbench(service), experiment, run });
  return { service, run, asked };
}

const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name });
const field = (name: string) => screen.getByRole<HTMLInputElement>('textbox', { name });

describe('the loss on a line', () => {
  it('goes from the first step to the last unless told, coarsely first, with its barrier', async () => {
    const { asked } = show();
    expect([field('From step').value, field('to step').value]).toEqual(['0', '100']);
    expect(screen.getByText(/201 networks are measured/)).toBeTruthy();
    expect(button('Export').disabled).toBe(true);
    await fireEvent.click(button('Compute'));
    await vi.waitFor(() => expect(asked).toEqual([19, 61, 121].map((resolution) => ({ from: 0, to: 100, resolution }))));
    expect(await screen.findByText('Barrier, test loss')).toBeTruthy();
    expect(screen.getByText('31°')).toBeTruthy();
    expect(screen.getByText('step 100')).toBeTruthy();
    expect(button('Export').disabled).toBe(false);
  });

  it('takes the step that the timeline shows for either end', async () => {
    const { run, asked } = show();
    run.cursor.scrub(30);
    await fireEvent.click(button('From step: the shown one'));
    run.cursor.scrub(80);
    await fireEvent.click(button('to step: the shown one'));
    await fireEvent.keyDown(field('to step'), { key: 'Enter' });
    await vi.waitFor(() => expect(asked[0]).toEqual({ from: 30, to: 80, resolution: 19 }));
  });

  it('says which steps there are, and measures nothing between one and itself', async () => {
    const { asked } = show();
    await fireEvent.input(field('to step'), { target: { value: '101' } });
    expect(screen.getByRole('alert').textContent).toBe('Both steps are whole numbers from 0 to 100.');
    await fireEvent.input(field('to step'), { target: { value: '0' } });
    expect(screen.getByRole('alert').textContent).toBe('A line needs two steps that differ.');
    expect(button('Compute').disabled).toBe(true);
    await fireEvent.keyDown(field('to step'), { key: 'Enter' });
    expect(asked).toEqual([]);
  });

  it('keeps what is there when it is cancelled', async () => {
    show(19);
    await fireEvent.click(button('Compute'));
    expect(await screen.findByText('61 points')).toBeTruthy();
    await fireEvent.click(button('Cancel'));
    expect(screen.queryByText('61 points')).toBeNull();
    expect(screen.getByText('Barrier, test loss')).toBeTruthy();
  });
});
