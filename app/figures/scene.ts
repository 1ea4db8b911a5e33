/** A 3D picture as plain data. Units are those of the embedding; y is up. */
import type { ColourToken, LinkKey } from './spec.ts';

export interface SceneGroup {
  readonly key: LinkKey;
  /** Drawn at the group's centre, e.g. `k = 5`. */
  readonly label: string;
  /** Second line under the label, e.g. `Δ = 12  s = 79`. */
  readonly detail: string;
  readonly colour: ColourToken;
  /** 1 alive .. 0 dead: opacity and size follow it, so that circles fade as they die. */
  readonly vitality: number;
  /** Offset of the group in the scene, so that several rings stand beside each other. */
  readonly centre: readonly [number, number, number];
  /** Points relative to the centre (n x 3, row-major). */
  readonly positions: Float32Array;
  /** Names of the points. */
  readonly labels: readonly string[];
  /** Pairs of point indices joined by a line, flattened. */
  readonly links: Uint16Array | Uint32Array;
}

export interface SceneSpec {
  readonly title: string;
  readonly subtitle: string;
  readonly groups: readonly SceneGroup[];
  readonly axes: { readonly x: string; readonly y: string; readonly z: string };
  /** Radius of the sphere that holds everything, for fitting the camera; changes seldom so that the view is calm. */
  readonly radius: number;
}
