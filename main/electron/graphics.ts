/** Chromium switches for WebGL in software. Without them a missing GPU costs a restart of the GPU process, which loses the canvas. */
const softwareGraphics: Readonly<Record<string, string>> = {
  'use-gl': 'angle',
  'use-angle': 'swiftshader',
  'enable-unsafe-swiftshader': '',
};

/**
 * Switches to start Chromium with.
 * @param facts `softwareGl` is the value of LOTKA_SOFTWARE_GL; `hasGraphicsDevice` tells whether the kernel offers a GPU (Linux only).
 */
export function graphicsSwitches(facts: {
  softwareGl: string | undefined;
  platform: NodeJS.Platform;
  hasGraphicsDevice: boolean;
}): Readonly<Record<string, string>> {
  if (facts.softwareGl === '1') return softwareGraphics;
  if (facts.softwareGl === '0') return {};
  return facts.platform === 'linux' && !facts.hasGraphicsDevice ? softwareGraphics : {};
}
