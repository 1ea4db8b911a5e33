import { describe, expect, it } from 'vitest';
import { contrast, cssVariables, divergingColour, sequentialColour, slotColour, tokens } from './colours.ts';
import type { ColourToken, Theme } from './spec.ts';

const themes: Theme[] = ['light', 'dark'];
const text: ColourToken[] = ['ink', 'ink-2', 'ink-3'];
const series: ColourToken[] = ['accent', 'good', 'warn', 'bad', 'f1', 'f2', 'f3', 'f4', 'f5', 'f6', 'f7', 'f8'];

describe.each(themes)('%s', (theme) => {
  const colours = tokens[theme];

  it('text reaches a contrast of 4.5 on every surface, names of series on ground and panel', () => {
    const faint = [
      ...text.flatMap((token) => (['ground', 'panel', 'raised'] as const).map((surface) => [token, surface] as const)),
      ...series.flatMap((token) => (['ground', 'panel'] as const).map((surface) => [token, surface] as const)),
    ].filter(([token, surface]) => contrast(colours[token], colours[surface]) < 4.5);
    expect(faint).toEqual([]);
    expect(contrast(colours['accent-ink'], colours.accent)).toBeGreaterThan(4.5);
  });

  it('the dead step back but stay visible', () => {
    expect(contrast(colours.dead, colours.panel)).toBeGreaterThan(1.5);
    expect(contrast(colours.dead, colours.panel)).toBeLessThan(3);
  });

  it('the phases differ in lightness, and the darkest from an empty cell', () => {
    const phases = (['confusion', 'memorization', 'comprehension', 'grokking'] as const).map((phase) => colours[phase]);
    phases.slice(1).forEach((phase, i) => expect(contrast(phase, phases[i])).toBeGreaterThan(1.35));
    for (const phase of phases) expect(contrast(phase, colours.panel)).toBeGreaterThan(1.6);
    expect(contrast(phases[0], colours.panel)).toBeGreaterThan(2);
  });

  it('the diverging map leaves the ground at zero and moves off it steadily to both sides', () => {
    expect(divergingColour(0, theme)).toBe(colours.panel);
    expect(divergingColour(7, theme)).toBe(divergingColour(1, theme));
    for (const sign of [-1, 1]) {
      const contrasts = [0, 0.25, 0.5, 0.75, 1].map((share) => contrast(divergingColour(sign * share, theme), colours.panel));
      expect(contrasts).toEqual([...contrasts].sort((a, b) => a - b));
      expect(contrasts[4]).toBeGreaterThan(4);
    }
  });

  it.each([
    [
      'protanopia',
      [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
      ],
    ],
    [
      'deuteranopia',
      [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.01182, 0.04294, 0.968881],
      ],
    ],
    [
      'tritanopia',
      [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.3039],
      ],
    ],
  ])('its two sides differ under %s (Machado 2009)', (_, matrix) => {
    const seen = (colour: string) => {
      const rgb = [1, 3, 5].map((at) => (Number.parseInt(colour.slice(at, at + 2), 16) / 255) ** 2.2);
      return matrix.map(
        (row) =>
          Math.max(
            0,
            row.reduce((sum, weight, i) => sum + weight * rgb[i], 0),
          ) **
          (1 / 2.2),
      );
    };
    for (const share of [0.5, 1]) {
      const [negative, positive] = [seen(divergingColour(-share, theme)), seen(divergingColour(share, theme))];
      expect(Math.hypot(...negative.map((value, i) => value - positive[i]))).toBeGreaterThan(0.18 * share);
    }
  });

  it('writes every token as a CSS variable', () => {
    const written = Object.fromEntries(
      [...cssVariables(theme).matchAll(/^--([\w-]+): (#[0-9a-f]{6});$/gm)].map((match) => [match[1], match[2]]),
    );
    expect(written).toEqual(colours);
  });
});

it('gives slots their colours, cyclic, and grey to the dead', () => {
  expect([-1, 0, 7, 8].map(slotColour)).toEqual(['dead', 'f1', 'f8', 'f1']);
});

it('the sequential map is viridis', () => {
  expect([-1, 0, 1, 2].map(sequentialColour)).toEqual(['#440154', '#440154', '#fde725', '#fde725']);
});
