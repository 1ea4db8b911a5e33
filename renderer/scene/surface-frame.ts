/** The box round a surface: floor and far walls with lines at round values, and the three axes on the edges that face the viewer. */
import type { SurfaceSpec } from '#app/figures/scene.ts';
import { linearTicks, logTicks, type Tick } from '#app/figures/ticks.ts';
import { viewBasis, type Orbit } from '#app/scene/camera.ts';
import { axisShare, heightShare, surfaceHeight } from './surface-buffers.ts';

export interface FrameTick {
  /** x, y, z. */
  readonly at: readonly [number, number, number];
  readonly label: string;
}

export interface FrameAxis {
  readonly name: string;
  readonly from: readonly [number, number, number];
  readonly to: readonly [number, number, number];
  /** Direction in the world that leads away from the box; null for the upright axis, whose labels stand left of it. */
  readonly outward: readonly [number, number, number] | null;
  readonly ticks: readonly FrameTick[];
}

/** Corners of the box (n x 3), which the camera is fitted to. */
export const boxCorners = Float32Array.from([-1, 1].flatMap((x) => [0, surfaceHeight].flatMap((y) => [-1, 1].flatMap((z) => [x, y, z]))));

const ticksOf = (domain: readonly [number, number], scale: 'linear' | 'log'): Tick[] =>
  scale === 'log' ? logTicks(domain, 5) : linearTicks(domain, 5);

const nameOf = ({ label, unit }: { label: string; unit: string }): string => (unit === '' ? label : `${label} (${unit})`);

const basis = new Float64Array(9);

export class SurfaceFrame {
  /** Lines behind the surface, six numbers a piece. */
  lines = new Float32Array(0);
  axes: readonly FrameAxis[] = [];
  #spec: SurfaceSpec | null = null;
  #sides = '';

  /** @returns true if lines or axes are others than before */
  update(spec: SurfaceSpec, orbit: Orbit): boolean {
    viewBasis(orbit, basis);
    const x = basis[6] >= 0 ? 1 : -1;
    const z = basis[8] >= 0 ? 1 : -1;
    // Of the two upright edges at the sides the left one: there labels have room.
    const left = basis[0] * x - basis[2] * z < -basis[0] * x + basis[2] * z ? 1 : -1;
    const sides = `${x} ${z} ${left}`;
    if (this.#sides === sides && this.#spec && sameAxes(this.#spec, spec)) return false;
    this.#spec = spec;
    this.#sides = sides;
    this.#build(spec, x, z, left);
    return true;
  }

  #build(spec: SurfaceSpec, nearX: number, nearZ: number, left: number): void {
    const ends = ({ values }: SurfaceSpec['x']) => [values[0], values[values.length - 1]] as const;
    const columns = ticksOf(ends(spec.x), spec.x.scale).map(({ value, label }) => ({ place: 2 * axisShare(spec.x, value) - 1, label }));
    const rows = ticksOf(ends(spec.y), spec.y.scale).map(({ value, label }) => ({ place: 1 - 2 * axisShare(spec.y, value), label }));
    const heights = ticksOf(spec.value.domain, spec.value.scale).map(({ value, label }) => ({
      place: heightShare(value, spec.value) * surfaceHeight,
      label,
    }));
    const lines: number[] = [];
    const loop = (...corners: (readonly [number, number, number])[]): void =>
      corners.forEach((corner, index) => lines.push(...corner, ...corners[(index + 1) % corners.length]));
    loop([-1, 0, -1], [1, 0, -1], [1, 0, 1], [-1, 0, 1]);
    for (const { place } of columns) lines.push(place, 0, -1, place, 0, 1);
    for (const { place } of rows) lines.push(-1, 0, place, 1, 0, place);
    for (const { place } of heights) lines.push(-1, place, -nearZ, 1, place, -nearZ, -nearX, place, -1, -nearX, place, 1);
    const upright = [left * nearX, -left * nearZ] as const;
    for (const [x, z] of [
      [-nearX, -nearZ],
      [-nearX, nearZ],
      [nearX, -nearZ],
    ])
      lines.push(x, 0, z, x, surfaceHeight, z);
    this.lines = Float32Array.from(lines);
    this.axes = [
      {
        name: nameOf(spec.x),
        from: [-1, 0, nearZ],
        to: [1, 0, nearZ],
        outward: [0, 0, nearZ],
        ticks: columns.map(({ place, label }) => ({ at: [place, 0, nearZ], label })),
      },
      {
        name: nameOf(spec.y),
        from: [nearX, 0, -1],
        to: [nearX, 0, 1],
        outward: [nearX, 0, 0],
        ticks: rows.map(({ place, label }) => ({ at: [nearX, 0, place], label })),
      },
      {
        name: nameOf(spec.value),
        from: [upright[0], 0, upright[1]],
        to: [upright[0], surfaceHeight, upright[1]],
        outward: null,
        ticks: heights.map(({ place, label }) => ({ at: [upright[0], place, upright[1]], label })),
      },
    ];
  }
}

function sameAxes(one: SurfaceSpec, other: SurfaceSpec): boolean {
  const same = (a: SurfaceSpec['x'], b: SurfaceSpec['x']): boolean =>
    a.label === b.label && a.unit === b.unit && a.scale === b.scale && a.values === b.values;
  const [a, b] = [one.value, other.value];
  return (
    same(one.x, other.x) &&
    same(one.y, other.y) &&
    a.label === b.label &&
    a.unit === b.unit &&
    a.scale === b.scale &&
    a.domain[0] === b.domain[0] &&
    a.domain[1] === b.domain[1]
  );
}
