/** Rings for tests: `count` circles of `points` points side by side in the xz plane, noise-free. */
import type { SceneGroup, SceneSpec } from '#app/figures/scene.ts';

export function exampleScene(options: { count?: number; points?: number; radius?: number; vitality?: number } = {}): SceneSpec {
  const { count = 3, points = 12, radius = 1, vitality = 1 } = options;
  const groups = Array.from({ length: count }, (_, index): SceneGroup => {
    const k = index + 1;
    return {
      key: `k=${k}`,
      label: `k = ${k}`,
      detail: `s = ${70 + index}`,
      colour: `f${(index % 8) + 1}` as SceneGroup['colour'],
      vitality,
      centre: [(index - (count - 1) / 2) * 3, 0, 0],
      positions: Float32Array.from(
        Array.from({ length: points }, (_, t) => {
          const angle = (2 * Math.PI * t) / points;
          return [radius * Math.cos(angle), 0, radius * Math.sin(angle)];
        }).flat(),
      ),
      labels: Array.from({ length: points }, (_, t) => String(t)),
      links: Uint16Array.from(Array.from({ length: points }, (_, t) => [t, (t + 1) % points]).flat()),
    };
  });
  return {
    title: `${count} of 29 circles alive`,
    subtitle: 'embedding at step 420',
    groups,
    axes: { x: 'cos', y: 'step', z: 'sin' },
    radius: count * 1.5,
  };
}
