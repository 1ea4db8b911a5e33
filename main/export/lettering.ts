import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import subsetFont from 'subset-font';
import type { Drawing } from '#app/figures/drawing.ts';
import { fontFolder } from './fonts.ts';
import { outlinedSvg } from './png.ts';

/** Faces by weight. */
const faces: Readonly<Record<string, string>> = { 400: 'Inter-Regular.ttf', 500: 'Inter-Medium.ttf', 600: 'Inter-SemiBold.ttf' };

/** An SVG text with its letters as they were chosen. */
export async function lettered(svg: string, fonts: Drawing['fonts']): Promise<string> {
  if (fonts === 'outlined') return withWords(outlinedSvg(svg), svg);
  return fonts === 'embedded' ? withFonts(svg) : svg;
}

/** Puts into a drawing those letters of its fonts that it uses: it looks the same where Inter is not installed. */
async function withFonts(svg: string): Promise<string> {
  const letters = [...new Set([...svg.matchAll(/>([^<]+)</g)].flatMap(([, text]) => [...unescaped(text!)]))].sort().join('');
  const weights = Object.keys(faces).filter((weight) => weight === '400' || svg.includes(`font-weight="${weight}"`));
  const rules = await Promise.all(
    weights.map(async (weight) => {
      const font = await subsetFont(readFileSync(join(fontFolder(), faces[weight]!)), letters, { targetFormat: 'woff2' });
      const source = `url(data:font/woff2;base64,${font.toString('base64')}) format('woff2')`;
      return `@font-face{font-family:Inter;font-weight:${weight};src:${source}}`;
    }),
  );
  return inserted(svg, `<style>${rules.join('')}</style>`);
}

/** Title and description of a drawing, which outlining leaves out. */
function withWords(outlined: string, svg: string): string {
  const words = ['title', 'desc'].map((name) => new RegExp(`<${name}>[^<]*</${name}>`).exec(svg)?.[0] ?? '');
  return inserted(outlined, words.join(''));
}

/** @param what put behind the opening tag */
const inserted = (svg: string, what: string): string => svg.replace(/<svg[^>]*>/, (opening) => `${opening}${what}`);

const unescaped = (text: string): string =>
  text
    .replace(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCodePoint(parseInt(code, 16)))
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
