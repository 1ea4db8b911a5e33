/** One scene on one canvas: takes scenes, moves the camera, draws when something changed, and says what is pointed at. */
import type { SceneSpec } from '#app/figures/scene.ts';
import type { LinkKey, Theme } from '#app/figures/spec.ts';
import { Annotations } from './annotations.ts';
import { SceneBuffers } from './buffers.ts';
import { bestElevation, bounds, fit, pan, project, turn, zoomAt } from '#app/scene/camera.ts';
import type { Margin, Orbit, Viewport } from '#app/scene/camera.ts';
import { CanvasHost } from './canvas-host.ts';
import { attachControls } from './controls.ts';
import type { ControlTarget } from './controls.ts';
import { drawFlat } from './flat.ts';
import { forgetDraw, requestDraw } from './frames.ts';
import type { Drawable } from './frames.ts';
import { paletteOf } from './palette.ts';
import { pick } from './pick.ts';
import type { Stage } from './stage.ts';
import type { WebglPainter } from './webgl.ts';

export interface SceneViewOptions {
  readonly theme: Theme;
  /** Called when another group, or none, comes under the pointer or the keyboard's focus. */
  readonly onhover: (key: LinkKey | null) => void;
  /** Called with a sentence when the scene is not drawn as it should be, e.g. without WebGL; null when all is well. */
  readonly onnotice: (sentence: string | null) => void;
  /** 'flat' never asks for WebGL. */
  readonly painter?: 'webgl' | 'flat';
}

/** Duration of moves in ms. */
const moveTime = 130;
/** Room for labels round fitted content. */
const margin: Margin = { top: 34, right: 40, bottom: 34, left: 40 };
const initialAzimuth = 0.16;
const elevations = [0.42, 0.95] as const;
/** Without the user's own camera the view is fitted again when content leaves it, or fills less than this share of it. */
const emptiest = 0.8;

export class SceneView implements Drawable, ControlTarget {
  readonly buffers = new SceneBuffers();
  readonly orbit: Orbit = { azimuth: initialAzimuth, elevation: elevations[0], target: [0, 0, 0], scale: 1, eye: 0 };
  readonly viewport: Viewport;
  readonly #host: CanvasHost<WebglPainter>;
  readonly #options: SceneViewOptions;
  readonly #annotations = new Annotations();
  readonly #box = new Float64Array(4);
  /** The camera's own move, between fits; the angles are never part of it. */
  readonly #glide = { start: -1, fromScale: 1, toScale: 1, from: [0, 0, 0], to: [0, 0, 0] };
  readonly #reduced: MediaQueryList;
  readonly #release: () => void;
  #theme: Theme;
  #spec: SceneSpec | null = null;
  /** Time at which the move to the latest goal began; 0 starts it at the next frame, -1 means nothing moves. */
  #moveStart = -1;
  /** Time of the latest frame of a move. */
  #drawnAt = 0;
  #changed = false;
  #ownCamera = false;
  #fitted = false;
  #scratch = new Float32Array(0);
  #hoveredPoint = -1;
  #hoveredKey: LinkKey | null = null;

