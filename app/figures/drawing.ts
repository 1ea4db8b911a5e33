/** How a figure is drawn into a file: what people choose before they export it, the same on screen and on the command line. */
import { z } from 'zod';
import { exportFormats } from './formats.ts';
import type { FigureSpec } from './spec.ts';

/** Px a millimetre, at 96 px an inch. */
const perMillimetre = 96 / 25.4;

export interface FigureSize {
  readonly label: string;
  readonly help: string;
  /** In px. */
  readonly width: number;
  readonly height: number;
  /** How many times as large as in a column letters and lines are. */
  readonly magnification: number;
}

const millimetres = (width: number, height: number): { width: number; height: number } => ({
  width: Math.round(width * perMillimetre),
  height: Math.round(height * perMillimetre),
});

export const sizeNames = ['usual', 'column', 'page', 'slide', 'poster'] as const;
export type SizeName = (typeof sizeNames)[number];

export const figureSizes: Readonly<Record<SizeName, FigureSize>> = {
  usual: { label: 'Usual', help: '148 × 95 mm', width: 560, height: 360, magnification: 1 },
  column: { label: 'Column', help: 'One column of a journal, 89 × 66 mm', ...millimetres(89, 66), magnification: 1 },
  page: { label: 'Page', help: 'Two columns of a journal, 183 × 105 mm', ...millimetres(183, 105), magnification: 1 },
  slide: { label: 'Slide', help: 'A slide of 16 : 9, 960 × 540 px', width: 960, height: 540, magnification: 1.75 },
  poster: { label: 'Poster', help: 'A panel of a poster, 300 × 210 mm', ...millimetres(300, 210), magnification: 2 },
};

/** Height of the usual size where cells are square. */
const usualMap = { width: 480, height: 500 };

/** Fields of every call that exports a figure. */
export const drawingFields = {
  format: z.enum(exportFormats),
  theme: z.enum(['light', 'dark']).default('light'),
  /** PNG pixels per px. */
  scale: z.number().min(1).max(8).default(2),
  size: z.enum(sizeNames).default('usual'),
  /** In place of the figure's own; none if empty. */
  title: z.string().max(300).nullable().default(null),
  /** Nothing is drawn behind it. */
  transparent: z.boolean().default(false),
};

export type Drawing = z.output<z.ZodObject<typeof drawingFields>>;

/** What is drawn of a figure. */
export const titled = (spec: FigureSpec, { title }: Pick<Drawing, 'title'>): FigureSpec => (title === null ? spec : { ...spec, title });

/** The drawing's size in px, and how much its letters are magnified. */
export function drawnSize(spec: FigureSpec, { size }: Pick<Drawing, 'size'>): Pick<FigureSize, 'width' | 'height' | 'magnification'> {
  const { width, height, magnification } = figureSizes[size];
  const isMap = spec.marks.some((mark) => mark.kind === 'cells' && mark.stretched !== true);
  if (!isMap) return { width, height, magnification };
  if (size === 'usual') return { ...usualMap, magnification };
  // Square cells want about as much height as width.
  return { width, height: size === 'slide' ? height : Math.max(height, Math.round(0.9 * width)), magnification };
}
