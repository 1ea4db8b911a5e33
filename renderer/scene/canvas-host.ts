/** What a 3D view needs of its canvas: its size, its font, and a painter once three.js is there. */
import type { Theme } from '#app/figures/spec.ts';
import type { Viewport } from '#app/scene/camera.ts';
import { paletteOf } from './palette.ts';
import type { Stage } from './stage.ts';

export interface CanvasHostOptions<P> {
  /** The canvas has another size, and is empty. @param before its width until now; 0 the first time */
  onsize(before: number): void;
  onfont(family: string): void;
  /** It should be drawn: the painter came, or the graphics driver did something. */
  onchange(): void;
  /** A sentence when it is not drawn as it should be; null when all is well. */
  onnotice(sentence: string | null): void;
  /** Loads the painter with three.js, in a chunk of its own; null never asks for WebGL. */
  readonly load: (() => Promise<(stage: Stage) => P>) | null;
}

export class CanvasHost<P extends { dispose(): void }> {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  /** In CSS px. */
  readonly viewport: { -readonly [K in keyof Viewport]: Viewport[K] } = { width: 0, height: 0 };
  /** Device px per CSS px. */
  ratio = 1;
  /** True once it is known who paints. */
  ready = false;
  /** Null where WebGL is not to be had: the view then draws flat. */
  painter: P | null = null;
  stage: Stage | null = null;
  disposed = false;
  readonly #options: CanvasHostOptions<P>;
  readonly #stop: (() => void)[] = [];

  /** @throws Error if the browser gives no 2D canvas */
  constructor(canvas: HTMLCanvasElement, options: CanvasHostOptions<P>) {
    const context = canvas.getContext('2d');
    if (!context) throw new Error('The browser gave no 2D canvas for the picture.');
    this.canvas = canvas;
    this.context = context;
    this.#options = options;
  }

  /** Begins to watch size and font and to load the painter; called when the view can be drawn. */
  begin(): void {
    this.#setFont();
    const resize = new ResizeObserver(() => this.#measure());
    resize.observe(this.canvas);
    this.#stop.push(() => resize.disconnect());
    this.#measure();
    // Widths measured before the font came are wrong.
    void document.fonts?.ready.then(() => this.#setFont());
    void this.#open();
  }

  /** Whether the painter draws now, rather than the flat one. */
  get paints(): boolean {
    return this.painter !== null && this.stage?.available === true;
  }

  /** An empty canvas; what follows is drawn in device px. */
  clear(): void {
    this.context.setTransform(1, 0, 0, 1, 0, 0);
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
  }

  /** What follows is drawn in CSS px. */
  scale(): void {
    this.context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
  }

  /** What is seen, labels included, on the theme's ground, as PNG. */
  screenshot(theme: Theme): Promise<Blob> {
    const copy = document.createElement('canvas');
    copy.width = this.canvas.width;
    copy.height = this.canvas.height;
    const context = copy.getContext('2d');
    if (!context) return Promise.reject(new Error('The browser gave no 2D canvas for the screenshot.'));
    context.fillStyle = paletteOf(theme).ground.css;
    context.fillRect(0, 0, copy.width, copy.height);
    context.drawImage(this.canvas, 0, 0);
    return new Promise((resolve, reject) =>
      copy.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The browser could not encode the screenshot as PNG.'))), 'image/png'),
    );
  }

  dispose(): void {
    this.disposed = true;
    for (const stop of this.#stop) stop();
    this.painter?.dispose();
  }

  #measure(): void {
    const { canvas, viewport } = this;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    const ratio = Math.min(devicePixelRatio || 1, 2);
    if (width === viewport.width && height === viewport.height && ratio === this.ratio) return;
    const before = viewport.width;
    viewport.width = width;
    viewport.height = height;
    this.ratio = ratio;
    canvas.width = Math.max(1, Math.round(width * ratio));
    canvas.height = Math.max(1, Math.round(height * ratio));
    this.#options.onsize(before);
  }

  #setFont(): void {
    const family = getComputedStyle(this.canvas).fontFamily;
    if (family) this.#options.onfont(family);
    this.#options.onchange();
  }

  /** Until the painter is there nothing is drawn; if it cannot work the flat one takes over. */
  async #open(): Promise<void> {
    const { load, onnotice, onchange } = this.#options;
    if (load) {
      const [{ openStage }, make] = await Promise.all([import('./stage.ts'), load()]);
      if (this.disposed) return;
      const stage = openStage();
      if (typeof stage === 'string') onnotice(stage);
      else {
        this.stage = stage;
        this.painter = make(stage);
        this.#stop.push(
          stage.onchange(() => {
            onnotice(stage.available ? null : 'Drawn flat for the moment: the graphics driver was restarted.');
            onchange();
          }),
        );
      }
    }
    this.ready = true;
    onchange();
  }
}