  constructor(canvas: HTMLCanvasElement, options: SceneViewOptions) {
    this.#options = options;
    this.#theme = options.theme;
    this.#reduced = matchMedia('(prefers-reduced-motion: reduce)');
    this.#host = new CanvasHost<WebglPainter>(canvas, {
      onsize: (before) => {
        if (!this.#ownCamera || before === 0) this.#fitNow(true);
        // Setting its size emptied the canvas; drawing in this very task avoids a flash.
        this.draw(performance.now());
      },
      onfont: (family) => this.#annotations.setFont(family),
      onchange: () => requestDraw(this),
      onnotice: (sentence) => options.onnotice(sentence),
      load: options.painter === 'flat' ? null : loadPainter,
    });
    this.viewport = this.#host.viewport;
    this.#host.begin();
    this.#release = attachControls(canvas, this);
  }

  /** Shows a scene; groups that stay move there, unless motion is reduced. */
  setScene(spec: SceneSpec): void {
    const first = this.#spec === null;
    this.#spec = spec;
    this.buffers.update(spec);
    if (this.#scratch.length < this.buffers.positions.length) this.#scratch = new Float32Array(this.buffers.positions.length);
    this.#startMove(first);
    this.#hoveredPoint = Math.min(this.#hoveredPoint, this.buffers.count - 1);
  }

  setTheme(theme: Theme): void {
    this.#theme = theme;
    requestDraw(this);
  }

  /** Brightens a group, e.g. one hovered in another panel. */
  setHover(key: LinkKey | null): void {
    if (key === this.#hoveredKey) return;
    this.#hoveredKey = key;
    if (key === null) this.#hoveredPoint = -1;
    this.buffers.setHover(key);
    this.#startMove(false);
  }

  /** Orthographic (0), or perspective with the eye that many scene radii away. */
  setPerspective(distance: number): void {
    this.orbit.eye = distance * (this.#spec?.radius ?? 1);
    this.fit();
  }

  fit(): void {
    this.#ownCamera = false;
    this.#fitNow();
  }

  reset(): void {
    this.orbit.azimuth = initialAzimuth;
    this.#fitted = false;
    this.fit();
  }

  turn(azimuth: number, elevation: number): void {
    this.#endGlide();
    turn(this.orbit, azimuth, elevation);
    requestDraw(this);
  }

  pan(dx: number, dy: number): void {
    this.#endGlide();
    pan(this.orbit, dx, dy);
    this.#ownCamera = true;
    requestDraw(this);
  }

  zoom(factor: number, x = this.viewport.width / 2, y = this.viewport.height / 2): void {
    this.#endGlide();
    const radius = Math.max(this.#spec?.radius ?? 1, 1e-9);
    const smallest = (0.05 * Math.min(this.viewport.width, this.viewport.height)) / radius;
    const allowed = Math.min(smallest * 2000, Math.max(smallest, this.orbit.scale * factor)) / this.orbit.scale;
    zoomAt(this.orbit, this.viewport, allowed, x, y);
    this.#ownCamera = true;
    requestDraw(this);
  }

  point(x: number | null, y: number): void {
    const found = x === null ? null : pick(this.buffers, x, y, 12);
    const point = found ? found.point : -1;
    const key = found ? this.buffers.groups[found.group].group.key : null;
    this.#host.canvas.style.cursor = found ? 'pointer' : 'grab';
    if (point !== this.#hoveredPoint) {
      this.#hoveredPoint = point;
      requestDraw(this);
    }
    this.#tell(key);
  }

  cycle(direction: 1 | -1 | 0): void {
    const { groups } = this.buffers;
    if (direction === 0 || groups.length === 0) return this.#tell(null);
    const current = groups.findIndex(({ group }) => group.key === this.#hoveredKey);
    const next = current < 0 ? (direction === 1 ? 0 : groups.length - 1) : (current + direction + groups.length) % groups.length;
    this.#tell(groups[next].group.key);
  }

  /** What is seen, labels included, on the theme's ground, as PNG. */
  screenshot(): Promise<Blob> {
    this.draw(performance.now());
    return this.#host.screenshot(this.#theme);
  }

  draw(now: number): boolean {
    const { buffers, orbit, viewport } = this;
    const host = this.#host;
    if (host.disposed || !host.ready || !this.#spec || viewport.width === 0) return false;
    const moved = this.#advance(now) || this.#changed;
    const gliding = this.#advanceGlide(now);
    this.#changed = false;
    project(orbit, viewport, buffers.positions, buffers.count, buffers.screen);
    project(orbit, viewport, buffers.centres, buffers.groups.length, buffers.centresOnScreen);
    buffers.sort();
    const range = Math.max(buffers.depthRange(), 1e-9);
    const radius = this.#pointRadius();
    const palette = paletteOf(this.#theme);
    const { context } = host;
    host.clear();
    if (host.painter && host.paints) {
      host.painter.draw(buffers, palette, orbit, viewport, moved, radius, range, host.ratio, context);
      host.scale();
    } else {
      host.scale();
      drawFlat(context, buffers, palette, radius, range);
    }
    this.#annotations.draw(context, buffers, palette, orbit, viewport, this.#spec.axes, radius, range, this.#hoveredPoint);
    return this.#moveStart >= 0 || gliding;
  }

  dispose(): void {
    forgetDraw(this);
    this.#release();
    this.#host.dispose();
  }

  /** Brings the move forward. @returns true if anything in the buffers changed */
  #advance(now: number): boolean {
    if (this.#moveStart < 0) return false;
    if (this.#moveStart === 0) this.#moveStart = now;
    // A renderer that computes on the processor takes the time of several frames for one: the goal itself is worth more than the way.
    const atOnce = this.#reduced.matches || this.#host.stage?.lowPower === true;
    const share = atOnce ? 1 : Math.min(1, (now - this.#moveStart) / moveTime);
    this.#drawnAt = now;
    this.buffers.blend(1 - (1 - share) ** 3);
    if (share === 1) this.#moveStart = -1;
    return true;
  }

  #startMove(atOnce: boolean): void {
    if (atOnce) this.buffers.blend(1);
    // A goal that changes on the way is approached from the frame on show: scenes that come with every frame must not keep it at its start.
    else this.#moveStart = this.#moveStart > 0 ? this.#drawnAt : 0;
    this.#changed = true;
    if (!this.#ownCamera) this.#fitIfNeeded();
    requestDraw(this);
  }

  /** CSS px of a living point at middle depth: neighbours on a ring nearly touch, but never less than visible or more than handsome. */
  #pointRadius(): number {
    let most = 1;
    for (const { count } of this.buffers.groups) most = Math.max(most, count);
    return Math.min(7.5, Math.max(1.6, (this.buffers.typicalRadius() * this.orbit.scale * 2 * Math.PI * 0.36) / most));
  }

  #fitIfNeeded(): void {
    const { buffers, orbit, viewport } = this;
    if (buffers.count === 0 || viewport.width === 0) return;
    if (!this.#fitted) return this.#fitNow();
    // Judged by where the camera is going, or every frame on the way would start a new glide.
    if (this.#glide.start >= 0) return;
    project(orbit, viewport, buffers.goal, buffers.count, this.#scratch);
    const [left, top, right, bottom] = bounds(this.#scratch, buffers.count, viewport, this.#box);
    const outside = left < 8 || top < 8 || right > viewport.width - 8 || bottom > viewport.height - 8;
    const filled = Math.max(
      (right - left) / (viewport.width - margin.left - margin.right),
      (bottom - top) / (viewport.height - margin.top - margin.bottom),
    );
    if (outside || filled < emptiest) this.#fitNow();
  }

  /** Fits at once the first time, when motion is reduced and when the size changed; else in a short glide that the eye can follow. */
  #fitNow(atOnce = !this.#fitted || this.#reduced.matches): void {
    const { buffers, orbit, viewport } = this;
    if (buffers.count === 0 || viewport.width === 0) return;
    this.#endGlide();
    const glide = this.#glide;
    if (!this.#fitted) {
      orbit.elevation = bestElevation(orbit, viewport, margin, buffers.goal, buffers.count, this.#scratch, elevations);
      this.#fitted = true;
    }
    glide.fromScale = orbit.scale;
    for (let axis = 0; axis < 3; axis++) glide.from[axis] = orbit.target[axis];
    fit(orbit, viewport, margin, buffers.goal, buffers.count, this.#scratch);
    if (!atOnce) {
      glide.toScale = orbit.scale;
      for (let axis = 0; axis < 3; axis++) glide.to[axis] = orbit.target[axis];
      glide.start = 0;
      this.#placeGlide(0);
    }
    requestDraw(this);
  }

  /** @returns true while the camera is on its way */
  #advanceGlide(now: number): boolean {
    const glide = this.#glide;
    if (glide.start < 0) return false;
    if (glide.start === 0) glide.start = now;
    const share = Math.min(1, (now - glide.start) / moveTime);
    this.#placeGlide(1 - (1 - share) ** 3);
    if (share < 1) return true;
    glide.start = -1;
    // What came in on the way may want another fit.
    if (!this.#ownCamera) this.#fitIfNeeded();
    return this.#glide.start >= 0;
  }

  #placeGlide(share: number): void {
    const { orbit } = this;
    const glide = this.#glide;
    orbit.scale = glide.fromScale * (glide.toScale / glide.fromScale) ** share;
    for (let axis = 0; axis < 3; axis++) orbit.target[axis] = glide.from[axis] + (glide.to[axis] - glide.from[axis]) * share;
  }

  #endGlide(): void {
    if (this.#glide.start >= 0) this.#placeGlide(1);
    this.#glide.start = -1;
  }

  #tell(key: LinkKey | null): void {
    if (key === this.#hoveredKey) return;
    this.setHover(key);
    this.#options.onhover(key);
  }
}

async function loadPainter(): Promise<(stage: Stage) => WebglPainter> {
  const { WebglPainter } = await import('./webgl.ts');
  return (stage) => new WebglPainter(stage);
}
