/** A service for component tests: answers calls from a table and streams what the test pushes. */
import type { Contract, RunRecord, RunUpdate } from '#app/protocol/contract.ts';
import type { CallNames, InputOf, OutputOf, StreamNames } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { Service } from '#renderer/connect/service.ts';

type Answers = { [K in CallNames<Contract>]?: (input: InputOf<Contract[K]>) => OutputOf<Contract[K]> | Promise<OutputOf<Contract[K]>> };

interface Channel {
  readonly input: unknown;
  push(item: unknown): void;
  end(error?: unknown): void;
}

export class RecordedService implements Service {
  readonly calls: { readonly name: string; readonly input: unknown }[] = [];
  readonly channels = new Map<string, Channel>();
  answers: Answers;

  constructor(answers: Answers = {}) {
    this.answers = {
      'settings.read': () => ({}),
      'settings.write': () => ({}),
      'engine.backends': () => ({
        backends: [
          {
            name: 'wasm',
            label: 'WebAssembly, one rounding',
            state: 'ready',
            why: 'The same bits on every machine.',
            build: '00',
            precisions: ['f32', 'f64'],
          },
          {
            name: 'wasm-relaxed',
            label: 'WebAssembly, relaxed',
            state: 'ready',
            why: 'Faster.',
            build: '01',
            precisions: ['f32', 'f64'],
          },
          { name: 'tensorflow', label: 'TensorFlow', state: 'absent', why: 'It is not installed.', build: null, precisions: ['f32'] },
        ],
        chosen: 'wasm',
        bytesPerRun: 2 ** 30,
      }),
      'runs.trash': () => ({ runs: 0, sweeps: 0, datasets: 0, bytes: 0 }),
      'runs.list': () => ({ runs: [], total: 0 }),
      'sweeps.list': () => ({ sweeps: [] }),
      'datasets.list': () => ({ datasets: [], unreadable: [] }),
      'archives.list': () => ({ archives: [] }),
      'app.info': () => ({
        protocol: 1,
        lotka: '0.1.0',
        host: 'served',
        node: '20',
        electron: null,
        engine: 'test',
        workers: 1,
        store: '/tmp/store',
        checks: [],
      }),
      ...answers,
    };
  }

  inputsOf(name: CallNames<Contract>): unknown[] {
    return this.calls.filter((call) => call.name === name).map((call) => call.input);
  }

  call: Service['call'] = async (name, input) => {
    this.calls.push({ name, input });
    const answer = this.answers[name] as ((given: unknown) => unknown) | undefined;
    if (!answer) throw new LotkaError('not-found', `The test has no answer to ${name}.`);
    return (await answer(input)) as never;
  };

  stream: Service['stream'] = (name: StreamNames<Contract>, input: unknown, options?: { signal?: AbortSignal }) => {
    const items: unknown[] = [];
    let ended = false;
    let failure: unknown;
    let wake = () => {};
    this.channels.set(name, {
      input,
      push: (item) => {
        items.push(item);
        wake();
      },
      end: (error) => {
        ended = true;
        failure = error;
        wake();
      },
    });
    options?.signal?.addEventListener('abort', () => wake());
    return {
      async *[Symbol.asyncIterator]() {
        for (;;) {
          if (options?.signal?.aborted) return;
          if (items.length > 0) yield items.shift() as never;
          else if (ended && failure !== undefined) throw failure;
          else if (ended) return;
          else await new Promise<void>((resolve) => (wake = resolve));
        }
      },
    };
  };
}

export function recordOf(part: Partial<RunRecord> = {}): RunRecord {
  return {
    format: 1,
    id: 'run-000001',
    name: 'a run',
    experiment: 'survival',
    preset: 'fast',
    parameters: {},
    status: 'running',
    message: null,
    step: 0,
    steps: 100,
    seconds: 0,
    headline: {},
    forkedFrom: null,
    provenance: { lotka: '0.1.0', engine: 'e', backend: 'wasm', precision: 'f32', machine: 'm', created: '2026-01-01T00:00:00.000Z' },
    ...part,
  };
}

export const openedOf = (part: Partial<RunRecord> = {}): OutputOf<Contract['runs.get']> => ({
  record: recordOf(part),
  recording: {
    series: [
      { name: 'loss', label: 'Loss', width: 1, unit: '' },
      { name: 'signals', label: 'Signals', width: 2, unit: '' },
    ],
    frames: [{ name: 'embedding', label: 'Embedding', shape: [2, 2] }],
  },
});

/** An update with rows `from` .. `to - 1`, loss = row, signals = (row, -row). */
export function updateOf(from: number, to: number, part: Partial<RunUpdate> = {}): RunUpdate {
  const rows = Array.from({ length: to - from }, (_, i) => from + i);
  return {
    record: recordOf({ step: to }),
    rows: { from, values: { loss: Float64Array.from(rows), signals: Float64Array.from(rows.flatMap((row) => [row, -row])) } },
    frames: {},
    frameSteps: {},
    milestones: [],
    stepsPerSecond: 10,
    secondsLeft: 5,
    ...part,
  };
}
