import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LotkaError } from '#app/protocol/errors.ts';
import { RecordedService } from '#renderer/testing/recorded-service.ts';
import { Measures } from './measures.svelte.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const now = () => Date.now();
const answer = { 'runs.measure': () => ({ result: { value: 1 }, quantities: [] }) };

it('computes at most every two seconds while a run trains, and once more when it is over', async () => {
  const service = new RecordedService(answer);
  const measures = new Measures(service, 'run-000001', now);
  for (let rows = 1; rows <= 50; rows++) {
    measures.update(['survivors'], rows, false);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(service.inputsOf('runs.measure').length).toBe(3);
  measures.update(['survivors'], 51, true);
  await vi.advanceTimersByTimeAsync(0);
  expect(service.inputsOf('runs.measure').length).toBe(4);
  measures.update(['survivors'], 51, true);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(service.inputsOf('runs.measure').length).toBe(4);
  expect(measures.results).toEqual({ survivors: { value: 1 } });
});

it('keeps the last result when a computation fails, and says why', async () => {
  const service = new RecordedService(answer);
  const measures = new Measures(service, 'run-000001', now);
  measures.update(['dynamics'], 10, true);
  await vi.advanceTimersByTimeAsync(0);
  service.answers['runs.measure'] = () => {
    throw new LotkaError('bad-input', 'Too few rows.');
  };
  measures.update(['dynamics'], 20, true);
  await vi.advanceTimersByTimeAsync(0);
  expect(measures.results).toEqual({ dynamics: { value: 1 } });
  expect(measures.troubles).toEqual({ dynamics: 'Too few rows.' });
});

it('asks for nothing before there is a row or after it was left', async () => {
  const service = new RecordedService(answer);
  const measures = new Measures(service, 'run-000001', now);
  measures.update(['survivors'], 0, false);
  measures.leave();
  measures.update(['survivors'], 5, true);
  await vi.advanceTimersByTimeAsync(5000);
  expect(service.calls).toEqual([]);
});

it('computes anew with other options, also those set while it computes', async () => {
  const service = new RecordedService(answer);
  const measures = new Measures(service, 'run-000001', now);
  measures.update(['dynamics'], 10, true);
  measures.setOptions('dynamics', { to: 100 });
  measures.setOptions('dynamics', { to: 200 });
  await vi.advanceTimersByTimeAsync(0);
  measures.setOptions('dynamics', {});
  await vi.advanceTimersByTimeAsync(0);
  expect(service.inputsOf('runs.measure').map((input) => (input as { options: unknown }).options)).toEqual([{}, { to: 200 }, {}]);
});
