import { Window } from 'happy-dom';
import { drawFigure, type DrawOptions } from '#app/figures/plot.ts';
import type { FigureSpec } from '#app/figures/spec.ts';

/** A figure as a standing-alone SVG text, drawn without a window. The same spec and options give the same text. */
export function figureSvg(spec: FigureSpec, options: Omit<DrawOptions, 'document'>): string {
  const window = new Window();
  try {
    const svg = drawFigure<object>(spec, { ...options, document: window.document });
    return new window.XMLSerializer().serializeToString(svg as never);
  } finally {
    window.close();
  }
}
