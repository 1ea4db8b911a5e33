/** Drawings of a run at one step after another. */
import type { Experiment, RecordedRun } from '#app/experiments/experiment.ts';
import { partOf } from '#app/experiments/parts.ts';
import { readable } from '#app/figures/format.ts';
import { drawnSize, dressed, figureSizes } from '#app/figures/drawing.ts';
import { layOut, paperMargin, sizes } from '#app/figures/layout.ts';
import type { FigureSpec, Mark } from '#app/figures/spec.ts';
import { shorten, textWidth } from '#app/figures/text.ts';
import type { SceneSpec } from '#app/figures/scene.ts';
import type { FilmRequest } from '#app/protocol/film-calls.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { Orbit } from '#app/scene/camera.ts';
import { drawScene, fittedOrbit } from '#app/scene/drawing.ts';
import { fontFamily } from '#main/export/fonts.ts';
import { figureSvg } from '#main/export/svg.ts';

export interface FilmedRun {
  readonly run: RecordedRun;
  readonly experiment: Experiment;
  /** Results of the measures that a figure shows, by id. */
  readonly results: Readonly<Record<string, unknown>>;
}

/** Draws the run at a step. `share`: how much of the film has gone by, 0..1. */
export type Draw = (step: number, share: number) => string;

/**
 * What a film shows, as a function of the step.
 * @param steps All steps of the film: the camera knows where things will go.
 * @throws LotkaError `not-found` for an unknown figure, picture or series, `conflict` if there is nothing to show
 */
export const drawingOf = (filmed: FilmedRun, request: FilmRequest, steps: readonly number[]): Draw =>
  request.shows.kind === 'figure' ? figureOf(filmed, request, steps) : pictureOf(filmed, request, steps);

function figureOf({ run, experiment, results }: FilmedRun, request: FilmRequest, steps: readonly number[]): Draw {
  const { theme } = request;
  const figure = partOf(experiment, 'figures', request.shows.id);
  const drawing = { ...request, title: null, names: {}, xLimits: null, yLimits: null };
  const at = (step: number): FigureSpec => {
    const spec = figure.draw({ run, results, step, theme });
    if (typeof spec === 'string') throw new LotkaError('conflict', `There is no film of "${figure.title}": ${spec}`);
    return spec;
  };
  const words = wordsOf(run, request);
  const whole = dressed(at(run.steps), drawing);
  const size = drawnSize(whole, drawing);
  const { x, y } = layOut(whole, size.width / size.magnification, size.height / size.magnification, true);
  const overSteps = whole.x.label === 'step';
  // What stands beside the title changes its width from frame to frame; the title makes room for the widest.
  const inner = size.width / size.magnification - 2 * paperMargin;
  const beside = Math.max(...[...new Set(steps)].map((step) => textWidth(words(step), sizes.label)));
  const title = (text: string): string => shorten(text, sizes.title, inner - beside - 20, 600);
  return (step) => {
    const now = overSteps ? whole : dressed(at(step), drawing);
    // The axes stay those of the whole run, so that what moves is the run.
    const isMap = now.marks.some(({ kind }) => kind === 'cells');
    const spec: FigureSpec = {
      ...now,
      title: title(now.title),
      aside: words(step),
      ...(isMap ? {} : { x: { ...now.x, domain: x.domain }, y: { ...now.y, domain: y.domain } }),
      marks: overSteps ? [...now.marks.map((mark) => upTo(mark, step)), { kind: 'rule', axis: 'x', at: step, colour: 'ink-3' }] : now.marks,
    };
    return figureSvg(spec, { theme, ...size, fontFamily, paper: true });
  };
}

