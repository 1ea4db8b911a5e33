/** A bowl for tests: loss over initial scale and samples, with a valley that bends, and a way down into it. */
import type { SurfaceSpec } from '#app/figures/scene.ts';

export function exampleSurface(options: { size?: number; phase?: number; path?: boolean; holes?: readonly number[] } = {}): SurfaceSpec {
  const { size = 64, phase = 0, path = true, holes = [] } = options;
  const x = Float64Array.from({ length: size }, (_, i) => 0.1 * 100 ** (i / (size - 1)));
  const y = Float64Array.from({ length: size }, (_, i) => 100 + (900 * i) / (size - 1));
  const values = Float32Array.from({ length: size * size }, (_, vertex) => {
    const u = (vertex % size) / (size - 1);
    const v = Math.floor(vertex / size) / (size - 1);
    return 10 ** (-3 + 8 * (u - 0.35 - 0.25 * v) ** 2 + 0.5 * (1 - v) + 0.15 * Math.sin(9 * v + phase) * u);
  });
  for (const hole of holes) values[hole] = Number.NaN;
  return {
    title: 'Reduced test loss',
    subtitle: 'pinned norms',
    x: { label: 'scale', unit: '', scale: 'log', values: x },
    y: { label: 'training samples', unit: '', scale: 'linear', values: y },
    values,
    value: { label: 'test loss', unit: '', scale: 'log', domain: [1e-3, 1] },
    contours: [3e-3, 1e-2, 3e-2, 1e-1, 3e-1],
    path: path
      ? {
          label: 'run',
          x: Float64Array.from({ length: 40 }, (_, i) => 8 * 0.1 ** (i / 45)),
          y: new Float64Array(40).fill(500),
          at: 39,
        }
      : null,
  };
}
