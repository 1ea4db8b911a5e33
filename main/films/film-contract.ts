/** What the service asks of the thread that draws and encodes one film. */
import { z } from 'zod';
import { array } from '#app/protocol/array.ts';
import { call, defineContract } from '#app/protocol/define.ts';
import { filmFormats } from '#app/films/formats.ts';

export const filmContract = defineContract({
  open: call({
    input: z.object({ format: z.enum(filmFormats), framesPerSecond: z.number(), provenance: z.string(), title: z.string() }),
    output: z.object({}),
  }),
  /** Adds a drawing that is shown for so many frames; the first says how large the film is. */
  add: call({ input: z.object({ svg: z.string(), repeats: z.number().int().min(1) }), output: z.object({}) }),
  /** The finished film. */
  end: call({ input: z.object({}), output: z.object({ bytes: array() }) }),
});
export type FilmContract = typeof filmContract;
