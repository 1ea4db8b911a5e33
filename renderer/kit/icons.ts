/** Outlines on a 16 x 16 grid, drawn with a 1.25 px stroke. */
export const icons = {
  search: 'M7 12a5 5 0 1 0 0-10 5 5 0 0 0 0 10ZM10.8 10.8 14 14',
  settings: 'M2 4.5h7M13 4.5h1M2 11.5h1M7 11.5h7M11 6.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM5 13.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z',
  help: 'M6 6.2a2 2 0 1 1 3 1.7c-.7.4-1 .8-1 1.6M8 11.8v.1M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Z',
  theme: 'M8 14.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM8 1.5v13M8 4.5l3-2M8 8l5.8-2.8M8 11.5l6.3-3',
  play: 'M4.5 2.5v11l9-5.5Z',
  pause: 'M5 3v10M11 3v10',
  first: 'M3.5 3v10M12.5 3 6 8l6.5 5Z',
  last: 'M12.5 3v10M3.5 3 10 8l-6.5 5Z',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  more: 'M3 8h.1M8 8h.1M13 8h.1',
  check: 'M3 8.5 6.5 12 13 4.5',
  cross: 'M4 4l8 8M12 4l-8 8',
  down: 'M4 6l4 4 4-4',
  right: 'M6 4l4 4-4 4',
  left: 'M10 4 6 8l4 4',
  plus: 'M8 3v10M3 8h10',
  grip: 'M6 3.5h.1M10 3.5h.1M6 8h.1M10 8h.1M6 12.5h.1M10 12.5h.1',
  revert: 'M3 3v4h4M3.5 7a5 5 0 1 1 .3 3.5',
  film: 'M2.5 3.5h11v9h-11ZM5 3.5v9M11 3.5v9M2.5 6.5H5M2.5 9.5H5M11 6.5h2.5M11 9.5h2.5',
  trash: 'M2.5 4h11M6 4V2.5h4V4M4 4l.7 9.5h6.6L12 4',
  pencil: 'M3 13l.6-3L10.5 3 13 5.5l-7 6.9L3 13Z',
  warning: 'M8 2 14.5 13.5h-13ZM8 6.5v3.5M8 11.7v.1',
  circle: 'M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11Z',
} as const;

export type IconName = keyof typeof icons;
