/** Draws a surface with WebGL: one call for its triangles, one each for frame, contours and path. */
import { BufferAttribute, BufferGeometry, Camera, DoubleSide, DynamicDrawUsage, Mesh, Scene, ShaderMaterial } from 'three';
import { matrices, type Orbit, type Viewport } from '#app/scene/camera.ts';
import type { Colour, Palette } from './palette.ts';
import type { Stage } from './stage.ts';
import type { SurfaceBuffers } from './surface-buffers.ts';
import { Lines } from './surface-lines.ts';
import { surfaceFragment, surfaceVertex } from './surface-shaders.ts';

/** Half the depth of the box from any side. */
const depth = 1.9;

const black: Colour = { css: '#000000', rgb: [0, 0, 0] };

export class SurfacePainter {
  readonly #stage: Stage;
  readonly #scene = new Scene();
  readonly #camera = new Camera();
  readonly #material = new ShaderMaterial({
    vertexShader: surfaceVertex,
    fragmentShader: surfaceFragment,
    side: DoubleSide,
    toneMapped: false,
  });
  readonly #surface = new Mesh(new BufferGeometry(), this.#material);
  readonly #frame: Lines;
  readonly #contours: Lines;
  readonly #path: Lines;
  /** The path where the surface hides it. */
  readonly #behind: Lines;
  readonly #view: number[] = new Array<number>(16).fill(0);
  readonly #projection: number[] = new Array<number>(16).fill(0);
  #structure = -1;
  /** Lines of the frame that are loaded. */
  #framed: Float32Array | null = null;
  #position = new BufferAttribute(new Float32Array(0), 3);
  #colour = new BufferAttribute(new Uint8Array(0), 4, true);
  #index = new BufferAttribute(new Uint32Array(0), 1);

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#camera.matrixAutoUpdate = false;
    this.#camera.matrixWorldAutoUpdate = false;
    this.#scene.matrixAutoUpdate = false;
    this.#surface.frustumCulled = false;
    this.#surface.matrixAutoUpdate = false;
    this.#scene.add(this.#surface);
    this.#frame = new Lines(this.#scene, 1, 1);
    this.#contours = new Lines(this.#scene, 2, 1, { lift: 0.003, alpha: 0.55 });
    this.#behind = new Lines(this.#scene, 3, 1.5, { hidden: false, alpha: 0.4 });
    this.#path = new Lines(this.#scene, 4, 2.25, { lift: 0.006 });
  }

  /**
   * @param changed what of the buffers changed since the last call
   * @param frame lines of the frame, six numbers a piece; another array when they changed
   * @param pixels drawn px per CSS px; what is drawn is stretched over the whole target
   */
  draw(
    buffers: SurfaceBuffers,
    changed: 'surface' | 'path' | 'nothing',
    frame: Float32Array,
    palette: Palette,
    orbit: Orbit,
    viewport: Viewport,
    pixels: number,
    target: CanvasRenderingContext2D,
  ): void {
    if (this.#structure !== buffers.structure) this.#rebuild(buffers);
    if (changed === 'surface') {
      this.#position.needsUpdate = true;
      this.#colour.needsUpdate = true;
      this.#index.needsUpdate = true;
      this.#surface.geometry.setDrawRange(0, buffers.indexCount);
      this.#surface.visible = buffers.indexCount > 0;
      this.#contours.update(buffers.segments, buffers.segmentCount);
    }
    if (changed !== 'nothing') {
      this.#path.update(buffers.pathSegments, buffers.pathCount);
      this.#behind.update(buffers.pathSegments, buffers.pathCount);
    }
    if (this.#framed !== frame) this.#frame.update(frame, frame.length / 6);
    this.#framed = frame;
    const width = Math.max(1, Math.round(viewport.width * pixels));
    const height = Math.max(1, Math.round(viewport.height * pixels));
    this.#frame.prepare(palette['line-strong'], width, height, pixels);
    this.#contours.prepare(black, width, height, pixels);
    this.#path.prepare(palette.f4, width, height, pixels);
    this.#behind.prepare(palette.f4, width, height, pixels);
    matrices(orbit, viewport, depth, this.#view, this.#projection);
    this.#camera.matrixWorldInverse.fromArray(this.#view);
    this.#camera.projectionMatrix.fromArray(this.#projection);
    this.#stage.draw(this.#scene, this.#camera, width, height, target);
  }

  dispose(): void {
    this.#surface.geometry.dispose();
    this.#material.dispose();
    for (const lines of [this.#frame, this.#contours, this.#path, this.#behind]) lines.dispose();
  }

  #rebuild(buffers: SurfaceBuffers): void {
    this.#structure = buffers.structure;
    this.#surface.geometry.dispose();
    const geometry = new BufferGeometry();
    this.#position = new BufferAttribute(buffers.positions, 3).setUsage(DynamicDrawUsage);
    this.#colour = new BufferAttribute(buffers.colours, 4, true).setUsage(DynamicDrawUsage);
    this.#index = new BufferAttribute(buffers.index, 1).setUsage(DynamicDrawUsage);
    geometry.setAttribute('position', this.#position);
    geometry.setAttribute('colour', this.#colour);
    geometry.setIndex(this.#index);
    this.#surface.geometry = geometry;
  }
}
