/** Several figures on one page, each with its letter. */
import type { Drawing } from '#app/figures/drawing.ts';
import { drawnSize, dressed, requireNames } from '#app/figures/drawing.ts';
import { paperMargin, roomyHeight, wordsHeight } from '#app/figures/layout.ts';
import type { FigureSpec } from '#app/figures/spec.ts';
import { figureSvg } from './svg.ts';

/** Px between panels. */
const gap = 8;

export interface Page {
  readonly svg: string;
  /** In px. */
  readonly width: number;
  readonly height: number;
}

/**
 * Figures in rows of `columns`, as wide together as the chosen size is. Titles begin with (a), (b), ...; what a legend has listed is
 * not listed again.
 * @param fontFamily As `figureSvg` takes it.
 * @throws LotkaError `bad-input` for names that none of them shows
 */
export function pageOf(specs: readonly FigureSpec[], columns: number, drawing: Drawing, fontFamily: string): Page {
  requireNames(drawing.names, specs);
  const across = Math.min(columns, specs.length);
  const { width, magnification } = drawnSize({ ...specs[0]!, marks: [] }, drawing);
  const panelWidth = (width - gap * (across - 1)) / across;
  const listed = new Set<string>();
  const inner = panelWidth / magnification - 2 * paperMargin;
  const panels = specs.map((spec, index) => {
    const title = `(${letterOf(index)}) ${spec.title}`.trim();
    const shown = listedOnce(dressed({ ...spec, title }, { ...drawing, title: null, xLimits: null, yLimits: null }), listed);
    const natural = drawnSize(spec, drawing);
    // Words take as much more of a narrow panel as they take more lines there; the plot is as high as without them.
    const height = (panelWidth * natural.height) / natural.width / magnification + wordsHeight(shown, inner);
    return { shown, height: magnification * (roomyHeight(shown, inner, height - 2 * paperMargin) + 2 * paperMargin) };
  });
  let [body, top] = ['', 0];
  for (let first = 0; first < panels.length; first += across) {
    const row = panels.slice(first, first + across);
    const height = Math.round(Math.max(...row.map((panel) => panel.height)));
    row.forEach(({ shown }, column) => {
      const size = { width: panelWidth, height, magnification };
      const svg = figureSvg(shown, { theme: drawing.theme, ...size, fontFamily, paper: true, transparent: drawing.transparent });
      body += placed(named(svg, letterOf(first + column)), column * (panelWidth + gap), top);
    });
    top += height + gap;
  }
  const height = top - gap;
  const ground = /<rect[^>]*\/>/.exec(body)?.[0].match(/fill="([^"]*)"/)?.[1] ?? 'none';
  const paper = `<rect width="${width}" height="${height}" fill="${ground}"/>`;
  const titles = specs.map(({ title }, index) => `(${letterOf(index)}) ${title}`).join('. ');
  const words = `<title>${escaped(titles)}</title>`;
  return {
    svg: `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">${words}${paper}${body}</svg>`,
    width,
    height,
  };
}

/** a to z, then aa and so on. */
const letterOf = (index: number): string =>
  index < 26 ? String.fromCharCode(97 + index) : `${letterOf(Math.floor(index / 26) - 1)}${letterOf(index % 26)}`;

function listedOnce(spec: FigureSpec, listed: Set<string>): FigureSpec {
  const marks = spec.marks.map((mark) => {
    if (mark.kind !== 'line' || !mark.legend) return mark;
    const entry = `${mark.label} ${mark.colour} ${mark.dash ?? false}`;
    if (listed.has(entry)) return { ...mark, legend: false };
    listed.add(entry);
    return mark;
  });
  return { ...spec, marks };
}

/** Names inside a drawing are its own: two of one page must not mean each other's. */
const named = (svg: string, letter: string): string =>
  svg.replace(/ id="([^"]+)"/g, ` id="${letter}-$1"`).replace(/url\(#([^)]+)\)/g, `url(#${letter}-$1)`);

const placed = (svg: string, x: number, y: number): string => svg.replace(/^<svg /, `<svg x="${Math.round(100 * x) / 100}" y="${y}" `);

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
