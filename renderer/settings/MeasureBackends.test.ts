import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, expect, it } from 'vitest';
import type { BackendSpeed, SpeedResult } from '#app/protocol/speed.ts';
import { RecordedService } from '#renderer/testing/recorded-service.ts';
import { Workbench } from '#renderer/state/workbench.svelte.ts';
import MeasureBackends from './MeasureBackends.svelte';

afterEach(cleanup);

const speed = (name: BackendSpeed['name'], stepsPerSecond: number | null, difference: number | null): BackendSpeed => ({
  name,
  label: name,
  build: 'b',
  leftOut: stepsPerSecond === null ? 'It computes in f32 only, and this model is in f64.' : null,
  stepsPerSecond,
  range: stepsPerSecond === null ? null : [stepsPerSecond, stepsPerSecond],
  bursts: 3,
  difference,
});
const result: SpeedResult = {
  experiment: 'survival',
  precision: 'f64',
  share: 1,
  backends: [speed('wasm', 1234, 0), speed('wasm-relaxed', 2468, 3e-12), speed('tensorflow', null, null)],
};

const settle = async () => {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  await tick();
};

it('measures the model that is set up, shows how far it is, and says which to choose', async () => {
  const service = new RecordedService();
  const workbench = new Workbench(service);
  await workbench.open({ screen: 'new', experiment: 'survival', preset: 'fast' });
  render(MeasureBackends, { workbench });
  await fireEvent.click(screen.getByRole('button', { name: 'Measure on this machine' }));
  const channel = service.channels.get('engine.measure')!;
  expect(channel.input).toMatchObject({ experiment: 'survival', preset: null, parameters: { modulus: 31 } });
  channel.push({ fraction: 0.5, result: null });
  await settle();
  expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('50');
  channel.push({ fraction: 1, result });
  channel.end();
  await settle();
  const rows = within(screen.getByRole('table')).getAllByRole('row').slice(1);
  expect(rows.map((row) => [...row.children].map((cell) => cell.textContent?.trim()))).toEqual([
    ['wasm', '1,234', '0'],
    ['wasm-relaxed', '2,468', '3e-12'],
    ['tensorflow', 'It computes in f32 only, and this model is in f64.'],
  ]);
  expect(screen.getByRole('status').textContent).toMatch(/“wasm-relaxed” trains this model 2\.0 times as fast as “wasm”/);
});

it('is cancelled by its button, and without a model on the Run screen offers the presets', async () => {
  const service = new RecordedService();
  render(MeasureBackends, { workbench: new Workbench(service) });
  await fireEvent.click(screen.getByRole('button', { name: 'Measure on this machine' }));
  expect(service.channels.get('engine.measure')!.input).toMatchObject({ experiment: 'survival', preset: 'fast', parameters: {} });
  await fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  await settle();
  expect(screen.getByRole('button', { name: 'Measure on this machine' })).toBeTruthy();
  expect(screen.queryByRole('table')).toBeNull();
});
