import { join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { fontFolder } from './fonts.ts';

const fonts = ['Inter-Regular.ttf', 'Inter-Medium.ttf', 'Inter-SemiBold.ttf'];

/** An SVG text as PNG bytes, set in the bundled fonts only, so that every machine gives the same picture. @param scale pixels per px */
export function svgToPng(svg: string, scale: number): Uint8Array {
  const folder = fontFolder();
  const resvg = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: { loadSystemFonts: false, fontFiles: fonts.map((font) => join(folder, font)), defaultFontFamily: 'Inter' },
  });
  return resvg.render().asPng();
}
