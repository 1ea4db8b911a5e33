import { join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { fontFolder } from './fonts.ts';

const fonts = ['Inter-Regular.ttf', 'Inter-Medium.ttf', 'Inter-SemiBold.ttf'];

/** An SVG text as PNG bytes, set in the bundled fonts only, so that every machine gives the same picture. @param scale pixels per px */
export function svgToPng(svg: string, scale: number): Uint8Array {
  return renderSvg(svg, scale).asPng();
}

/** The same as pixels. */
export const renderSvg = (svg: string, scale: number): ReturnType<Resvg['render']> =>
  new Resvg(svg, { fitTo: { mode: 'zoom', value: scale }, font: bundledFonts() }).render();

/** The same drawing with letters as outlines, which needs no font. */
export const outlinedSvg = (svg: string): string => new Resvg(svg, { font: bundledFonts() }).toString();

const bundledFonts = (): { loadSystemFonts: boolean; fontFiles: string[]; defaultFontFamily: string } => ({
  loadSystemFonts: false,
  fontFiles: fonts.map((font) => join(fontFolder(), font)),
  defaultFontFamily: 'Inter',
});
