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

/** An axis of a surface: where its rows or columns lie. */
export interface SurfaceAxis {
  readonly label: string;
  readonly unit: string;
  readonly scale: 'linear' | 'log';
  /** Strictly growing, at least two; above 0 on a logarithmic axis. */
  readonly values: ArrayLike<number>;
}

/** A way over a surface, e.g. of a run while it trains. What lies beyond the axes is left out. */
export interface SurfacePath {
  readonly label: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Height of each place; without them the way lies on the surface. */
  readonly values?: ArrayLike<number>;
  /** Number of the place at which the ball lies; -1 for none. */
  readonly at: number;
}

/** A function of two variables as a landscape. Arrays are never changed: what changed is a new array. */
export interface SurfaceSpec {
  readonly title: string;
  readonly subtitle: string;
  readonly x: SurfaceAxis;
  readonly y: SurfaceAxis;
  /** Heights, rows x columns, row-major, the first row at y.values[0]; NaN where there is none yet, which leaves a hole. */
  readonly values: ArrayLike<number>;
  readonly value: {
    readonly label: string;
    readonly unit: string;
    readonly scale: 'linear' | 'log';
    /** Foot and top of the picture and ends of its colours; beyond them values are shown as the end. */
    readonly domain: readonly [number, number];
  };
  /** Values of the lines of equal height. */
  readonly contours: readonly number[];
  readonly path: SurfacePath | null;
}
