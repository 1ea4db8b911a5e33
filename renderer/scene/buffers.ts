/** A scene flattened into arrays that live from frame to frame: painters, labels and picking all read them. */
import type { LinkKey } from '#app/figures/spec.ts';
import type { SceneGroup, SceneSpec } from '#app/figures/scene.ts';
import { opacityOf, sizeOf } from '#app/scene/depth.ts';
import { orderAlongLinks, spreadRanks } from './rings.ts';

/** Opacity factor of groups that are not hovered while another is. */
export const dimmed = 0.24;

interface GroupState {
  group: SceneGroup;
  first: number;
  count: number;
  /** Point indices within the group in the order in which their labels are asked for. */
  labelOrder: Uint32Array;
}

const none = new Uint32Array(0);

export class SceneBuffers {
  groups: GroupState[] = [];
  count = 0;
  linkCount = 0;
  /** World coordinates on show, n x 3. */
  positions = new Float32Array(0);
  /** Projected: screen x, y in px and height towards the viewer, n x 3. Written by the view. */
  screen = new Float32Array(0);
  /** Point indices, farthest first. Written by `sort`. */
  order = new Uint32Array(0);
  /** Group of each point. */
  groupOf = new Uint16Array(0);
  /** Point pairs. */
  links = new Uint32Array(0);
  /** World coordinates of the group centres on show, and projected, m x 3. */
  centres = new Float32Array(0);
  centresOnScreen = new Float32Array(0);
  /** Opacity (hover included) and size of each group on show. */
  opacity = new Float32Array(0);
  size = new Float32Array(0);
  /** Opacity factor by hover alone, for labels. */
  emphasis = new Float32Array(0);
  /** Index of the hovered group, or -1. */
  hovered = -1;
  /** Grows by one whenever groups, points or links are others than before, so that painters know to start afresh. */
  structure = 0;

  #fromPositions = new Float32Array(0);
  #toPositions = new Float32Array(0);
  #fromCentres = new Float32Array(0);
  #toCentres = new Float32Array(0);
  #fromOpacity = new Float32Array(0);
  #toOpacity = new Float32Array(0);
  #fromSize = new Float32Array(0);
  #toSize = new Float32Array(0);
  #hover: LinkKey | null = null;

