import { describe, expect, it } from 'vitest';
import type { Experiment, Training } from '#app/experiments/experiment.ts';
import type { RunRecord } from '#app/protocol/contract.ts';
import { Store } from '#main/store/store.ts';
import { recording, recordOf, rowsOf } from '#main/testing/records.ts';
import { temporaryFolder } from '#main/testing/temporary.ts';
import type { TrainingBatch } from '#main/workers/engine-contract.ts';
import { LiveRecording } from './live-recording.ts';
import { LiveRun } from './live-run.ts';

const batch = (from: number, count: number, state: TrainingBatch['state'], changes: Partial<TrainingBatch> = {}): TrainingBatch => ({
  ...rowsOf(from, count),
  state,
  step: from + count,
  from,
  count,
  message: null,
  seconds: 0.1,
  checkpoint: null,
  ...changes,
});

async function open(): Promise<{ live: LiveRun; store: Store; id: string; saved: RunRecord['status'][] }> {
  const store = Store.open(temporaryFolder());
  const record = recordOf('survival-a', { status: 'queued', step: 0, steps: 100, seconds: 0 });
  const writer = await store.create(record, recording);
  const saved: RunRecord['status'][] = [];
  const save = store.save.bind(store);
  store.save = async (...args) => {
    saved.push(args[0].status);
    await save(...args);
  };
  const live = new LiveRun({
    record,
    experiment: { headline: () => ({ rows: NaN }) } as unknown as Experiment,
    training: { milestones: () => [] } as unknown as Training,
    recording: new LiveRecording(record, recording, store.folderOf(record.id), 0),
    writer,
    store,
    changed: () => undefined,
  });
  return { live, store, id: record.id, saved };
}

describe('LiveRun', () => {
  it('writes its end even if that comes in the middle of a flush', async () => {
    const { live, store, id, saved } = await open();
    await live.take(batch(0, 5, 'training'));
    const flushing = live.flush();
    await live.take(batch(5, 6, 'finished'));
    await live.end({ status: 'failed', message: 'not this' });
    await flushing;
    await live.over;
    expect(saved.at(-1)).toBe('finished');
    expect(store.get(id)).toMatchObject({ status: 'finished', message: null, step: 10, seconds: 0.2, headline: { rows: null } });
    expect(store.open(id).series('loss').values).toEqual(rowsOf(0, 11).rows.loss);
    await live.flush();
    expect(store.get(id).status).toBe('finished');
    store.close();
  });

  it('counts steps of a paused run as paused', async () => {
    const { live, store } = await open();
    await live.take(batch(0, 2, 'training'));
    expect(live.record.status).toBe('running');
    expect(live.secondsLeft).toBeCloseTo(99 / 20);
    await live.take(batch(2, 0, 'paused', { checkpoint: { state: { step: 2, arrays: {} }, permanent: false } }));
    const stepping = live.step(1).catch(() => undefined);
    await live.take(batch(2, 1, 'training'));
    expect(live.record).toMatchObject({ status: 'paused', step: 2 });
    expect(live.secondsLeft).toBeNull();
    await stepping;
    store.close();
  });
});
