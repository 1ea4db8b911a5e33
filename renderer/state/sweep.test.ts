import { describe, expect, it, vi } from 'vitest';
import { RecordedService } from '#renderer/testing/recorded-service.ts';
import { resultOf, sweepOf, sweepUpdateOf } from '#renderer/testing/sweeps.ts';
import { LiveSweep } from './sweep.svelte.ts';

const liveSweep = () => new LiveSweep(new RecordedService(), sweepOf());

describe('a sweep that is followed', () => {
  it('puts every result into its cell and tells which cells changed', () => {
    const sweep = liveSweep();
    const changed: number[][] = [];
    const stop = sweep.onCells((cells) => changed.push([...cells]));
    sweep.take(sweepUpdateOf([resultOf(0, 0, 'grokking'), resultOf(4, 0, 'confusion')]));
    expect(changed).toEqual([[0, 4]]);
    expect(sweep.map.cell(0)).toMatchObject({ value: 'grokking', state: 'partial' });
    sweep.take(sweepUpdateOf([resultOf(0, 1, 'comprehension')]));
    expect(sweep.map.cell(0)).toMatchObject({ state: 'complete', hatches: ['seeds-disagree'] });
    stop();
    sweep.take(sweepUpdateOf([resultOf(1, 0, 'confusion')]));
    expect(changed).toHaveLength(2);
  });

  it('puts a trial that was tried again in place of its failure', () => {
    const sweep = liveSweep();
    sweep.take(sweepUpdateOf([resultOf(2, 0, '', { state: 'failed', outcomes: {}, message: 'The worker ended.' })]));
    expect(sweep.failed.map(({ message }) => message)).toEqual(['The worker ended.']);
    sweep.take(sweepUpdateOf([resultOf(2, 0, 'grokking', { attempt: 2 })]));
    expect(sweep.failed).toEqual([]);
    expect(sweep.map.cell(2)).toMatchObject({ value: 'grokking', failed: 0 });
  });

  it('keeps its results when points or seeds are added', () => {
    const sweep = liveSweep();
    sweep.take(sweepUpdateOf([resultOf(0, 0, 'grokking')]));
    const before = sweep.map;
    const added = [{ embeddingRate: 0.0316227766017, decoderRate: 0.001 }];
    sweep.take(sweepUpdateOf([resultOf(6, 0, 'confusion')], { record: sweepOf({ added }) }));
    expect(sweep.map).not.toBe(before);
    expect(sweep.map.x.values).toHaveLength(4);
    expect(sweep.map.cell(sweep.map.placeOf(0)!).value).toBe('grokking');
    expect(sweep.map.cell(sweep.map.placeOf(6)!).value).toBe('confusion');
  });

  it('shows another outcome of the results that are there', () => {
    const sweep = liveSweep();
    sweep.take(sweepUpdateOf([resultOf(0, 0, 'grokking'), resultOf(0, 1, 'grokking')]));
    sweep.show({ outcome: 'testAccuracy' });
    expect(sweep.map.cell(0).value).toBe(0.5);
    sweep.show({ outcome: 'testAccuracy', seed: 1 });
    expect(sweep.map.cell(0).trials).toEqual([{ point: 0, seed: 1 }]);
  });

  it('is read from the stream, and says why when that ends in an error', async () => {
    const service = new RecordedService();
    const sweep = new LiveSweep(service, sweepOf());
    sweep.watch();
    const channel = service.channels.get('sweeps.watch')!;
    expect(channel.input).toEqual({ sweep: 'sweep-000001' });
    channel.push(sweepUpdateOf([resultOf(3, 0, 'memorization')], { training: [{ point: 5, seed: 0 }] }));
    await vi.waitFor(() => expect(sweep.map.cell(3).value).toBe('memorization'));
    expect(sweep.training).toEqual([{ point: 5, seed: 0 }]);
    channel.end(new Error('The store cannot be read.'));
    await vi.waitFor(() => expect(sweep.trouble).toBe('The store cannot be read.'));
  });
});
