/** Several figures on one page, each with its letter. */
import type { Drawing } from '#app/figures/drawing.ts';
import { drawnSize, dressed, requireNames } from '#app/figures/drawing.ts';
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
  const panels = specs.map((spec, index) => {
    const natural = drawnSize(spec, drawing);
    const title = `(${letterOf(index)}) ${spec.title}`.trim();
    const shown = listedOnce(dressed({ ...spec, title }, { ...drawing, title: null, xLimits: null, yLimits: null }), listed);
    const size = { width: panelWidth, height: Math.round((panelWidth * natural.height) / natural.width) };
    const svg = figureSvg(shown, {
      theme: drawing.theme,
      ...size,
      magnification,
      fontFamily,
      paper: true,
      transparent: drawing.transparent,
    });
    return { svg: named(svg, letterOf(index)), ...size };
  });
  let [body, top] = ['', 0];
  for (let first = 0; first < panels.length; first += across) {
    const row = panels.slice(first, first + across);
    body += row.map(({ svg }, column) => placed(svg, column * (panelWidth + gap), top)).join('');
    top += Math.max(...row.map(({ height }) => height)) + gap;
  }
  const height = top - gap;
  const ground = /<rect[^>]*\/>/.exec(panels[0]!.svg)?.[0].match(/fill="([^"]*)"/)?.[1] ?? 'none';
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
