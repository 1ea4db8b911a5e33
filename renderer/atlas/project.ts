import type { SceneSpec } from '#app/figures/scene.ts';

export interface View {
  /** Turn about the vertical axis, radians. */
  readonly turn: number;
  /** Tilt towards the viewer, radians. */
  readonly tilt: number;
  readonly width: number;
  readonly height: number;
}

export interface ProjectedPoint {
  readonly x: number;
  readonly y: number;
  /** Larger is nearer, -1..1 within the scene's sphere. */
  readonly depth: number;
}

/** Share of the shorter side that the sphere's radius takes. Tilted rings are flat, so that it may pass the upper and lower edge. */
const fill = 0.6;

/** Distance of the farthest point of the groups from the origin; 1 if there is none. */
export function extentOf(groups: SceneSpec['groups']): number {
  let farthest = 0;
  for (const { centre, positions } of groups) {
    for (let i = 0; i < positions.length; i += 3) {
      farthest = Math.max(farthest, Math.hypot(centre[0] + positions[i]!, centre[1] + positions[i + 1]!, centre[2] + positions[i + 2]!));
    }
  }
  return farthest || 1;
}

/**
 * Orthographic projection of a scene's point (units of the scene, y up) onto a canvas (px, y down), a sphere of `radius` about the origin fitted into it.
 */
export function project(radius: number, x: number, y: number, z: number, view: View): ProjectedPoint {
  const [sinTurn, cosTurn, sinTilt, cosTilt] = [Math.sin(view.turn), Math.cos(view.turn), Math.sin(view.tilt), Math.cos(view.tilt)];
  const right = cosTurn * x + sinTurn * z;
  const towards = cosTurn * z - sinTurn * x;
  const up = cosTilt * y - sinTilt * towards;
  const near = sinTilt * y + cosTilt * towards;
  const scale = (fill * Math.min(view.width, view.height)) / radius;
  return { x: view.width / 2 + scale * right, y: view.height / 2 - scale * up, depth: near / radius };
}
