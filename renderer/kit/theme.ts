import { cssVariables } from '#app/figures/colours.ts';
import type { Theme } from '#app/figures/spec.ts';

/** Puts the colours of both themes into the document, from the one table figures and exports use too. */
export function installColours(): void {
  const style = document.createElement('style');
  const rule = (theme: Theme) => `[data-theme='${theme}'] {\ncolor-scheme: ${theme};\n${cssVariables(theme)}\n}`;
  style.textContent = `${rule('dark')}\n${rule('light')}`;
  document.head.append(style);
}

export function showTheme(theme: Theme, reducedMotion: boolean): void {
  document.documentElement.dataset.theme = theme;
  document.documentElement.dataset.motion = reducedMotion ? 'reduced' : 'full';
}
