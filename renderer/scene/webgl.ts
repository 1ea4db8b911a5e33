/** Draws scene buffers with WebGL: one call for all points, one for all links. */
import {
  BufferAttribute,
  BufferGeometry,
  Camera,
  CustomBlending,
  DynamicDrawUsage,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  Mesh,
  OneFactor,
  OneMinusSrcAlphaFactor,
  Points,
  Scene,
  ShaderMaterial,
} from 'three';
import type { SceneBuffers } from './buffers.ts';
import { matrices } from '#app/scene/camera.ts';
import type { Orbit, Viewport } from '#app/scene/camera.ts';
import type { Palette } from './palette.ts';
import { linkFragment, linkVertex, pointFragment, pointVertex } from './shaders.ts';
import type { Stage } from './stage.ts';

const blending = {
  transparent: true,
  blending: CustomBlending,
  blendSrc: OneFactor,
  blendDst: OneMinusSrcAlphaFactor,
  toneMapped: false,
} as const;

export class WebglPainter {
  readonly #stage: Stage;
  readonly #scene = new Scene();
  readonly #camera = new Camera();
  readonly #pointMaterial = new ShaderMaterial({
    ...blending,
    vertexShader: pointVertex,
    fragmentShader: pointFragment,
    uniforms: {
      range: { value: 1 },
      ground: { value: [0, 0, 0] },
      radius: { value: 4 },
      pixelsPerUnit: { value: 1 },
      shaded: { value: true },
    },
  });
  readonly #linkMaterial = new ShaderMaterial({
    ...blending,
    depthWrite: false,
    vertexShader: linkVertex,
    fragmentShader: linkFragment,
    uniforms: { range: { value: 1 }, ground: { value: [0, 0, 0] }, viewport: { value: [1, 1] }, width: { value: 1 } },
  });
  readonly #points = new Points(new BufferGeometry(), this.#pointMaterial);
  readonly #links = new Mesh(new InstancedBufferGeometry() as BufferGeometry, this.#linkMaterial);
  readonly #view: number[] = new Array<number>(16).fill(0);
  readonly #projection: number[] = new Array<number>(16).fill(0);
  #structure = -1;
  #palette: Palette | null = null;
  #position = new BufferAttribute(new Float32Array(0), 3);
  #look = new BufferAttribute(new Float32Array(0), 2);
  #order = new BufferAttribute(new Uint32Array(0), 1);
  #from = new InstancedBufferAttribute(new Float32Array(0), 3);
  #to = new InstancedBufferAttribute(new Float32Array(0), 3);
  #linkColour = new InstancedBufferAttribute(new Float32Array(0), 4);

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#camera.matrixAutoUpdate = false;
    this.#camera.matrixWorldAutoUpdate = false;
    this.#scene.matrixAutoUpdate = false;
    for (const object of [this.#points, this.#links]) {
      object.frustumCulled = false;
      object.matrixAutoUpdate = false;
      this.#scene.add(object);
    }
    this.#links.renderOrder = 1;
  }

  /**
   * @param moved positions, opacities or sizes changed since the last call
   * @param radius CSS px of a living point at middle depth
   * @param range half-range of heights in world units
   * @param ratio device px per CSS px of the target
   */
  draw(
    buffers: SceneBuffers,
    palette: Palette,
    orbit: Orbit,
    viewport: Viewport,
    moved: boolean,
    radius: number,
    range: number,
    ratio: number,
    target: CanvasRenderingContext2D,
  ): void {
    const fresh = this.#structure !== buffers.structure || this.#palette !== palette;
    if (fresh) this.#rebuild(buffers, palette);
    if (moved || fresh) this.#upload(buffers);
    this.#order.needsUpdate = true;

    const pixels = this.#stage.lowPower ? 1 : ratio;
    const width = Math.max(1, Math.round(viewport.width * pixels));
    const height = Math.max(1, Math.round(viewport.height * pixels));
    matrices(orbit, viewport, range * 1.2 + (2 * radius) / orbit.scale, this.#view, this.#projection);
    this.#camera.matrixWorldInverse.fromArray(this.#view);
    this.#camera.projectionMatrix.fromArray(this.#projection);
    const points = this.#pointMaterial.uniforms;
    points.range.value = range;
    points.radius.value = radius * pixels;
    points.pixelsPerUnit.value = orbit.scale * pixels;
    points.shaded.value = !this.#stage.lowPower || radius >= 3;
    const links = this.#linkMaterial.uniforms;
    links.range.value = range;
    (links.viewport.value as number[])[0] = width;
    (links.viewport.value as number[])[1] = height;
    links.width.value = 1.3 * pixels;
    this.#stage.draw(this.#scene, this.#camera, width, height, target);
  }

  dispose(): void {
    this.#points.geometry.dispose();
    this.#links.geometry.dispose();
    this.#pointMaterial.dispose();
    this.#linkMaterial.dispose();
  }

  #rebuild(buffers: SceneBuffers, palette: Palette): void {
    this.#structure = buffers.structure;
    this.#palette = palette;
    this.#pointMaterial.uniforms.ground.value = [...palette.ground.rgb];
    this.#linkMaterial.uniforms.ground.value = [...palette.ground.rgb];
    this.#points.geometry.dispose();
    this.#links.geometry.dispose();

    const colour = new Float32Array(buffers.count * 3);
    for (const { group, first, count } of buffers.groups) {
      const { rgb } = palette[group.colour];
      for (let point = first; point < first + count; point++) colour.set(rgb, point * 3);
    }
    this.#position = new BufferAttribute(buffers.positions, 3).setUsage(DynamicDrawUsage);
    this.#look = new BufferAttribute(new Float32Array(buffers.count * 2), 2).setUsage(DynamicDrawUsage);
    this.#order = new BufferAttribute(buffers.order, 1).setUsage(DynamicDrawUsage);
    const points = new BufferGeometry();
    points.setAttribute('position', this.#position);
    points.setAttribute('colour', new BufferAttribute(colour, 3));
    points.setAttribute('look', this.#look);
    points.setIndex(this.#order);
    this.#points.geometry = points;

    this.#from = new InstancedBufferAttribute(new Float32Array(buffers.linkCount * 3), 3).setUsage(DynamicDrawUsage);
    this.#to = new InstancedBufferAttribute(new Float32Array(buffers.linkCount * 3), 3).setUsage(DynamicDrawUsage);
    this.#linkColour = new InstancedBufferAttribute(new Float32Array(buffers.linkCount * 4), 4).setUsage(DynamicDrawUsage);
    for (let link = 0; link < buffers.linkCount; link++) {
      const group = buffers.groups[buffers.groupOf[buffers.links[link * 2]]].group;
      this.#linkColour.array.set(palette[group.colour].rgb, link * 4);
    }
    const links = new InstancedBufferGeometry();
    links.setAttribute('position', new BufferAttribute(new Float32Array([0, -1, 0, 1, -1, 0, 1, 1, 0, 0, 1, 0]), 3));
    links.setIndex([0, 1, 2, 0, 2, 3]);
    links.setAttribute('from', this.#from);
    links.setAttribute('to', this.#to);
    links.setAttribute('colour', this.#linkColour);
    links.instanceCount = buffers.linkCount;
    this.#links.geometry = links;
    this.#points.visible = buffers.count > 0;
    this.#links.visible = buffers.linkCount > 0;
  }

  #upload(buffers: SceneBuffers): void {
    const { positions, links, groupOf, opacity, size } = buffers;
    const look = this.#look.array as Float32Array;
    for (let point = 0; point < buffers.count; point++) {
      look[point * 2] = opacity[groupOf[point]];
      look[point * 2 + 1] = size[groupOf[point]];
    }
    const from = this.#from.array as Float32Array;
    const to = this.#to.array as Float32Array;
    const colour = this.#linkColour.array as Float32Array;
    for (let link = 0; link < buffers.linkCount; link++) {
      const start = links[link * 2] * 3;
      const end = links[link * 2 + 1] * 3;
      for (let axis = 0; axis < 3; axis++) {
        from[link * 3 + axis] = positions[start + axis];
        to[link * 3 + axis] = positions[end + axis];
      }
      colour[link * 4 + 3] = opacity[groupOf[links[link * 2]]];
    }
    this.#position.needsUpdate = true;
    this.#look.needsUpdate = true;
    this.#from.needsUpdate = true;
    this.#to.needsUpdate = true;
    this.#linkColour.needsUpdate = true;
  }
}
