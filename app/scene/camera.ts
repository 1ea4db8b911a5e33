/**
 * The camera of a scene as plain numbers. World units are the scene's, y is up, angles are radians, screen units are CSS px
 * with y down. The same projection serves WebGL, the flat painter, labels and picking, so they can never disagree.
 */

/** An orbit round `target`. Azimuth 0 looks along -z; elevation is the height of the eye over the xz plane. */
export interface Orbit {
  azimuth: number;
  elevation: number;
  target: [number, number, number];
  /** CSS px per world unit at the target. */
  scale: number;
  /** Distance of the eye in world units; 0 is orthographic. */
  eye: number;
}

export interface Viewport {
  readonly width: number;
  readonly height: number;
}

/** Room in px kept free round fitted content, for labels. */
export interface Margin {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

/** Straight up and down are excluded: there azimuth would spin the picture on the spot. */
export const elevationLimit = 1.55;

/** Rotation matrix of an orbit: rows are the screen's right, up and towards the viewer, in world coordinates (3x3, row-major). */
export function viewBasis(orbit: Orbit, out: Float64Array): Float64Array {
  const sinA = Math.sin(orbit.azimuth);
  const cosA = Math.cos(orbit.azimuth);
  const sinE = Math.sin(orbit.elevation);
  const cosE = Math.cos(orbit.elevation);
  out[0] = cosA;
  out[1] = 0;
  out[2] = -sinA;
  out[3] = -sinE * sinA;
  out[4] = cosE;
  out[5] = -sinE * cosA;
  out[6] = cosE * sinA;
  out[7] = sinE;
  out[8] = cosE * cosA;
  return out;
}

const basis = new Float64Array(9);

/**
 * Projects `count` points (n x 3) into `out` (n x 3): screen x, screen y, and height towards the viewer in world units.
 * Allocates nothing.
 */
export function project(orbit: Orbit, viewport: Viewport, points: Float32Array, count: number, out: Float32Array): void {
  viewBasis(orbit, basis);
  const [tx, ty, tz] = orbit.target;
  const centreX = viewport.width / 2;
  const centreY = viewport.height / 2;
  for (let index = 0; index < count * 3; index += 3) {
    const x = points[index]! - tx;
    const y = points[index + 1]! - ty;
    const z = points[index + 2]! - tz;
    const towards = basis[6]! * x + basis[7]! * y + basis[8]! * z;
    const scale = orbit.eye > 0 ? (orbit.scale * orbit.eye) / Math.max(orbit.eye - towards, orbit.eye * 0.05) : orbit.scale;
    out[index] = centreX + scale * (basis[0]! * x + basis[1]! * y + basis[2]! * z);
    out[index + 1] = centreY - scale * (basis[3]! * x + basis[4]! * y + basis[5]! * z);
    out[index + 2] = towards;
  }
}

/**
 * Column-major WebGL matrices of the same projection.
 * @param depth half-range of heights in world units that must not be clipped
 */
export function matrices(orbit: Orbit, viewport: Viewport, depth: number, view: number[], projection: number[]): void {
  viewBasis(orbit, basis);
  const [tx, ty, tz] = orbit.target;
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 3; column++) view[column * 4 + row] = basis[row * 3 + column]!;
    view[12 + row] = -(basis[row * 3]! * tx + basis[row * 3 + 1]! * ty + basis[row * 3 + 2]! * tz);
    view[row * 4 + 3] = 0;
  }
  view[15] = 1;
  projection.fill(0, 0, 16);
  projection[0] = (2 * orbit.scale) / viewport.width;
  projection[5] = (2 * orbit.scale) / viewport.height;
  const range = Math.max(depth, 1e-9) * 1.05;
  if (orbit.eye > 0) {
    // The homogeneous w is 1 - z/eye, so the nearest point needs the range widened by its own magnification.
    projection[10] = -Math.max(1 - range / orbit.eye, 0.05) / range;
    projection[11] = -1 / orbit.eye;
  } else {
    projection[10] = -1 / range;
  }
  projection[15] = 1;
}

