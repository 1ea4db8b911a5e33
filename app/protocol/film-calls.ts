/** The part of the contract that is about films of a run's timeline. */
import { z } from 'zod';
import { filmFormats } from '#app/films/formats.ts';
import { paces } from '#app/films/steps.ts';
import { sizeNames } from '#app/figures/drawing.ts';
import { array } from './array.ts';
import { call, stream } from './define.ts';
import { JsonParameters, RunId, Step } from './run.ts';

/** Frames of a film at most: a minute at 60 a second. */
export const mostFrames = 3600;

export const FilmRequest = z.object({
  run: RunId,
  /** A figure or a 3D picture of the run's experiment. */
  shows: z.object({ kind: z.enum(['figure', 'picture']), id: z.string() }),
  format: z.enum(filmFormats),
  framesPerSecond: z.number().int().min(1).max(60).default(30),
  seconds: z.number().min(0.1).max(600).default(10),
  pace: z.enum(paces).default('log'),
  /** Seconds for which the last frame stays. */
  hold: z.number().min(0).max(60).default(1),
  /** Scalar series whose values are written beside the step. */
  measures: z.array(z.string()).max(4).default([]),
  /** Degrees that a 3D picture turns in the whole film. */
  turn: z.number().min(-3600).max(3600).default(0),
  theme: z.enum(['light', 'dark']).default('light'),
  size: z.enum(sizeNames).default('slide'),
  letters: z.number().min(0.5).max(3).default(1),
  lines: z.number().min(0.25).max(4).default(1),
  /** Options of the measures that a figure shows, by measure. */
  options: z.record(z.string(), JsonParameters).default({}),
});
export type FilmRequest = z.output<typeof FilmRequest>;

export const filmCalls = {
  /** One picture of a film, as a PNG of about `width` pixels. `share`: how much of the film has gone by then, 0 to 1. */
  'export.filmFrame': call({
    input: FilmRequest.extend({ share: z.number().min(0).max(1), width: z.number().int().min(16).max(4096).default(480) }),
    output: z.object({ step: Step, bytes: array() }),
  }),
  /** Draws and encodes a film; `fraction` tells how far it is. Then come its bytes in pieces of about a megabyte, `total` in all. */
  'export.film': stream({
    input: FilmRequest,
    item: z.object({
      fraction: z.number(),
      secondsLeft: z.number().nullable(),
      file: z.object({ name: z.string(), mime: z.string(), total: z.number(), bytes: array() }).nullable(),
    }),
    whenSlow: 'all',
  }),
};
