import { describe, expect, it, vi } from 'vitest';
import { LotkaError } from '#app/protocol/errors.ts';
import { RecordedService } from '#renderer/testing/recorded-service.ts';
import { Section } from './sections.svelte.ts';

const places = (resolution: number) => resolution ** 2;

describe('a section that is computed on demand', () => {
  it('shows every resolution as it comes and tells the time that is left from what the last one took', async () => {
    let clock = 0;
    const resolutions: number[] = [];
    const left: (number | null)[] = [];
    const service = new RecordedService({
      'runs.measure': ({ options }) => {
        const resolution = Number(options['resolution']);
        resolutions.push(resolution);
        left.push(section.secondsLeft);
        clock += 10 * places(resolution);
        return { result: { resolution }, quantities: [] };
      },
    });
    const section: Section<{ resolution: number }> = new Section(service, 'plane-section', () => clock);
    await section.make('run-1', { step: 5 }, [9, 17, 33], places);
    expect(resolutions).toEqual([9, 17, 33]);
    // 10 ms a place.
    expect(left).toEqual([null, expect.closeTo((289 + 1089) / 100, 9), expect.closeTo(1089 / 100, 9)]);
    expect(section.result).toEqual({ resolution: 33 });
    expect(section.shown).toEqual({ step: 5, resolution: 33 });
    expect(section.working).toBeNull();
    expect(section.secondsLeft).toBeNull();
  });

  it('is left at what it has by Cancel, and begun anew by another request', async () => {
    const signals: AbortSignal[] = [];
    const service = new RecordedService();
    service.call = ((_name: string, { options }: { options: { resolution: number } }, { signal }: { signal: AbortSignal }) => {
      signals.push(signal);
      if (options.resolution === 9) return Promise.resolve({ result: options, quantities: [] });
      return new Promise((_, fail) =>
        signal.addEventListener('abort', () => fail(new LotkaError('cancelled', 'The computation was cancelled.'))),
      );
    }) as never;
    const section: Section<unknown> = new Section(service, 'plane-section');
    const first = section.make('run-1', { step: 1 }, [9, 17], places);
    await vi.waitFor(() => expect(section.working).toBe(17));
    section.cancel();
    await first;
    expect(section).toMatchObject({ working: null, trouble: null, result: { step: 1, resolution: 9 } });
    const second = section.make('run-1', { step: 2 }, [9, 17], places);
    await vi.waitFor(() => expect(section.working).toBe(17));
    const third = section.make('run-1', { step: 3 }, [9], places);
    await Promise.all([second, third]);
    expect(section).toMatchObject({ working: null, result: { step: 3, resolution: 9 } });
    expect(new Set(signals.filter(({ aborted }) => aborted)).size).toBe(2);
    section.clear();
    expect(section.result).toBeNull();
  });

  it('says what went wrong, and keeps what is shown', async () => {
    const service = new RecordedService({ 'runs.measure': () => Promise.reject(new LotkaError('conflict', 'The network does not move.')) });
    const section: Section<unknown> = new Section(service, 'plane-section');
    section.result = { old: true };
    await section.make('run-1', {}, [9], places);
    expect(section).toMatchObject({ trouble: 'The network does not move.', working: null, result: { old: true } });
  });
});
