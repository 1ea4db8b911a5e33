import type { FilmRequest } from '#app/protocol/film-calls.ts';
import { download } from '#renderer/kit/download.ts';
import type { Workbench } from '#renderer/state/workbench.svelte.ts';

/** Has the service draw a film and saves it; how far it is and a way to cancel it stand above the screen. */
export const exportFilm = ({ archives, service, toasts }: Workbench, request: FilmRequest): Promise<void> =>
  archives.during('Drawing a film', async (show, signal) => {
    const pieces: BlobPart[] = [];
    let [name, mime, done, total] = ['', '', 0, 0];
    for await (const { fraction, secondsLeft, file } of service.stream('export.film', request, { signal })) {
      show(fraction, secondsLeft);
      if (!file) continue;
      [name, mime, total] = [file.name, file.mime, file.total];
      pieces.push(file.bytes as Uint8Array<ArrayBuffer>);
      done += file.bytes.byteLength;
    }
    if (signal.aborted || total === 0 || done < total) return;
    download(name, new Blob(pieces, { type: mime }));
    toasts.show(`Saved ${name}.`);
  });
