/** How a figure is drawn into a file: what people choose before they export it, the same on screen and on the command line. */
import { z } from 'zod';
import { LotkaError } from '#app/protocol/errors.ts';
import { exportFormats } from './formats.ts';
import { paperMargin, roomyHeight } from './layout.ts';
import type { Axis, FigureSpec, Mark } from './spec.ts';

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

/** What becomes of letters in an SVG. */
export const fontModes = ['embedded', 'outlined', 'named'] as const;

const limits = z.tuple([z.number(), z.number()]).nullable().default(null);

/** Fields of every call that exports a figure. */
export const drawingFields = {
  format: z.enum(exportFormats),
  theme: z.enum(['light', 'dark']).default('light'),
  /** PNG pixels per px. */
  scale: z.number().min(1).max(8).default(2),
  size: z.enum(sizeNames).default('usual'),
  /** In place of the figure's own; none if empty. */
  title: z.string().max(300).nullable().default(null),
  /** What lines, rules, points and categories are called, in place of their own names; left without a name where empty. */
  names: z.record(z.string().max(200), z.string().max(200)).default({}),
  /** Nothing is drawn behind it. */
  transparent: z.boolean().default(false),
  /** How many times as large as usual letters, and as wide lines, are. */
  letters: z.number().min(0.5).max(3).default(1),
  lines: z.number().min(0.25).max(4).default(1),
  /** Ends of the axes, in their units; as the figure has them where null. */
  xLimits: limits,
  yLimits: limits,
  /** Of an SVG: text in fonts that it carries, as outlines that need none, or in fonts that it only names. */
  fonts: z.enum(fontModes).default('embedded'),
};

export type Drawing = z.output<z.ZodObject<typeof drawingFields>>;

/**
 * What is drawn of a figure: title, lines and axes as they were chosen.
 * @throws LotkaError `bad-input` for ends that an axis cannot have
 */
export function dressed(
  spec: FigureSpec,
  { title, names, lines, xLimits, yLimits }: Pick<Drawing, 'title' | 'names' | 'lines' | 'xLimits' | 'yLimits'>,
): FigureSpec {
  const wide =
    lines === 1
      ? spec.marks
      : spec.marks.map((mark) => (mark.kind === 'line' ? { ...mark, width: (mark.width ?? usualLine) * lines } : mark));
  const marks = Object.keys(names).length === 0 ? wide : wide.map((mark) => renamed(mark, names));
  return { ...spec, title: title ?? spec.title, x: limited(spec.x, xLimits, 'horizontal'), y: limited(spec.y, yLimits, 'vertical'), marks };
}

/** Names that a figure shows of its lines, rules, points and categories, each once: those that can be changed. */
export function namesIn({ marks }: FigureSpec): string[] {
  const names = marks.flatMap((mark) => {
    if (mark.kind === 'line') return mark.legend === true ? [mark.label] : [];
    if (mark.kind === 'rule') return [mark.label];
    if (mark.kind === 'points') return mark.points.map(({ label }) => label);
    return mark.kind === 'cells' ? (mark.categories ?? []).map(({ label }) => label) : [];
  });
  return [...new Set(names)].filter((name): name is string => name !== undefined && name !== '');
}

/** @throws LotkaError `bad-input` for a name that none of the figures shows */
export function requireNames(names: Drawing['names'], specs: readonly FigureSpec[]): void {
  const known = new Set(specs.flatMap(namesIn));
  const unknown = Object.keys(names).find((name) => !known.has(name));
  if (unknown === undefined) return;
  const [what, has] = specs.length === 1 ? ['this figure', 'it has'] : ['these figures', 'they have'];
  const list = known.size === 0 ? 'no names at all' : [...known].map((name) => `"${name}"`).join(', ');
  throw new LotkaError('bad-input', `There is nothing called "${unknown}" in ${what}; ${has} ${list}.`);
}

function renamed(mark: Mark, names: Drawing['names']): Mark {
  // Names come from outside: what every object has is none of them.
  const nameOf = (label: string): string => (Object.hasOwn(names, label) ? names[label]! : label);
  if (mark.kind === 'line') {
    const label = nameOf(mark.label);
    return { ...mark, label, legend: mark.legend === true && label !== '' };
  }
  if (mark.kind === 'rule') return mark.label === undefined ? mark : { ...mark, label: nameOf(mark.label) };
  if (mark.kind === 'points')
    return { ...mark, points: mark.points.map((point) => (point.label === undefined ? point : { ...point, label: nameOf(point.label) })) };
  if (mark.kind !== 'cells' || !mark.categories) return mark;
  return { ...mark, categories: mark.categories.map((category) => ({ ...category, label: nameOf(category.label) })) };
}

/** Px of a line that does not say how wide it is. */
const usualLine = 1.5;

function limited(axis: Axis, ends: Drawing['xLimits'], which: string): Axis {
  if (!ends) return axis;
  const [from, to] = ends;
  const name = `the ${which} axis${axis.label ? ` (${axis.label})` : ''}`;
  if (axis.scale === 'category') throw new LotkaError('bad-input', `Ends of ${name} cannot be chosen: it counts rows or columns.`);
  if (!(from < to)) throw new LotkaError('bad-input', `Ends of ${name} are ${from} and ${to}; the second has to be the larger.`);
  if (axis.scale === 'log' && from <= 0)
    throw new LotkaError('bad-input', `Ends of ${name} are ${from} and ${to}; it is logarithmic, so both have to be above 0.`);
  return { ...axis, domain: [from, to] };
}

type DrawnSize = Pick<FigureSize, 'width' | 'height' | 'magnification'>;

/** The drawing's size in px, and how much its letters are magnified. It is higher than was chosen if words would leave a plot no room. */
export function drawnSize(spec: FigureSpec, chosen: Pick<Drawing, 'size' | 'letters'>): DrawnSize {
  const { width, height, magnification } = chosenSize(spec, chosen);
  const [across, down] = [width / magnification - 2 * paperMargin, height / magnification - 2 * paperMargin];
  return { width, height: Math.ceil(height + magnification * (roomyHeight(spec, across, down) - down)), magnification };
}

function chosenSize(spec: FigureSpec, { size, letters }: Pick<Drawing, 'size' | 'letters'>): DrawnSize {
  const { width, height } = figureSizes[size];
  const magnification = figureSizes[size].magnification * letters;
  const isMap = spec.marks.some((mark) => mark.kind === 'cells' && mark.stretched !== true);
  if (!isMap) return { width, height, magnification };
  if (size === 'usual') return { ...usualMap, magnification };
  // Square cells want about as much height as width.
  return { width, height: size === 'slide' ? height : Math.max(height, Math.round(0.9 * width)), magnification };
}
