import { cleanup, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RecordedService } from '#renderer/testing/recorded-service.ts';
import { Workbench } from '#renderer/state/workbench.svelte.ts';
import EngineSection from './EngineSection.svelte';

beforeEach(() => void vi.useFakeTimers());
afterEach(cleanup);

async function open() {
  const service = new RecordedService({ 'runs.start': () => ({ run: 'run-000002' }) });
  const workbench = new Workbench(service);
  await workbench.loadEngine();
  render(EngineSection, { workbench });
  return { service, workbench };
}
const written = async (service: RecordedService) => {
  await vi.advanceTimersByTimeAsync(1000);
  return service.inputsOf('settings.write').at(-1);
};

it('says of every backend whether it works and why, and lets only those be chosen that do', async () => {
  const { service, workbench } = await open();
  const choices = screen.getAllByRole('radio');
  expect(choices.map((choice) => (choice as HTMLInputElement).disabled)).toEqual([false, false, true]);
  expect(screen.getByText(/It is not installed/)).toBeTruthy();
  expect((choices[0] as HTMLInputElement).checked).toBe(true);
  choices[1]!.click();
  expect(await written(service)).toMatchObject({ backend: 'wasm-relaxed' });
  await workbench.open({ screen: 'new', experiment: 'survival', preset: 'fast' });
  await workbench.train();
  expect(service.inputsOf('runs.start')).toMatchObject([{ backend: 'wasm-relaxed' }]);
});

it('keeps an amount of memory, refuses one that is none, and goes back to the default', async () => {
  const { service } = await open();
  const field = screen.getByRole('textbox', { name: 'Memory of a run' });
  const type = async (text: string) => {
    (field as HTMLInputElement).value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    await vi.advanceTimersByTimeAsync(0);
  };
  await type('512');
  expect(await written(service)).toMatchObject({ runMemory: 512 });
  const before = service.inputsOf('settings.write').length;
  for (const wrong of ['3', 'much', '1.5']) {
    await type(wrong);
    expect(screen.getByRole('alert').textContent).toContain('A whole number of megabytes from 16.');
  }
  await vi.advanceTimersByTimeAsync(1000);
  expect(service.inputsOf('settings.write').length).toBe(before);
  await type('');
  expect(screen.queryByRole('alert')).toBeNull();
  expect(await written(service)).toMatchObject({ runMemory: null });
});
