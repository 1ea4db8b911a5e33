/** Text with formulas between $ signs, as people write it in explanations. */
import katex from 'katex';

export type Piece =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'formula'; readonly html: string; readonly source: string };

const rendered = new Map<string, string>();

/** HTML and MathML of KaTeX source. Wrong source is shown as itself, coloured, never thrown. */
export function formulaHtml(source: string): string {
  let html = rendered.get(source);
  if (html === undefined) {
    html = katex.renderToString(source, { throwOnError: false, strict: 'ignore', trust: false, output: 'htmlAndMathml' });
    if (rendered.size > 500) rendered.clear();
    rendered.set(source, html);
  }
  return html;
}

/** Splits at $...$; a $ without partner stays text. */
export function pieces(text: string): Piece[] {
  const parts = text.split('$');
  if (parts.length % 2 === 0) {
    const last = parts.pop() ?? '';
    parts[parts.length - 1] += `$${last}`;
  }
  return parts.flatMap((part, index): Piece[] => {
    if (part === '') return [];
    return [index % 2 === 1 ? { kind: 'formula', html: formulaHtml(part), source: part } : { kind: 'text', text: part }];
  });
}
