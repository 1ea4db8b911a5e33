/** What a film can be saved as. */
export const filmFormats = ['webm', 'gif', 'png'] as const;
export type FilmFormat = (typeof filmFormats)[number];

export const filmInfo: Readonly<Record<FilmFormat, { label: string; help: string; ending: string; mime: string }>> = {
  webm: { label: 'WebM', help: 'A film (VP9) for slides and browsers', ending: 'webm', mime: 'video/webm' },
  gif: { label: 'GIF', help: 'A loop of 256 colours, for everywhere', ending: 'gif', mime: 'image/gif' },
  png: { label: 'PNG frames', help: 'Every frame as a picture, in a zip archive', ending: 'zip', mime: 'application/zip' },
};
