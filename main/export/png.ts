import { join } from 'node:path';
import { Resvg } from '@resvg/resvg-js';
import { packageRoot } from '#main/paths.ts';

const fonts = ['Inter-Regular.ttf', 'Inter-Medium.ttf', 'Inter-SemiBold.ttf'];

/** An SVG text as PNG bytes, set in the bundled fonts only, so that every machine gives the same picture. @param scale pixels per px */
export function svgToPng(svg: string, scale: number): Uint8Array {
  // In a packaged app fonts lie beside the archive, because native code cannot read inside it.
  const folder = join(packageRoot().replace(/app\.asar$/, 'app.asar.unpacked'), 'assets', 'fonts');
  const resvg = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: { loadSystemFonts: false, fontFiles: fonts.map((font) => join(folder, font)), defaultFontFamily: 'Inter' },
  });
  return resvg.render().asPng();
}
