import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { SweepEstimate } from '#app/protocol/sweep.ts';
import { RecordedService } from '#renderer/testing/recorded-service.ts';
import { sweepOf } from '#renderer/testing/sweeps.ts';
import { Estimates, LiveEstimate } from './estimate.svelte.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const { definition } = sweepOf();
const costOf = (trials: number, secondsPerTrial: number | null): SweepEstimate => ({
  points: trials,
  trials,
  stepsPerTrial: 100,
  secondsPerTrial,
  secondsInAll: secondsPerTrial === null ? null : secondsPerTrial * trials,
  workers: 1,
  bytesPerTrial: 1,
  bytesKept: 1,
});

it('asks once when typing pauses: for the counts first, then for times', async () => {
  const service = new RecordedService({ 'sweeps.estimate': ({ measure }) => costOf(8, measure ? 2 : null) });
  const cost = new LiveEstimate(service);
  cost.ask({ ...definition, name: 'one' });
  cost.ask({ ...definition, name: 'two' });
  await vi.advanceTimersByTimeAsync(300);
  expect(service.inputsOf('sweeps.estimate')).toEqual([
    { definition: { ...definition, name: 'two' }, measure: false },
    { definition: { ...definition, name: 'two' }, measure: true },
  ]);
  expect(cost.estimate).toMatchObject({ trials: 8, secondsInAll: 16 });
  expect(cost.asking).toBe(false);
});

it('drops an answer that a newer question overtook', async () => {
  const pending: ((estimate: SweepEstimate) => void)[] = [];
  const service = new RecordedService({ 'sweeps.estimate': () => new Promise((resolve) => pending.push(resolve)) });
  const cost = new LiveEstimate(service);
  cost.ask(definition);
  await vi.advanceTimersByTimeAsync(300);
  cost.ask(definition);
  await vi.advanceTimersByTimeAsync(300);
  pending[1]!(costOf(2, 1));
  await vi.advanceTimersByTimeAsync(1);
  pending[0]!(costOf(999, 1));
  await vi.advanceTimersByTimeAsync(1);
  expect(cost.estimate?.trials).toBe(2);
});

it("shows the service's sentence instead of a cost", async () => {
  const service = new RecordedService({
    'sweeps.estimate': () => {
      throw new Error('The axis decoderRate has one value; an axis has at least two.');
    },
  });
  const cost = new LiveEstimate(service);
  cost.ask(definition);
  await vi.advanceTimersByTimeAsync(300);
  expect(cost.estimate).toBeNull();
  expect(cost.trouble).toBe('The axis decoderRate has one value; an axis has at least two.');
});

it('asks for several at once: counts of all, then their times; one that has none says why', async () => {
  const service = new RecordedService({
    'sweeps.estimate': ({ definition: { name }, measure }) => {
      if (name === 'two') throw new Error('It needs too much memory.');
      return costOf(name === 'one' ? 1 : 3, measure ? 2 : null);
    },
  });
  const costs = new Estimates(service);
  await costs.ask(new Map(['one', 'two', 'three'].map((name) => [name, { ...definition, name }])));
  const asked = [false, true].flatMap((measure) =>
    ['one', 'two', 'three'].map((name) => ({ definition: { ...definition, name }, measure })),
  );
  expect(service.inputsOf('sweeps.estimate')).toEqual(asked);
  expect(costs.told.get('three')).toMatchObject({ trials: 3, secondsInAll: 6 });
  expect(costs.told.get('two')).toBe('It needs too much memory.');
});

it('asks no further once stopped', async () => {
  const service = new RecordedService({ 'sweeps.estimate': () => costOf(1, null) });
  const costs = new Estimates(service);
  const asked = costs.ask(new Map(['one', 'two'].map((name) => [name, { ...definition, name }])));
  costs.stop();
  await asked;
  expect(service.inputsOf('sweeps.estimate')).toHaveLength(1);
  expect(costs.told.size).toBe(0);
});
