/** Lines on and around a surface, each a strip of the same width on the screen whatever its depth. */
import {
  BufferGeometry,
  BufferAttribute,
  CustomBlending,
  DynamicDrawUsage,
  InterleavedBuffer,
  InterleavedBufferAttribute,
  Mesh,
  OneFactor,
  OneMinusSrcAlphaFactor,
  ShaderMaterial,
  type Scene,
} from 'three';
import type { Colour } from './palette.ts';
import { lineFragment, lineVertex } from './surface-shaders.ts';

/** Numbers of one piece: where it starts and ends. */
const pieceSize = 6;
/** Corners of the strip that a piece is drawn as; the shader tells them apart by their number. */
const corners = 4;

/**
 * Repeats every piece for each of its corners. Instances would do without, but renderers on the processor draw every instance by
 * itself: a thousand contours then cost three times the surface.
 * @param segments six numbers a piece, `count` of them
 * @param out at least `count` x 24 long
 */
export function spread(segments: Float32Array, count: number, out: Float32Array): void {
  for (let piece = 0, to = 0; piece < count; piece += 1) {
    const from = piece * pieceSize;
    for (let corner = 0; corner < corners; corner += 1, to += pieceSize) {
      for (let k = 0; k < pieceSize; k += 1) out[to + k] = segments[from + k];
    }
  }
}

/** Lines of one colour and width, drawn from an array that its owner changes in place. */
export class Lines {
  readonly mesh: Mesh;
  readonly #material: ShaderMaterial;
  readonly #width: number;
  #vertices = new InterleavedBuffer(new Float32Array(0), pieceSize);

  /** @param width in CSS px; `lift` in units of depth; a line that is not `hidden` by what lies before it shows through */
  constructor(scene: Scene, order: number, width: number, { lift = 0, hidden = true, alpha = 1 } = {}) {
    this.#width = width;
    this.#material = new ShaderMaterial({
      transparent: true,
      blending: CustomBlending,
      blendSrc: OneFactor,
      blendDst: OneMinusSrcAlphaFactor,
      toneMapped: false,
      depthWrite: false,
      depthTest: hidden,
      vertexShader: lineVertex,
      fragmentShader: lineFragment,
      uniforms: {
        viewport: { value: [1, 1] },
        width: { value: width },
        lift: { value: lift },
        colour: { value: [0, 0, 0, alpha] },
      },
    });
    this.mesh = new Mesh(new BufferGeometry(), this.#material);
    this.mesh.frustumCulled = false;
    this.mesh.matrixAutoUpdate = false;
    this.mesh.renderOrder = order;
    scene.add(this.mesh);
  }

  /** @param count pieces of `segments` that are drawn */
  update(segments: Float32Array, count: number): void {
    if (this.#vertices.array.length < count * corners * pieceSize) this.#reserve(segments.length / pieceSize);
    spread(segments, count, this.#vertices.array as Float32Array);
    this.#vertices.clearUpdateRanges();
    this.#vertices.addUpdateRange(0, count * corners * pieceSize);
    this.#vertices.needsUpdate = true;
    this.mesh.geometry.setDrawRange(0, count * 6);
    this.mesh.visible = count > 0;
  }

  prepare({ rgb }: Colour, width: number, height: number, pixels: number): void {
    const { uniforms } = this.#material;
    (uniforms.viewport.value as number[])[0] = width;
    (uniforms.viewport.value as number[])[1] = height;
    uniforms.width.value = this.#width * pixels;
    for (let channel = 0; channel < 3; channel += 1) (uniforms.colour.value as number[])[channel] = rgb[channel];
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.#material.dispose();
  }

  #reserve(pieces: number): void {
    const index = new Uint32Array(pieces * 6);
    for (let piece = 0; piece < pieces; piece += 1) {
      const first = piece * corners;
      index.set([first, first + 1, first + 2, first, first + 2, first + 3], piece * 6);
    }
    this.#vertices = new InterleavedBuffer(new Float32Array(pieces * corners * pieceSize), pieceSize).setUsage(DynamicDrawUsage);
    this.mesh.geometry.dispose();
    const geometry = new BufferGeometry();
    geometry.setAttribute('position', new InterleavedBufferAttribute(this.#vertices, 3, 0));
    geometry.setAttribute('to', new InterleavedBufferAttribute(this.#vertices, 3, 3));
    geometry.setIndex(new BufferAttribute(index, 1));
    this.mesh.geometry = geometry;
  }
}
