/** Every colour of Lotka, once. Stylesheets, figures, 3D scenes and exports all take their values from here. */
import { interpolateViridis } from 'd3-scale-chromatic';
import type { ColourToken, Theme } from './spec.ts';

/** Names of surfaces and of text or strokes that only the interface uses, beside the colours that figures may name. */
export type InterfaceToken = 'ground' | 'panel' | 'raised' | 'line-strong' | 'accent-ink';

/**
 * Colour values (`#rrggbb`) of each theme. Text tokens (ink, ink-2, ink-3) reach a contrast of 4.5 on ground, panel and
 * raised; the eight series colours reach it on ground and panel, so that labels may be set in the colour of their line.
 */
export const tokens: Readonly<Record<Theme, Readonly<Record<ColourToken | InterfaceToken, string>>>> = {
  dark: {
    ground: '#0d1014',
    panel: '#12161b',
    raised: '#181d24',
    line: '#252c35',
    'line-strong': '#36404c',
    ink: '#e8ecf1',
    'ink-2': '#aab4c0',
    'ink-3': '#7b8794',
    accent: '#6cb6ff',
    'accent-ink': '#06121f',
    good: '#4fc38a',
    warn: '#e5b454',
    bad: '#ff7b72',
    dead: '#4a535e',
    f1: '#6cb6ff',
    f2: '#f2a65a',
    f3: '#5fd0a5',
    f4: '#e58bc3',
    f5: '#d7d05f',
    f6: '#a694f5',
    f7: '#ff8f78',
    f8: '#7fd3e6',
    comprehension: '#35a06b',
    grokking: '#f0c23c',
    memorization: '#8a5fc8',
    confusion: '#48515d',
  },
  light: {
    ground: '#ffffff',
    panel: '#fbfbfa',
    raised: '#f3f4f3',
    line: '#e2e4e3',
    'line-strong': '#c9cdcc',
    ink: '#14181d',
    'ink-2': '#4a535d',
    'ink-3': '#666f79',
    accent: '#0b62c4',
    'accent-ink': '#ffffff',
    good: '#1a7f4b',
    warn: '#946200',
    bad: '#c0332b',
    dead: '#c3c9cf',
    f1: '#0b62c4',
    f2: '#b35900',
    f3: '#0b7d5b',
    f4: '#a83279',
    f5: '#7a7300',
    f6: '#5b45c9',
    f7: '#c4432b',
    f8: '#0f7a92',
    comprehension: '#35a06b',
    grokking: '#f0c23c',
    memorization: '#7a4fb5',
    confusion: '#2b3038',
  },
};

/** The tokens of a theme as CSS custom properties, one a line, for the rule that selects the theme. */
export function cssVariables(theme: Theme): string {
  return Object.entries(tokens[theme])
    .map(([name, value]) => `--${name}: ${value};`)
    .join('\n');
}

/** Colour of a series slot: 0 .. 7 are `f1` .. `f8`, cyclic beyond; negative is `dead`. */
export function slotColour(slot: number): ColourToken {
  return slot < 0 ? 'dead' : (`f${(slot % 8) + 1}` as ColourToken);
}

const poles: Readonly<Record<Theme, { readonly negative: string; readonly positive: string }>> = {
  dark: { negative: '#ee6a4d', positive: '#56adf0' },
  light: { negative: '#b8301c', positive: '#0b5cb0' },
};

/**
 * Diverging map, safe for the common colour blindnesses: 0 is the ground it lies on, -1 red, +1 blue, linear in OKLab.
 * @param value share of the limit; beyond -1 .. 1 it saturates
 * @param ground colour of zero, the panel of the theme unless told
 */
export function divergingColour(value: number, theme: Theme, ground: string = tokens[theme].panel): string {
  const share = Math.max(-1, Math.min(1, value));
  return mix(ground, share < 0 ? poles[theme].negative : poles[theme].positive, Math.abs(share));
}

/** Viridis. @param fraction 0 .. 1; beyond it saturates */
export function sequentialColour(fraction: number): string {
  return hex(channels(interpolateViridis(Math.max(0, Math.min(1, fraction)))));
}

/** Black or white, whichever stands out more on a colour `#rrggbb`. */
export function contrastWith(colour: string): string {
  const [r, g, b] = channels(colour).map(linear);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? '#000000' : '#ffffff';
}

type Triple = readonly [number, number, number];

/** Straight line between two colours in OKLab (Ottosson 2020), where equal steps look equal. */
function mix(from: string, to: string, share: number): string {
  const a = oklab(channels(from));
  const b = oklab(channels(to));
  return hex(fromOklab([a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]), a[2] + share * (b[2] - a[2])]));
}

/** sRGB channels 0 .. 1 of `#rrggbb` or `rgb(r, g, b)`. */
function channels(colour: string): Triple {
  const numbers = colour.startsWith('#')
    ? [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
    : colour
        .slice(colour.indexOf('(') + 1, -1)
        .split(',')
        .map(Number);
  return [numbers[0] / 255, numbers[1] / 255, numbers[2] / 255];
}

const hex = (rgb: Triple): string =>
  `#${rgb
    .map((channel) =>
      Math.round(255 * Math.max(0, Math.min(1, channel)))
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;

const linear = (channel: number): number => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4);
const gamma = (channel: number): number => (channel <= 0.0031308 ? 12.92 * channel : 1.055 * channel ** (1 / 2.4) - 0.055);

function oklab([red, green, blue]: Triple): Triple {
  const [r, g, b] = [linear(red), linear(green), linear(blue)];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromOklab([lightness, a, b]: Triple): Triple {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    gamma(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    gamma(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    gamma(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** Contrast ratio 1 .. 21 of two colours (WCAG 2.2, 1.4.3). */
export function contrast(one: string, other: string): number {
  const luminance = (colour: string) => {
    const [red, green, blue] = channels(colour).map(linear);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
