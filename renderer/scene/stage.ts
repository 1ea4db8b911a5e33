/**
 * The one WebGL renderer of the window. Every view draws into a scissored corner of its canvas and copies the result, so that
 * any number of views costs one context, labels are composed on top, and a screenshot is what is seen.
 */
import { Color, WebGLRenderer } from 'three';
import type { Camera, Scene } from 'three';
import { onFrameTime } from './frames.ts';

const clear = new Color(0, 0, 0);
/** Frames slower than this on average, in ms, switch to low power. */
const slowFrame = 40;

export class Stage {
  readonly renderer: WebGLRenderer;
  /** What the driver calls itself, for `doctor` and bug reports. */
  readonly rendererName: string;
  /** One device pixel a CSS pixel and flat discs: chosen for software renderers, or when frames turn out slow. */
  lowPower: boolean;
  /** False between a lost context and its return. */
  available = true;
  readonly #listeners = new Set<() => void>();
  #width = 0;
  #height = 0;
  #meanFrame = 0;

  /** @throws Error if the browser gives no WebGL 2 context */
  constructor() {
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('webgl2', { alpha: true, antialias: false, depth: true, stencil: false, premultipliedAlpha: true });
    if (!context) throw new Error('no WebGL 2 context');
    this.renderer = new WebGLRenderer({ canvas, context, antialias: false, alpha: true, stencil: false });
    this.renderer.setPixelRatio(1);
    this.renderer.setClearColor(clear, 0);
    this.renderer.setScissorTest(true);
    this.renderer.info.autoReset = true;
    const gl = this.renderer.getContext();
    const unmasked = gl.getExtension('WEBGL_debug_renderer_info');
    this.rendererName = String(gl.getParameter(unmasked ? unmasked.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
    this.lowPower = isSoftwareRenderer(this.rendererName);
    canvas.addEventListener('webglcontextlost', (event) => {
      event.preventDefault();
      this.available = false;
      this.#notify();
    });
    canvas.addEventListener('webglcontextrestored', () => {
      this.available = true;
      this.#notify();
    });
    onFrameTime((milliseconds) => this.#measure(milliseconds));
  }

  /** Calls back when the context is lost or restored, or low power is switched on. @returns a function that stops it */
  onchange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Renders into the lower left corner, `width` x `height` device px, and copies it into the whole of `target`.
   * The buffer only grows: views of different sizes take turns without reallocating it.
   */
  draw(scene: Scene, camera: Camera, width: number, height: number, target: CanvasRenderingContext2D): void {
    if (width > this.#width || height > this.#height) {
      this.#width = Math.max(width, this.#width);
      this.#height = Math.max(height, this.#height);
      this.renderer.setSize(this.#width, this.#height, false);
    }
    this.renderer.setViewport(0, 0, width, height);
    this.renderer.setScissor(0, 0, width, height);
    this.renderer.render(scene, camera);
    const source = this.renderer.domElement;
    target.drawImage(source, 0, source.height - height, width, height, 0, 0, target.canvas.width, target.canvas.height);
  }

  #measure(milliseconds: number): void {
    // Longer gaps are a window in the background, not a slow renderer.
    if (this.lowPower || milliseconds > 500) return;
    this.#meanFrame = this.#meanFrame === 0 ? 16 : this.#meanFrame * 0.95 + milliseconds * 0.05;
    if (this.#meanFrame > slowFrame) {
      this.lowPower = true;
      this.#notify();
    }
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** True for renderers that compute on the processor. */
export function isSoftwareRenderer(name: string): boolean {
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
}

let stage: Stage | null = null;
let failure: string | null = null;

/** The window's stage, made at the first call. @returns a sentence instead if there can be none */
export function openStage(): Stage | string {
  if (stage) return stage;
  if (failure) return failure;
  try {
    stage = new Stage();
    return stage;
  } catch {
    failure = 'Drawn flat, without shading: this window has no WebGL 2, which the 3D renderer needs.';
    return failure;
  }
}