/** Bounds of projected points in px: left, top, right, bottom. Empty content gives the viewport's centre. */
export function bounds(screen: Float32Array, count: number, viewport: Viewport, out: Float64Array): Float64Array {
  if (count === 0) {
    out[0] = out[2] = viewport.width / 2;
    out[1] = out[3] = viewport.height / 2;
    return out;
  }
  out[0] = out[1] = Infinity;
  out[2] = out[3] = -Infinity;
  for (let index = 0; index < count * 3; index += 3) {
    const x = screen[index]!;
    const y = screen[index + 1]!;
    if (x < out[0]) out[0] = x;
    if (x > out[2]) out[2] = x;
    if (y < out[1]) out[1] = y;
    if (y > out[3]) out[3] = y;
  }
  return out;
}

const fitBounds = new Float64Array(4);

/**
 * Moves target and scale so that every point lies inside the viewport less its margin, as large as possible; angles stay.
 * Exact for orthographic views; with perspective it is repeated, which converges as the eye is far.
 * @param screen scratch, n x 3
 */
export function fit(orbit: Orbit, viewport: Viewport, margin: Margin, points: Float32Array, count: number, screen: Float32Array): void {
  if (count === 0 || viewport.width < 2 || viewport.height < 2) return;
  const width = Math.max(viewport.width - margin.left - margin.right, viewport.width * 0.2);
  const height = Math.max(viewport.height - margin.top - margin.bottom, viewport.height * 0.2);
  for (let round = 0; round < (orbit.eye > 0 ? 8 : 1); round++) {
    project(orbit, viewport, points, count, screen);
    const box = bounds(screen, count, viewport, fitBounds);
    // A world-sized floor keeps a scene that collapsed to a point from being magnified without end.
    const smallest = 1e-6 * orbit.scale;
    const factor = Math.min(width / Math.max(box[2]! - box[0]!, smallest), height / Math.max(box[3]! - box[1]!, smallest));
    pan(orbit, viewport.width / 2 - (box[0]! + box[2]!) / 2, viewport.height / 2 - (box[1]! + box[3]!) / 2);
    orbit.scale *= factor;
    pan(orbit, (margin.left - margin.right) / 2, (margin.top - margin.bottom) / 2);
  }
}

/** Elevation between the limits at which fitted content fills most of the viewport: flat layouts are tilted until they do. */
export function bestElevation(
  orbit: Orbit,
  viewport: Viewport,
  margin: Margin,
  points: Float32Array,
  count: number,
  screen: Float32Array,
  limits: readonly [number, number],
): number {
  const trial: Orbit = { ...orbit, target: [...orbit.target] };
  let best = limits[0];
  let largest = 0;
  for (let step = 0; step <= 8; step++) {
    trial.elevation = limits[0] + ((limits[1] - limits[0]) * step) / 8;
    fit(trial, viewport, margin, points, count, screen);
    project(trial, viewport, points, count, screen);
    const box = bounds(screen, count, viewport, fitBounds);
    const area = (box[2]! - box[0]!) * (box[3]! - box[1]!);
    // A lower view shows more depth: a higher one must fill visibly more.
    if (area > largest * 1.02) {
      largest = area;
      best = trial.elevation;
    }
  }
  return best;
}

/** Moves the content by screen px: the target goes the other way in the view's plane. */
export function pan(orbit: Orbit, dx: number, dy: number): void {
  viewBasis(orbit, basis);
  for (let axis = 0; axis < 3; axis++) orbit.target[axis] -= (basis[axis]! * dx - basis[3 + axis]! * dy) / orbit.scale;
}

/** Zooms by `factor` and keeps what is under the screen point where it is (exact at the target's depth). */
export function zoomAt(orbit: Orbit, viewport: Viewport, factor: number, x: number, y: number): void {
  const dx = x - viewport.width / 2;
  const dy = y - viewport.height / 2;
  pan(orbit, -dx, -dy);
  orbit.scale *= factor;
  pan(orbit, dx, dy);
}

/** Turns the orbit; the elevation is kept off the poles. */
export function turn(orbit: Orbit, azimuth: number, elevation: number): void {
  orbit.azimuth = (orbit.azimuth + azimuth) % (2 * Math.PI);
  orbit.elevation = Math.min(elevationLimit, Math.max(-elevationLimit, orbit.elevation + elevation));
}
