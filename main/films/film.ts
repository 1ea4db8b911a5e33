/** Films of a run's timeline, drawn without a window. */
import type { RecordedRun } from '#app/experiments/experiment.ts';
import { filmInfo } from '#app/films/formats.ts';
import { filmSteps } from '#app/films/steps.ts';
import { figureSizes } from '#app/figures/drawing.ts';
import { asciiJson, provenanceOf } from '#app/figures/provenance.ts';
import type { RunRecord } from '#app/protocol/contract.ts';
import { mostFrames, type FilmRequest } from '#app/protocol/film-calls.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { svgToPng } from '#main/export/png.ts';
import { openFilmThread, type FilmThread } from './film-thread.ts';
import { drawingOf, type FilmedRun } from './frames.ts';

export interface FilmProgress {
  readonly fraction: number;
  readonly secondsLeft: number | null;
  readonly file: { readonly name: string; readonly mime: string; readonly total: number; readonly bytes: Uint8Array } | null;
}

/** Bytes of a piece: a message that every wire carries. */
const pieceBytes = 1 << 20;

/** A film's run, with what is needed to draw it. `milestones`: steps of its events, around which a film that is paced by them goes slower. */
export type Filmed = FilmedRun & { readonly record: RunRecord; readonly milestones: readonly number[] };

/**
 * Draws and encodes a film, a frame at a time; then its bytes come in pieces. Steps that follow each other and are the same are drawn once.
 * @throws LotkaError as `drawingOf` does, `bad-input` for too many frames, `cancelled`
 */
export async function* film(
  filmed: Filmed,
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
  requireRows(run);
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

/** Moments of which a single one is looked at. */
const previewed = 121;

/**
 * One picture of a film, drawn as the film draws it.
 * @param share how much of the film has gone by, 0 to 1
 * @param width of the PNG in pixels, about
 * @throws LotkaError as `film` does
 */
export function filmFrame(
  { milestones, ...filmed }: Filmed,
  request: FilmRequest,
  share: number,
  width: number,
): { step: number; bytes: Uint8Array } {
  requireRows(filmed.run);
  const steps = filmSteps(filmed.run.steps, previewed, request.pace, milestones);
  const step = steps[Math.round(share * (steps.length - 1))]!;
  return { step, bytes: svgToPng(drawingOf(filmed, request, steps)(step, share), width / figureSizes[request.size].width) };
}

function requireRows(run: RecordedRun): void {
  if (run.seriesInfo.every(({ name }) => run.series(name).rows === 0))
    throw new LotkaError('conflict', 'Nothing is recorded yet, so there is nothing to film.');
}
