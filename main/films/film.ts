/** Films of a run's timeline, drawn without a window. */
import { filmInfo } from '#app/films/formats.ts';
import { filmSteps } from '#app/films/steps.ts';
import { asciiJson, provenanceOf } from '#app/figures/provenance.ts';
import type { RunRecord } from '#app/protocol/contract.ts';
import { mostFrames, type FilmRequest } from '#app/protocol/film-calls.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { openFilmThread, type FilmThread } from './film-thread.ts';
import { drawingOf, type FilmedRun } from './frames.ts';

export interface FilmProgress {
  readonly fraction: number;
  readonly secondsLeft: number | null;
  readonly file: { readonly name: string; readonly mime: string; readonly total: number; readonly bytes: Uint8Array } | null;
}

/** Bytes of a piece: a message that every wire carries. */
const pieceBytes = 1 << 20;

/**
 * Draws and encodes a film, a frame at a time; then its bytes come in pieces. Steps that follow each other and are the same are drawn once.
 * @param milestones Steps of the run's events, around which a film that is paced by them goes slower.
 * @throws LotkaError as `drawingOf` does, `bad-input` for too many frames, `cancelled`
 */
export async function* film(
  filmed: FilmedRun & { readonly record: RunRecord; readonly milestones: readonly number[] },
  request: FilmRequest,
  signal: AbortSignal,
  openThread: () => FilmThread = openFilmThread,
): AsyncGenerator<FilmProgress> {
  const { run, record, experiment, milestones } = filmed;
  const { framesPerSecond, seconds, hold, pace, format, shows } = request;
  const frames = Math.max(1, Math.round(seconds * framesPerSecond));
  if (frames + Math.round(hold * framesPerSecond) > mostFrames)
    throw new LotkaError(
      'bad-input',
      `${seconds} s at ${framesPerSecond} frames a second are ${frames} frames; a film has at most ${mostFrames}: make it shorter, or take fewer a second.`,
    );
  if (run.seriesInfo.every(({ name }) => run.series(name).rows === 0))
    throw new LotkaError('conflict', 'Nothing is recorded yet, so there is nothing to film.');
  const steps = filmSteps(run.steps, frames, pace, milestones);
  const draw = drawingOf(filmed, request, steps);
  const provenance = provenanceOf(record, { kind: shows.kind, id: shows.id, step: run.steps }, experiment.paper.title);
  const thread = openThread();
  try {
    const title = `${record.name}: ${shows.id}`;
    await thread.client.call('open', { format, framesPerSecond, provenance: asciiJson(provenance), title }, { signal });
    const begun = performance.now();
    let shown = 0;
    yield { fraction: 0, secondsLeft: null, file: null };
    for (let frame = 0; frame < frames;) {
      let next = frame + 1;
      if (request.turn === 0) while (next < frames && steps[next] === steps[frame]) next++;
      const repeats = next - frame + (next === frames ? Math.round(hold * framesPerSecond) : 0);
      await thread.client.call('add', { svg: draw(steps[frame]!, frames === 1 ? 0 : frame / (frames - 1)), repeats }, { signal });
      frame = next;
      shown++;
      const fraction = frame / frames;
      const left = shown < 3 ? null : ((performance.now() - begun) / 1000 / fraction) * (1 - fraction);
      yield { fraction, secondsLeft: left, file: null };
    }
    const bytes = (await thread.client.call('end', {}, { signal })).bytes as Uint8Array;
    const { ending, mime } = filmInfo[format];
    const name = `${experiment.id}-${shows.id}-${record.id}.${ending}`;
    for (let at = 0; at < bytes.length; at += pieceBytes)
      yield { fraction: 1, secondsLeft: 0, file: { name, mime, total: bytes.length, bytes: bytes.slice(at, at + pieceBytes) } };
  } finally {
    thread.leave();
  }
}
