/** How wide text will be, without a screen to ask: figures lay themselves out alike in a window and in Node. */

/** Advance widths of Inter Regular for U+0020 .. U+007E in hundredths of the font size; digits are the tabular ones. */
const advances = [
  28, 29, 47, 63, 64, 98, 64, 30, 36, 36, 50, 66, 29, 46, 29, 36, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 29, 30, 66, 66, 66, 51, 97, 69,
  65, 73, 72, 60, 59, 75, 74, 27, 57, 67, 57, 90, 75, 76, 64, 76, 64, 64, 65, 74, 69, 99, 68, 68, 63, 36, 36, 36, 47, 46, 32, 56, 61, 57,
  61, 58, 37, 61, 59, 24, 24, 55, 24, 88, 59, 60, 61, 61, 38, 53, 33, 59, 56, 82, 55, 56, 55, 43, 33, 43, 66,
];

/** Width in px of a line of text in Inter. Characters beyond ASCII count as 0.66 em, sub- and superscripts as 0.46. */
export function textWidth(text: string, size: number, weight: 400 | 500 | 600 = 400): number {
  let hundredths = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    hundredths += advances[code - 32] ?? (isScript(code) ? 46 : 66);
  }
  return (hundredths * size * (weight === 400 ? 1 : 1.05)) / 100;
}

const isScript = (code: number): boolean =>
  (code >= 0x2070 && code <= 0x209c) || code === 0xb2 || code === 0xb3 || code === 0xb9 || code === 0xb7;

/** Breaks text into lines no wider than `width`; a single word that is wider stays whole. */
export function wrap(text: string, size: number, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(longer, size) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

/** Text cut to `width` with an ellipsis. */
export function shorten(text: string, size: number, width: number, weight: 400 | 500 | 600 = 400): string {
  if (textWidth(text, size, weight) <= width) return text;
  const characters = [...text];
  while (characters.length > 0 && textWidth(`${characters.join('')}…`, size, weight) > width) characters.pop();
  return characters.length === 0 ? '' : `${characters.join('').trimEnd()}…`;
}