  /**
   * Takes a scene as the new goal. Groups that were there before (same key and number of points) start from where they are
   * shown now; others appear in place.
   */
  update(spec: SceneSpec): void {
    if (!this.#fitsStructure(spec)) this.#rebuild(spec);
    this.#fromPositions.set(this.positions);
    this.#fromCentres.set(this.centres);
    spec.groups.forEach((group, index) => {
      const state = this.groups[index];
      state.group = group;
      for (let axis = 0; axis < 3; axis++) this.#toCentres[index * 3 + axis] = group.centre[axis];
      const offset = state.first * 3;
      for (let at = 0; at < state.count * 3; at++) this.#toPositions[offset + at] = group.positions[at] + group.centre[at % 3];
      this.#toSize[index] = sizeOf(group.vitality);
    });
    this.#aimOpacity();
  }

  /** World coordinates that the latest scene wants, n x 3. */
  get goal(): Float32Array {
    return this.#toPositions;
  }

  /** Brightens one group and dims the others; null shows all alike. Unknown keys count as null. */
  setHover(key: LinkKey | null): void {
    this.#hover = key;
    this.#fromPositions.set(this.positions);
    this.#fromCentres.set(this.centres);
    this.#aimOpacity();
  }

  /** Shows the state at `fraction` (0..1) of the way to the latest goal. */
  blend(fraction: number): void {
    mix(this.#fromPositions, this.#toPositions, fraction, this.positions);
    mix(this.#fromCentres, this.#toCentres, fraction, this.centres);
    mix(this.#fromOpacity, this.#toOpacity, fraction, this.opacity);
    mix(this.#fromSize, this.#toSize, fraction, this.size);
  }

  /** Sorts points farthest first. Insertion sort: from frame to frame the order hardly changes. */
  sort(): void {
    const { order, screen } = this;
    for (let place = 1; place < this.count; place++) {
      const point = order[place];
      const height = screen[point * 3 + 2];
      let hole = place;
      while (hole > 0 && screen[order[hole - 1] * 3 + 2] > height) {
        order[hole] = order[hole - 1];
        hole--;
      }
      order[hole] = point;
    }
  }

  /** Largest distance of a point from the target's plane, in world units. */
  depthRange(): number {
    let range = 0;
    for (let index = 0; index < this.count; index++) range = Math.max(range, Math.abs(this.screen[index * 3 + 2]));
    return range;
  }

  /** World radius of a typical group: the mean over groups of the root mean square distance of points from their centre. */
  typicalRadius(): number {
    if (this.groups.length === 0) return 1;
    let sum = 0;
    for (let index = 0; index < this.groups.length; index++) {
      const { first, count } = this.groups[index];
      let squares = 0;
      for (let at = first * 3; at < (first + count) * 3; at++) {
        const offset = this.positions[at] - this.centres[index * 3 + (at % 3)];
        squares += offset * offset;
      }
      sum += Math.sqrt(squares / Math.max(count, 1));
    }
    return sum / this.groups.length;
  }

  #aimOpacity(): void {
    this.hovered = this.#hover === null ? -1 : this.groups.findIndex((state) => state.group.key === this.#hover);
    this.#fromOpacity.set(this.opacity);
    this.#fromSize.set(this.size);
    this.groups.forEach((state, index) => {
      const hovered = index === this.hovered;
      this.emphasis[index] = this.hovered >= 0 && !hovered ? dimmed : 1;
      const opacity = opacityOf(state.group.vitality);
      this.#toOpacity[index] = hovered ? Math.max(opacity, 0.8) : opacity * this.emphasis[index];
    });
  }

  #fitsStructure(spec: SceneSpec): boolean {
    return (
      spec.groups.length === this.groups.length &&
      spec.groups.every((group, index) => {
        const state = this.groups[index];
        return (
          group.key === state.group.key &&
          group.colour === state.group.colour &&
          group.positions.length === state.count * 3 &&
          sameLinks(group.links, state.group.links)
        );
      })
    );
  }

  #rebuild(spec: SceneSpec): void {
    const before = new Map(this.groups.map((state, index) => [state.group.key, { state, index }]));
    const shown = { positions: this.positions, centres: this.centres, opacity: this.opacity, size: this.size };
    this.structure++;
    this.groups = [];
    this.count = spec.groups.reduce((sum, group) => sum + group.positions.length / 3, 0);
    this.linkCount = spec.groups.reduce((sum, group) => sum + group.links.length / 2, 0);
    const groups = spec.groups.length;
    this.positions = new Float32Array(this.count * 3);
    this.#fromPositions = new Float32Array(this.count * 3);
    this.#toPositions = new Float32Array(this.count * 3);
    this.screen = new Float32Array(this.count * 3);
    this.order = Uint32Array.from({ length: this.count }, (_, index) => index);
    this.groupOf = new Uint16Array(this.count);
    this.links = new Uint32Array(this.linkCount * 2);
    this.centres = new Float32Array(groups * 3);
    this.#fromCentres = new Float32Array(groups * 3);
    this.#toCentres = new Float32Array(groups * 3);
    this.centresOnScreen = new Float32Array(groups * 3);
    this.opacity = new Float32Array(groups);
    this.#fromOpacity = new Float32Array(groups);
    this.#toOpacity = new Float32Array(groups);
    this.size = new Float32Array(groups);
    this.#fromSize = new Float32Array(groups);
    this.#toSize = new Float32Array(groups);
    this.emphasis = new Float32Array(groups).fill(1);

    let first = 0;
    let link = 0;
    spec.groups.forEach((group, index) => {
      const count = group.positions.length / 3;
      const earlier = before.get(group.key);
      const same = earlier !== undefined && earlier.state.count === count;
      const along = same && sameLinks(earlier.state.group.links, group.links) ? null : orderAlongLinks(group.links, count);
      const labelOrder = along ? spreadRanks(count).map((place) => along[place]) : (earlier?.state.labelOrder ?? none);
      this.groups.push({ group, first, count, labelOrder });
      this.groupOf.fill(index, first, first + count);
      for (const end of group.links) this.links[link++] = end + first;
      if (same) {
        this.positions.set(shown.positions.subarray(earlier.state.first * 3, (earlier.state.first + count) * 3), first * 3);
        this.centres.set(shown.centres.subarray(earlier.index * 3, earlier.index * 3 + 3), index * 3);
        this.opacity[index] = shown.opacity[earlier.index];
        this.size[index] = shown.size[earlier.index];
      } else {
        for (let at = 0; at < count * 3; at++) this.positions[first * 3 + at] = group.positions[at] + group.centre[at % 3];
        this.centres.set(group.centre, index * 3);
        this.size[index] = sizeOf(group.vitality);
      }
      first += count;
    });
  }
}

function mix(from: Float32Array, to: Float32Array, fraction: number, out: Float32Array): void {
  for (let index = 0; index < out.length; index++) out[index] = from[index] + (to[index] - from[index]) * fraction;
}

function sameLinks(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}
