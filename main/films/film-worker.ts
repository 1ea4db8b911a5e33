/** Entry of the thread that draws and encodes one film: `workerData` is the port to the service. */
import { workerData } from 'node:worker_threads';
import type { Handlers, ParsedInputOf } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { serve } from '#app/protocol/server.ts';
import { portWire, type EventPort } from '#app/protocol/wires.ts';
import { renderSvg } from '#main/export/png.ts';
import { openEncoder, type Encoder } from './encoders.ts';
import { filmContract, type FilmContract } from './film-contract.ts';

function handlers(): Handlers<FilmContract> {
  let film: ParsedInputOf<FilmContract['open']> | null = null;
  let encoder: Encoder | null = null;
  return {
    open: (info) => {
      film = info;
      return {};
    },
    add: async ({ svg, repeats }) => {
      if (!film) throw new LotkaError('internal', 'The film was not begun.');
      const image = renderSvg(svg, 1);
      const { width, height, pixels } = image;
      encoder ??= await openEncoder(film.format, { ...film, width, height });
      await encoder.add({ width, height, pixels, png: () => image.asPng() }, repeats);
      return {};
    },
    end: async () => {
      if (!encoder) throw new LotkaError('internal', 'The film has no frames.');
      return { bytes: await encoder.end() };
    },
  };
}

serve(portWire(workerData as EventPort), filmContract, handlers());
