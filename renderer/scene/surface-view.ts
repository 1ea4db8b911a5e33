/** One surface on one canvas: takes surfaces, moves the camera, draws when something changed, and says what is pointed at. */
import { readable } from '#app/figures/format.ts';
import type { SurfaceAxis, SurfaceSpec } from '#app/figures/scene.ts';
import type { Theme } from '#app/figures/spec.ts';
import { elevationLimit, fit, pan, project, turn, zoomAt, type Margin, type Orbit } from './camera.ts';
import { attachControls, type ControlTarget } from './controls.ts';
import { forgetDraw, requestDraw, type Drawable } from './frames.ts';
import { paletteOf } from './palette.ts';
import type { Stage } from './stage.ts';
import { SurfaceBuffers } from './surface-buffers.ts';
import { drawSurfaceFlat } from './surface-flat.ts';
import { boxCorners, SurfaceFrame } from './surface-frame.ts';
import { pickVertex } from './surface-pick.ts';
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
/** Milliseconds between two frames that are no motion. */
const restAfter = 120;
/** The floor is never seen from below: nothing would be seen of the surface. */
const lowest = 0.06;

/** Nothing here moves by itself: a frame shows what is, whether motion is reduced or not. */
export class SurfaceView implements Drawable, ControlTarget {
  readonly buffers = new SurfaceBuffers();
  readonly frame = new SurfaceFrame();
  readonly orbit: Orbit = { ...start, target: [0, 0, 0], scale: 1, eye: 0 };
  readonly viewport = { width: 0, height: 0 };
  readonly #canvas: HTMLCanvasElement;
  #drawnAt = -Infinity;
  #resting: ReturnType<typeof setTimeout> | undefined;
  readonly #context: CanvasRenderingContext2D;
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
  #stage: Stage | null = null;
  #painter: SurfacePainter | null = null;
  #ready = false;
  #disposed = false;
  #changed: 'surface' | 'path' | 'nothing' = 'nothing';
  #ownCamera = false;
  #ratio = 1;
  #pointed = -1;
  /** Where the pointer is: what lies under it may change while it rests. */
  #pointer: { x: number; y: number } | null = null;
  #told: SurfacePoint | null = null;

  constructor(canvas: HTMLCanvasElement, options: SurfaceViewOptions) {
    const context = canvas.getContext('2d');
    if (!context) throw new Error('The browser gave no 2D canvas for the surface.');
    this.#canvas = canvas;
    this.#context = context;
    this.#options = options;
    this.#theme = options.theme;
    this.#setFont();
    const resize = new ResizeObserver(() => this.#measure());
    resize.observe(canvas);
    const enter = (event: KeyboardEvent): void => {
      if (event.key !== 'Enter' || !this.#told) return;
      event.preventDefault();
      this.choose();
    };
    canvas.addEventListener('keydown', enter);
    this.#stop.push(
      () => resize.disconnect(),
      () => canvas.removeEventListener('keydown', enter),
      attachControls(canvas, this),
    );
    this.#measure();
    void document.fonts?.ready.then(() => this.#setFont());
    void this.#open();
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
    this.#canvas.style.cursor = this.#pointed >= 0 ? 'crosshair' : 'grab';
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
    const copy = document.createElement('canvas');
    copy.width = this.#canvas.width;
    copy.height = this.#canvas.height;
    const context = copy.getContext('2d');
    if (!context) return Promise.reject(new Error('The browser gave no 2D canvas for the screenshot.'));
    context.fillStyle = paletteOf(this.#theme).ground.css;
    context.fillRect(0, 0, copy.width, copy.height);
    context.drawImage(this.#canvas, 0, 0);
    return new Promise((resolve, reject) =>
      copy.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The browser could not encode the screenshot as PNG.'))), 'image/png'),
    );
  }

  draw(): boolean {
    const { buffers, orbit, viewport } = this;
    if (this.#disposed || !this.#ready || !this.#spec || viewport.width === 0) return false;
    const changed = this.#changed;
    this.#changed = 'nothing';
    this.frame.update(this.#spec, orbit);
    const palette = paletteOf(this.#theme);
    const context = this.#context;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    if (this.#painter && this.#stage?.available) {
      this.#painter.draw(buffers, changed, this.frame.lines, palette, orbit, viewport, this.#pixels(), context);
      context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    } else {
      // The other painter has not seen this change: it will be told when it draws again.
      if (this.#painter) this.#changed = 'surface';
      context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
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

  /** Drawn px per CSS px. A processor that draws in place of a GPU keeps up with motion at half of them, and draws the rest at rest. */
  #pixels(): number {
    if (!this.#stage?.lowPower) return this.#ratio;
    const now = performance.now();
    const moves = now - this.#drawnAt < restAfter;
    this.#drawnAt = now;
    clearTimeout(this.#resting);
    if (moves) this.#resting = setTimeout(() => requestDraw(this), 1.5 * restAfter);
    return moves ? 0.5 : 1;
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#resting);
    forgetDraw(this);
    for (const stop of this.#stop) stop();
    this.#painter?.dispose();
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

  #measure(): void {
    const width = this.#canvas.clientWidth;
    const height = this.#canvas.clientHeight;
    const ratio = Math.min(devicePixelRatio || 1, 2);
    if (width === this.viewport.width && height === this.viewport.height && ratio === this.#ratio) return;
    const before = this.viewport.width;
    this.viewport.width = width;
    this.viewport.height = height;
    this.#ratio = ratio;
    this.#canvas.width = Math.max(1, Math.round(width * ratio));
    this.#canvas.height = Math.max(1, Math.round(height * ratio));
    if (!this.#ownCamera || before === 0) this.fit();
    this.#projected = false;
    // Setting its size emptied the canvas; drawing in this very task avoids a flash.
    this.draw();
  }

  #setFont(): void {
    const family = getComputedStyle(this.#canvas).fontFamily;
    if (family) this.#words.setFont(family);
    requestDraw(this);
  }

  /** three.js comes in its own chunk; until it is there nothing is drawn, if it cannot work the flat painter takes over. */
  async #open(): Promise<void> {
    if (this.#options.painter !== 'flat') {
      const [{ openStage }, { SurfacePainter }] = await Promise.all([import('./stage.ts'), import('./surface-webgl.ts')]);
      if (this.#disposed) return;
      const stage = openStage();
      if (typeof stage === 'string') this.#options.onnotice(stage);
      else {
        this.#stage = stage;
        this.#painter = new SurfacePainter(stage);
        this.#changed = 'surface';
        this.#stop.push(
          stage.onchange(() => {
            this.#options.onnotice(stage.available ? null : 'Drawn flat for the moment: the graphics driver was restarted.');
            requestDraw(this);
          }),
        );
      }
    }
    this.#ready = true;
    requestDraw(this);
  }
}

function pointOf(spec: SurfaceSpec, vertex: number): SurfacePoint {
  const columns = spec.x.values.length;
  const [column, row] = [vertex % columns, Math.floor(vertex / columns)];
  const [x, y, value] = [spec.x.values[column], spec.y.values[row], spec.values[vertex]];
  const said = ({ label, unit }: Pick<SurfaceAxis, 'label' | 'unit'>, number: number): string =>
    `${label} ${readable(number, 3)}${unit === '' ? '' : ` ${unit}`}`;
  return { column, row, x, y, value, text: `${said(spec.x, x)}, ${said(spec.y, y)}: ${said(spec.value, value)}` };
}
