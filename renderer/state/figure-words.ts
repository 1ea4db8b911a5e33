/** What people write over a figure before they export it, kept with each figure. */
import { z } from 'zod';
import type { Drawing } from '#app/figures/drawing.ts';

/** Ends of the axes as typed; empty for those of the figure. */
export const FigureWords = z.object({
  /** The figure's own where null. */
  title: z.string().nullable(),
  /** What things are called instead. */
  names: z.record(z.string(), z.string()),
  xFrom: z.string(),
  xTo: z.string(),
  yFrom: z.string(),
  yTo: z.string(),
});
export type FigureWords = z.infer<typeof FigureWords>;

export const blankWords: FigureWords = { title: null, names: {}, xFrom: '', xTo: '', yFrom: '', yTo: '' };

/** What of it decides a drawing; null while an end is no number, or one of two ends is missing. */
export function drawnWords({
  title,
  names,
  xFrom,
  xTo,
  yFrom,
  yTo,
}: FigureWords): Pick<Drawing, 'title' | 'names' | 'xLimits' | 'yLimits'> | null {
  const [xLimits, yLimits] = [limits(xFrom, xTo), limits(yFrom, yTo)];
  return xLimits === undefined || yLimits === undefined ? null : { title, names, xLimits, yLimits };
}

/** Ends of an axis; null for those of the figure, undefined for what is neither. */
export function limits(from: string, to: string): [number, number] | null | undefined {
  if (from.trim() === '' && to.trim() === '') return null;
  const ends: [number, number] = [Number(from), Number(to)];
  return [from, to].some((text) => text.trim() === '') || !ends.every(Number.isFinite) ? undefined : ends;
}

/** How many figures are remembered with their words. */
const mostRemembered = 60;

/** What is remembered, with the words of one more figure, or without them where they are its own. */
export function remembered(all: Readonly<Record<string, FigureWords>>, figure: string, words: FigureWords): Record<string, FigureWords> {
  const { [figure]: _, ...others } = all;
  if (JSON.stringify(words) === JSON.stringify(blankWords)) return others;
  return Object.fromEntries([...Object.entries(others).slice(1 - mostRemembered), [figure, words]]);
}
