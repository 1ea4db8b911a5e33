/** One surface on one canvas: takes surfaces, moves the camera, draws when something changed, and says what is pointed at. */
import { readable } from '#app/figures/format.ts';
import type { SurfaceAxis, SurfaceSpec } from '#app/figures/scene.ts';
import type { Theme } from '#app/figures/spec.ts';
import { elevationLimit, fit, pan, project, turn, zoomAt, type Margin, type Orbit, type Viewport } from '#app/scene/camera.ts';
import { CanvasHost } from './canvas-host.ts';
import { attachControls, type ControlTarget } from './controls.ts';
import { forgetDraw, requestDraw, type Drawable } from './frames.ts';
import { paletteOf } from './palette.ts';
import { SurfaceBuffers } from './surface-buffers.ts';
import { drawSurfaceFlat } from './surface-flat.ts';
import { boxCorners, SurfaceFrame } from './surface-frame.ts';
import { pickVertex } from './surface-pick.ts';
import type { Stage } from './stage.ts';
import type { SurfacePainter } from './surface-webgl.ts';
import { SurfaceWords } from './surface-words.ts';

/** A place of the grid with its values. */
export interface SurfacePoint {
  readonly column: number;
  readonly row: number;
  readonly x: number;
  readonly y: number;
  readonly value: number;
  /** All three with names and units, as the picture says them. */
  readonly text: string;
}

export interface SurfaceViewOptions {
  readonly theme: Theme;
  /** Called when another place, or none, comes under the pointer or the keyboard's focus. */
  readonly onpoint: (point: SurfacePoint | null) => void;
  /** Called when a place is clicked, tapped, or chosen with Enter. */
  readonly onchoose?: (point: SurfacePoint) => void;
  /** Called with a sentence when the surface is not drawn as it should be, e.g. without WebGL; null when all is well. */
  readonly onnotice: (sentence: string | null) => void;
  /** 'flat' never asks for WebGL. */
  readonly painter?: 'webgl' | 'flat';
}

/** Keys as help and screen readers tell them. */
export const surfaceKeys =
  'Arrow keys turn, Shift with arrow keys moves, plus and minus zoom, F fits, 0 resets, N and P step through the places of the grid, Enter chooses one, Escape leaves them.';

/** Room for ticks and names. */
const margin: Margin = { top: 40, right: 64, bottom: 64, left: 72 };
const start = { azimuth: 0.62, elevation: 0.5 };
/** The floor is never seen from below: nothing would be seen of the surface. */
const lowest = 0.06;

/** Nothing here moves by itself: a frame shows what is, whether motion is reduced or not. */
export class SurfaceView implements Drawable, ControlTarget {
  readonly buffers = new SurfaceBuffers();
  readonly frame = new SurfaceFrame();
  readonly orbit: Orbit = { ...start, target: [0, 0, 0], scale: 1, eye: 0 };
  readonly viewport: Viewport;
  readonly #host: CanvasHost<SurfacePainter>;
  readonly #options: SurfaceViewOptions;
  readonly #words = new SurfaceWords();
  readonly #corners = new Float32Array(boxCorners.length);
  readonly #stop: (() => void)[] = [];
  readonly #one = new Float32Array(3);
  #screen = new Float32Array(0);
  /** False when the projected vertices are not those of the camera or the surface. */
  #projected = false;
  #theme: Theme;
  #spec: SurfaceSpec | null = null;
  #changed: 'surface' | 'path' | 'nothing' = 'nothing';
  /** The painter that knows what is on show. */
  #drawn: SurfacePainter | null = null;
  #ownCamera = false;
  #pointed = -1;
  /** Where the pointer is: what lies under it may change while it rests. */
  #pointer: { x: number; y: number } | null = null;
  #told: SurfacePoint | null = null;

