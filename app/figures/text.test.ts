import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shorten, textWidth, wrap } from './text.ts';

/** Advance widths in em straight from a TrueType file: tables cmap (format 12), hmtx, head. */
function measured(file: string): (text: string) => number {
  const font = readFileSync(join(import.meta.dirname, '../../assets/fonts', file));
  const table = (tag: string): number => {
    for (let at = 12; at < 12 + 16 * font.readUInt16BE(4); at += 16)
      if (font.toString('latin1', at, at + 4) === tag) return font.readUInt32BE(at + 8);
    throw new Error(`no table ${tag}`);
  };
  const [cmap, hmtx, unitsPerEm, metrics] = [
    table('cmap'),
    table('hmtx'),
    font.readUInt16BE(table('head') + 18),
    font.readUInt16BE(table('hhea') + 34),
  ];
  const glyphs = new Map<number, number>();
  for (let i = 0; i < font.readUInt16BE(cmap + 2); i += 1) {
    const sub = cmap + font.readUInt32BE(cmap + 8 + 8 * i);
    if (font.readUInt16BE(sub) !== 12) continue;
    for (let group = sub + 16; group < sub + 16 + 12 * font.readUInt32BE(sub + 12); group += 12) {
      const [start, end, glyph] = [0, 4, 8].map((at) => font.readUInt32BE(group + at));
      for (let code = start; code <= end; code += 1) glyphs.set(code, glyph + code - start);
    }
  }
  return (text) =>
    [...text].reduce((sum, character) => {
      const glyph = glyphs.get(character.codePointAt(0)!);
      if (glyph === undefined) throw new Error(`${file} cannot show ${character}`);
      return sum + font.readUInt16BE(hmtx + 4 * Math.min(glyph, metrics - 1)) / unitsPerEm;
    }, 0);
}

describe.each([
  ['Inter-Regular.ttf', 400],
  ['Inter-Medium.ttf', 500],
  ['Inter-SemiBold.ttf', 600],
] as const)('%s', (file, weight) => {
  const width = measured(file);

  it.each([
    '1,000',
    '−0.0015',
    'signal sₖ(0)',
    'Signals sₖ(t) of 29 frequencies',
    'Coupling Aᵢⱼ of ds/dt = A s + b',
    'cross-entropy (nats)',
    'k = 17',
    '10⁻⁸',
    'Δ = 12',
  ])('estimates "%s" closely and never much too small', (text) => {
    expect(textWidth(text, 100, weight)).toBeGreaterThan(98 * width(text));
    // Digits are estimated as tabular ones, which are wider than the proportional one.
    expect(textWidth(text, 100, weight)).toBeLessThan(125 * width(text));
  });
});

it('wraps between words, never within, and loses none', () => {
  const text = 'Hold-out error, steps 500 to 999: describes, does not forecast.';
  const lines = wrap(text, 11, 120);
  expect(lines.join(' ')).toBe(text);
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines) expect(textWidth(line, 11)).toBeLessThanOrEqual(120);
});

it('shortens with an ellipsis only where it must', () => {
  expect(shorten('k = 5', 11, 100)).toBe('k = 5');
  const short = shorten('a very long name of a line', 11, 60);
  expect(short.endsWith('…')).toBe(true);
  expect(textWidth(short, 11)).toBeLessThanOrEqual(60);
  expect(shorten('x', 11, 0)).toBe('');
});
