import type { RunUpdate } from '#app/protocol/contract.ts';
import { pause } from './pause.ts';
import type { Runs } from './runs.ts';

/** Rows of one message stay below this, so that no message holds up the others. */
const bytesPerMessage = 1 << 20;
/** A screen draws no more often. */
const updateMilliseconds = 33;

/**
 * Follows a run: each update covers everything since the one before, a long past comes in several.
 * Goes on through pause, end and resume; ends when the run is deleted or the client leaves. Meanwhile the run trains before others.
 */
export async function* watchRun(runs: Runs, run: string, fromRow: number, signal: AbortSignal): AsyncGenerator<RunUpdate> {
  const release = runs.watch(run);
  try {
    yield* updatesOf(runs, run, fromRow, signal);
  } finally {
    release();
  }
}

async function* updatesOf(runs: Runs, run: string, fromRow: number, signal: AbortSignal): AsyncGenerator<RunUpdate> {
  const recording = runs.recording(run);
  const names = recording.series.map((info) => info.name);
  const width = recording.series.reduce((sum, info) => sum + info.width, 0);
  const rowsPerMessage = Math.max(1, Math.floor(bytesPerMessage / (8 * width)));
  let next = fromRow;
  const framesSeen = new Map(recording.frames.map((info) => [info.name, -1]));

  while (!signal.aborted && runs.has(run)) {
    const version = runs.notifier.version(run);
    const live = runs.liveView(run);
    const { from, values } = runs.rows(run, names, next, next + rowsPerMessage);
    const first = recording.series[0];
    const count = first ? values[first.name]!.length / first.width : 0;
    const frames: RunUpdate['frames'] = {};
    const frameSteps: RunUpdate['frameSteps'] = {};
    for (const [name, seen] of framesSeen) {
      const steps = runs.frameSteps(run, name);
      const fresh = steps.filter((step) => step > seen);
      if (fresh.length === 0) continue;
      const frame = runs.frame(run, name, fresh.at(-1)!);
      frames[name] = { step: frame.step, shape: [...frame.shape], values: frame.values };
      frameSteps[name] = fresh;
      framesSeen.set(name, frame.step);
    }
    yield {
      record: runs.record(run),
      rows: { from, values },
      frames,
      frameSteps,
      milestones: [...runs.milestones(run)],
      stepsPerSecond: live?.stepsPerSecond ?? 0,
      secondsLeft: live?.secondsLeft ?? null,
    };
    next = from + count;
    if (count === rowsPerMessage) continue;
    await pause(updateMilliseconds, signal);
    await runs.notifier.changed(run, version, signal);
  }
}
