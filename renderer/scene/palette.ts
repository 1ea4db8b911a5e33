/** Colours of a theme in the two forms painters want: CSS text, and red, green, blue in 0..1. */
import { tokens } from '#app/figures/colours.ts';
import type { InterfaceToken } from '#app/figures/colours.ts';
import type { ColourToken, Theme } from '#app/figures/spec.ts';

export interface Colour {
  readonly css: string;
  readonly rgb: readonly [number, number, number];
}

export type Palette = Readonly<Record<ColourToken | InterfaceToken, Colour>>;

const palettes = new Map<Theme, Palette>();

/** The palette of a theme; the same object at every call. */
export function paletteOf(theme: Theme): Palette {
  let palette = palettes.get(theme);
  if (!palette) {
    const built = {} as Record<ColourToken | InterfaceToken, Colour>;
    for (const [name, css] of Object.entries(tokens[theme])) built[name as ColourToken] = { css, rgb: channels(css) };
    palette = built;
    palettes.set(theme, palette);
  }
  return palette;
}

function channels(hex: string): [number, number, number] {
  return [parseInt(hex.slice(1, 3), 16) / 255, parseInt(hex.slice(3, 5), 16) / 255, parseInt(hex.slice(5, 7), 16) / 255];
}