/** What of a mark has happened at a step. */
function upTo(mark: Mark, step: number): Mark {
  if (mark.kind !== 'line' && mark.kind !== 'band') return mark;
  let end = 0;
  while (end < mark.x.length && mark.x[end]! <= step) end++;
  const cut = (values: ArrayLike<number>): number[] => Array.from(values).slice(0, Math.max(1, end));
  return mark.kind === 'line'
    ? { ...mark, x: cut(mark.x), y: cut(mark.y) }
    : { ...mark, x: cut(mark.x), low: cut(mark.low), high: cut(mark.high) };
}

function pictureOf({ run, experiment }: FilmedRun, request: FilmRequest, steps: readonly number[]): Draw {
  const picture = partOf(experiment, 'pictures', request.shows.id);
  const scene = (step: number): SceneSpec => {
    const spec = picture.scene({ run, step });
    if (typeof spec === 'string') throw new LotkaError('conflict', `There is no film of "${picture.label}": ${spec}`);
    return spec;
  };
  const { width, height, magnification } = figureSizes[request.size];
  const words = wordsOf(run, request);
  const size = { width, height, magnification: magnification * request.letters };
  const moments = Math.min(steps.length, cameraMoments);
  const camera = smoothed(
    Array.from({ length: moments }, (_, moment) => {
      const step = steps[moments === 1 ? 0 : Math.round((moment / (moments - 1)) * (steps.length - 1))]!;
      return fittedOrbit(scene(step), size, request.turn === 0 ? undefined : turningView);
    }),
  );
  return (step, share) => {
    const orbit = camera(share);
    orbit.azimuth += (share * request.turn * Math.PI) / 180;
    const drawing = { theme: request.theme, ...size, fontFamily, title: null, aside: words(step), transparent: false };
    return drawScene(scene(step), { ...drawing, orbit });
  };
}

/** Moments of a film for which the camera is fitted; between them it glides. */
const cameraMoments = 60;
/** From where a picture that turns is seen at first. */
const turningView = { azimuth: 0.16, elevation: 0.6 };
/** Moments over which the camera's way is evened out. */
const cameraCalm = 5;

/** A camera that follows others without their jumps: each part is a mean over neighbours, weighted by how near they are. */
function smoothed(orbits: readonly Orbit[]): (share: number) => Orbit {
  const mean = (at: number, value: (orbit: Orbit) => number): number => {
    let [sum, weight] = [0, 0];
    orbits.forEach((orbit, moment) => {
      const near = Math.exp(-(((moment - at) / cameraCalm) ** 2));
      sum += near * value(orbit);
      weight += near;
    });
    return sum / weight;
  };
  return (share) => {
    const at = share * (orbits.length - 1);
    return {
      azimuth: orbits[0]!.azimuth,
      elevation: mean(at, ({ elevation }) => elevation),
      target: [0, 1, 2].map((axis) => mean(at, ({ target }) => target[axis]!)) as [number, number, number],
      scale: Math.exp(mean(at, ({ scale }) => Math.log(scale))),
      eye: 0,
    };
  };
}

/** The step, and the values of series at it. */
function wordsOf(run: RecordedRun, { measures }: FilmRequest): (step: number) => string {
  const series = measures.map((name) => {
    const info = run.seriesInfo.find((one) => one.name === name);
    if (!info || info.width !== 1)
      throw new LotkaError(
        'not-found',
        `Run ${run.id} has no series "${name}" of single values; it has ${run.seriesInfo
          .filter(({ width }) => width === 1)
          .map((one) => one.name)
          .join(', ')}.`,
      );
    return { info, values: run.series(name).values };
  });
  return (step) =>
    [
      `step ${step.toLocaleString('en-US')}`,
      ...series.map(({ info, values }) => `${info.label.toLowerCase()} ${readable(lastKnown(values, step))}`),
    ].join(', ');
}

/** The newest value at or before a step: some are not measured at every one. */
function lastKnown(values: ArrayLike<number>, step: number): number {
  for (let at = Math.min(step, values.length - 1); at >= 0; at--) if (!Number.isNaN(values[at]!)) return values[at]!;
  return NaN;
}