  constructor(canvas: HTMLCanvasElement, options: SurfaceViewOptions) {
    this.#options = options;
    this.#theme = options.theme;
    this.#host = new CanvasHost<SurfacePainter>(canvas, {
      onsize: (before) => {
        if (!this.#ownCamera || before === 0) this.fit();
        this.#projected = false;
        // Setting its size emptied the canvas; drawing in this very task avoids a flash.
        this.draw();
      },
      onfont: (family) => this.#words.setFont(family),
      onchange: () => requestDraw(this),
      onnotice: (sentence) => options.onnotice(sentence),
      load: options.painter === 'flat' ? null : loadPainter,
    });
    this.viewport = this.#host.viewport;
    this.#host.begin();
    const enter = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter' || !this.#told) return;
      event.preventDefault();
      this.choose();
    };
    canvas.addEventListener('keydown', enter);
    this.#stop.push(() => canvas.removeEventListener('keydown', enter), attachControls(canvas, this));
  }

  /** Shows a surface. Draws nothing if it is the one on show. */
  setSurface(spec: SurfaceSpec): void {
    const before = this.#spec;
    this.#spec = spec;
    const changed = this.buffers.update(spec);
    if (!before) this.reset();
    if (changed === 'surface') {
      const { columns, rows } = this.buffers;
      if (this.#screen.length !== columns * rows * 3) this.#screen = new Float32Array(columns * rows * 3);
      if (this.#pointed >= columns * rows) this.#pointed = -1;
      this.#projected = false;
    }
    if (changed !== 'nothing' && this.#changed !== 'surface') this.#changed = changed;
    if (changed === 'surface' || changed === 'path' || before?.x !== spec.x || before.y !== spec.y || before.value !== spec.value)
      requestDraw(this);
    if (changed === 'surface') this.#pointAgain();
  }

  setTheme(theme: Theme): void {
    if (theme === this.#theme) return;
    this.#theme = theme;
    requestDraw(this);
  }

  /** What is pointed at, or null. */
  get pointed(): SurfacePoint | null {
    return this.#told;
  }

  fit(): void {
    this.#ownCamera = false;
    fit(this.orbit, this.viewport, margin, boxCorners, boxCorners.length / 3, this.#corners);
    this.#moved();
  }

  reset(): void {
    this.orbit.azimuth = this.#openSide();
    this.orbit.elevation = start.elevation;
    this.fit();
  }

  turn(azimuth: number, elevation: number): void {
    turn(this.orbit, azimuth, elevation);
    this.orbit.elevation = Math.min(elevationLimit, Math.max(lowest, this.orbit.elevation));
    if (this.#ownCamera) this.#moved();
    else this.fit();
  }

  pan(dx: number, dy: number): void {
    pan(this.orbit, dx, dy);
    this.#ownCamera = true;
    this.#moved();
  }

  zoom(factor: number, x = this.viewport.width / 2, y = this.viewport.height / 2): void {
    const smallest = 0.1 * Math.min(this.viewport.width, this.viewport.height);
    const allowed = Math.min(smallest * 200, Math.max(smallest, this.orbit.scale * factor)) / this.orbit.scale;
    zoomAt(this.orbit, this.viewport, allowed, x, y);
    this.#ownCamera = true;
    this.#moved();
  }

  point(x: number | null, y: number): void {
    this.#pointer = x === null ? null : { x, y };
    this.#pointTo(x === null ? -1 : this.#vertexAt(x, y));
    this.#host.canvas.style.cursor = this.#pointed >= 0 ? 'crosshair' : 'grab';
  }

  choose(): void {
    if (this.#told) this.#options.onchoose?.(this.#told);
  }

  cycle(direction: 1 | -1 | 0): void {
    this.#pointer = null;
    const { heights } = this.buffers;
    let vertex = direction === 0 ? -1 : this.#pointed < 0 && direction < 0 ? 0 : this.#pointed;
    for (let tries = 0; direction !== 0 && tries < heights.length; tries += 1) {
      vertex = (vertex + direction + heights.length) % heights.length;
      if (!Number.isNaN(heights[vertex])) break;
    }
    this.#pointTo(vertex >= 0 && !Number.isNaN(heights[vertex]) ? vertex : -1);
  }

  /** What is seen, labels included, on the theme's ground, as PNG. */
  screenshot(): Promise<Blob> {
    this.draw();
    return this.#host.screenshot(this.#theme);
  }

  draw(): boolean {
    const { buffers, orbit, viewport } = this;
    const host = this.#host;
    if (host.disposed || !host.ready || !this.#spec || viewport.width === 0) return false;
    // A painter that has drawn nothing yet wants everything.
    const changed = this.#drawn === host.painter ? this.#changed : 'surface';
    this.#changed = 'nothing';
    this.frame.update(this.#spec, orbit);
    const palette = paletteOf(this.#theme);
    const { context } = host;
    host.clear();
    if (host.painter && host.paints) {
      host.painter.draw(buffers, changed, this.frame.lines, palette, orbit, viewport, host.stage?.lowPower ? 1 : host.ratio, context);
      this.#drawn = host.painter;
      host.scale();
    } else {
      // The other painter has not seen this change: it will be told when it draws again.
      if (host.painter) this.#changed = 'surface';
      host.scale();
      this.#project();
      drawSurfaceFlat(context, buffers, this.#screen, this.frame.lines, palette, orbit, viewport);
    }
    this.#words.drawAxes(context, this.frame.axes, palette, orbit, viewport);
    if (buffers.ball) {
      const [x, y, towards] = this.#place(buffers.ball);
      this.#words.drawBall(context, x, y, this.#isHidden(x, y, towards), palette);
    }
    if (this.#told && this.#pointed >= 0) {
      const at = this.#pointed * 3;
      const [x, y] = this.#place(buffers.positions.subarray(at, at + 3));
      this.#words.drawPointed(context, x, y, this.#told.text, palette, viewport);
    }
    return false;
  }

  dispose(): void {
    forgetDraw(this);
    for (const stop of this.#stop) stop();
    this.#host.dispose();
  }

  /** Of the two views that have the first row in front the one with the lower corner there, so that no wall hides the valley. */
  #openSide(): number {
    const { heights, columns } = this.buffers;
    return heights[columns - 1] > heights[0] ? -start.azimuth : start.azimuth;
  }

  #moved(): void {
    this.#projected = false;
    requestDraw(this);
  }

  #project(): void {
    if (this.#projected) return;
    project(this.orbit, this.viewport, this.buffers.positions, this.#screen.length / 3, this.#screen);
    this.#projected = true;
  }

  #place(position: ArrayLike<number>): Float32Array {
    this.#one.set(position);
    project(this.orbit, this.viewport, this.#one, 1, this.#one);
    return this.#one;
  }

  #vertexAt(x: number, y: number): number {
    this.#project();
    return pickVertex(this.buffers, this.#screen, x, y);
  }

  /** True if the surface passes in front of a place by more than the size of a ball. */
  #isHidden(x: number, y: number, towards: number): boolean {
    const vertex = this.#vertexAt(x, y);
    return vertex >= 0 && this.#screen[vertex * 3 + 2] > towards + 0.15;
  }

  #pointAgain(): void {
    if (this.#pointer) this.point(this.#pointer.x, this.#pointer.y);
    else this.#pointTo(this.#pointed >= 0 && Number.isNaN(this.buffers.heights[this.#pointed]) ? -1 : this.#pointed);
  }

  #pointTo(vertex: number): void {
    this.#pointed = vertex;
    const point = vertex < 0 || !this.#spec ? null : pointOf(this.#spec, vertex);
    if (point?.text === this.#told?.text && point?.column === this.#told?.column && point?.row === this.#told?.row) return;
    this.#told = point;
    requestDraw(this);
    this.#options.onpoint(point);
  }
}

async function loadPainter(): Promise<(stage: Stage) => SurfacePainter> {
  const { SurfacePainter } = await import('./surface-webgl.ts');
  return (stage) => new SurfacePainter(stage);
}

function pointOf(spec: SurfaceSpec, vertex: number): SurfacePoint {
  const columns = spec.x.values.length;
  const [column, row] = [vertex % columns, Math.floor(vertex / columns)];
  const [x, y, value] = [spec.x.values[column], spec.y.values[row], spec.values[vertex]];
  const said = ({ label, unit }: Pick<SurfaceAxis, 'label' | 'unit'>, number: number): string =>
    `${label} ${readable(number, 3)}${unit === '' ? '' : ` ${unit}`}`;
  return { column, row, x, y, value, text: `${said(spec.x, x)}, ${said(spec.y, y)}: ${said(spec.value, value)}` };
}
