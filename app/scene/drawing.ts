/** A 3D picture as a flat drawing of points, lines and words: what exports and films show of it, without a window. */
import { tokens } from '#app/figures/colours.ts';
import type { SceneSpec } from '#app/figures/scene.ts';
import type { Theme } from '#app/figures/spec.ts';
import { textWidth } from '#app/figures/text.ts';
import { bestElevation, fit, project, type Orbit, type Viewport } from './camera.ts';
import { colourShareAt, nearness, opacityOf, sizeAt, sizeOf } from './depth.ts';
import { Occupancy, placeAt, placeBeside } from './labels.ts';

export interface SceneDrawing {
  readonly theme: Theme;
  /** In px. */
  readonly width: number;
  readonly height: number;
  /** How many times as large as on the screen letters, points and lines are. */
  readonly magnification: number;
  readonly fontFamily: string;
  /** In place of the picture's own; none if empty. */
  readonly title: string | null;
  /** Beside the title, at the right; e.g. the step. */
  readonly aside?: string;
  readonly transparent: boolean;
  /** From where it is seen, in radians; as the screen first shows it unless told. */
  readonly view?: { readonly azimuth: number; readonly elevation: number };
  /** The camera; one that fits the picture unless told. */
  readonly orbit?: Orbit;
}

/** As the screen first shows a picture. */
const firstAzimuth = 0.16;
const elevations = [0.42, 0.95] as const;
const room = { top: 64, right: 40, bottom: 34, left: 40 };
const sizes = { title: 14, subtitle: 11, name: 13, detail: 10.5, point: 10 } as const;
/** Groups fainter than this do not name their points. */
const faintestLabelled = 0.35;

/**
 * The picture as SVG, farther things behind nearer ones.
 * @returns the same text for the same picture and options
 */
export function drawScene(spec: SceneSpec, options: SceneDrawing): string {
  const { theme, magnification, transparent, fontFamily } = options;
  const viewport: Viewport = { width: options.width / magnification, height: options.height / magnification };
  const colours = tokens[theme];
  const orbit = options.orbit ?? fittedOrbit(spec, options, options.view);
  const points = pointsOf(spec);
  const count = points.length / 3;
  const screen = new Float32Array(points.length);
  project(orbit, viewport, points, count, screen);
  const range = Math.max(1e-9, ...screen.filter((_, index) => index % 3 === 2).map(Math.abs));
  const radius = radiusOf(spec, orbit.scale);

  const marks: { depth: number; svg: string }[] = [];
  const occupancy = new Occupancy();
  occupancy.reset(viewport.width, viewport.height);
  occupancy.take(0, 0, viewport.width, 44);
  const words: string[] = [];
  /** Px of the largest disc of each group. */
  const discs: number[] = [];
  let first = 0;
  for (const group of spec.groups) {
    const at = (point: number): readonly [number, number, number] => [
      screen[3 * (first + point)]!,
      screen[3 * (first + point) + 1]!,
      screen[3 * (first + point) + 2]!,
    ];
    const opacity = opacityOf(group.vitality);
    const shade = (near: number): string => mixed(colours[group.colour], colours.ground, colourShareAt(near));
    for (let link = 0; link + 1 < group.links.length; link += 2) {
      const [[x1, y1, z1], [x2, y2, z2]] = [at(group.links[link]!), at(group.links[link + 1]!)];
      const near = nearness((z1 + z2) / 2, range);
      marks.push({
        depth: (z1 + z2) / 2 - 1e-6,
        svg: `<line x1="${px(x1)}" y1="${px(y1)}" x2="${px(x2)}" y2="${px(y2)}" stroke="${shade(near)}" stroke-width="${px(0.9 + 0.8 * near)}" stroke-opacity="${px(opacity * (0.35 + 0.5 * near))}"/>`,
      });
    }
    const size = group.positions.length / 3;
    let largest = 0;
    for (let point = 0; point < size; point++) {
      const [x, y, z] = at(point);
      const near = nearness(z, range);
      const r = Math.max(radius * sizeOf(group.vitality) * sizeAt(near), 0.75);
      largest = Math.max(largest, r);
      occupancy.take(x - r, y - r, x + r, y + r);
      marks.push({
        depth: z,
        svg: `<circle cx="${px(x)}" cy="${px(y)}" r="${px(r)}" fill="${shade(near)}" fill-opacity="${px(opacity)}" data-key="${escaped(group.key)}"/>`,
      });
    }
    discs.push(largest);
    first += size;
  }
  first = 0;
  const named = [...spec.groups.entries()].sort(([, a], [, b]) => b.vitality - a.vitality);
  const starts = spec.groups.map(({ positions }) => {
    const start = first;
    first += positions.length / 3;
    return start;
  });
  for (const [index, group] of named) {
    const start = starts[index]!;
    words.push(...nameOf(group, screen, start, discs[index]!, occupancy, colours));
  }
  for (const [index, group] of named) {
    if (opacityOf(group.vitality) < faintestLabelled) continue;
    const start = starts[index]!;
    const [cx, cy] = middleOf(screen, start, group.labels.length);
    group.labels.forEach((label, point) => {
      const [x, y] = [screen[3 * (start + point)]!, screen[3 * (start + point) + 1]!];
      const width = textWidth(label, sizes.point);
      const place = placeBeside(occupancy, x, y, cx, cy, radius, width, sizes.point, 2, 4);
      if (place) words.push(textAt(label, place.x, place.y + 0.36 * sizes.point, sizes.point, colours['ink-2'], 400, 'middle'));
    });
  }
  const title = options.title ?? spec.title;
  const heading = [
    title === '' ? '' : textAt(title, 14, 24, sizes.title, colours.ink, 600, 'start'),
    textAt(spec.subtitle, 14, 41, sizes.subtitle, colours['ink-2'], 400, 'start'),
    options.aside ? textAt(options.aside, viewport.width - 14, 24, sizes.subtitle, colours['ink-2'], 400, 'end') : '',
  ].join('');
  const drawn = marks.sort((a, b) => a.depth - b.depth).map(({ svg }) => svg);
  const paper = `<rect width="${px(viewport.width)}" height="${px(viewport.height)}" fill="${transparent ? 'none' : colours.ground}"/>`;
  const about = `<title>${escaped(title || spec.title)}</title><desc>${escaped(spec.groups.map(({ label, detail }) => `${label}: ${detail}`).join('; '))}</desc>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${px(options.width)}" height="${px(options.height)}" viewBox="0 0 ${px(viewport.width)} ${px(viewport.height)}" font-family="${escaped(fontFamily)}" role="img">${about}${paper}<g stroke-linecap="round">${drawn.join('')}</g>${words.join('')}${heading}</svg>`;
}

/** The camera that shows every point of a picture as large as it fits. */
export function fittedOrbit(
  spec: SceneSpec,
  { width, height, magnification }: Pick<SceneDrawing, 'width' | 'height' | 'magnification'>,
  view?: SceneDrawing['view'],
): Orbit {
  const viewport: Viewport = { width: width / magnification, height: height / magnification };
  const orbit: Orbit = {
    azimuth: view?.azimuth ?? firstAzimuth,
    elevation: view?.elevation ?? elevations[0],
    target: [0, 0, 0],
    scale: Math.min(viewport.width, viewport.height) / 2 / Math.max(1e-9, spec.radius),
    eye: 0,
  };
  const points = pointsOf(spec);
  const count = points.length / 3;
  const scratch = new Float32Array(points.length);
  if (!view) orbit.elevation = bestElevation(orbit, viewport, room, points, count, scratch, elevations);
  fit(orbit, viewport, room, points, count, scratch);
  return orbit;
}

/** Places of all points in the scene (n x 3), group by group. */
function pointsOf({ groups }: SceneSpec): Float32Array {
  const points = new Float32Array(groups.reduce((sum, { positions }) => sum + positions.length, 0));
  let at = 0;
  for (const { positions, centre } of groups)
    for (let index = 0; index < positions.length; index++) points[at++] = positions[index]! + centre[index % 3]!;
  return points;
}

/** Px of a living point: points of a circle nearly touch. */
function radiusOf({ groups }: SceneSpec, scale: number): number {
  let [sum, count, most] = [0, 0, 1];
  for (const { positions, labels } of groups) {
    most = Math.max(most, labels.length);
    for (let at = 0; at < positions.length; at += 3) {
      sum += Math.hypot(positions[at]!, positions[at + 1]!, positions[at + 2]!);
      count++;
    }
  }
  return Math.min(7.5, Math.max(1.6, ((sum / Math.max(1, count)) * scale * 2 * Math.PI * 0.36) / most));
}

function middleOf(screen: Float32Array, start: number, count: number): [number, number] {
  let [x, y] = [0, 0];
  for (let point = start; point < start + count; point++) {
    x += screen[3 * point]! / count;
    y += screen[3 * point + 1]! / count;
  }
  return [x, y];
}

function nameOf(
  { label, detail, colour, vitality, labels }: SceneSpec['groups'][number],
  screen: Float32Array,
  start: number,
  disc: number,
  occupancy: Occupancy,
  colours: (typeof tokens)[Theme],
): string[] {
  if (label === '' && detail === '') return [];
  const [cx, cy] = middleOf(screen, start, labels.length);
  let [wide, high] = [0, 0];
  for (let point = start; point < start + labels.length; point++) {
    wide = Math.max(wide, Math.abs(screen[3 * point]! - cx));
    high = Math.max(high, Math.abs(screen[3 * point + 1]! - cy));
  }
  const strong = vitality > 0.5 ? colours[colour] : colours['ink-3'];
  const name = textWidth(label, sizes.name, 600);
  // A name alone finds room where its detail would not.
  for (const withDetail of detail === '' ? [false] : [true, false]) {
    const height = sizes.name + 2 + (withDetail ? sizes.detail + 3 : 0);
    const width = withDetail ? Math.max(name, textWidth(detail, sizes.detail)) : name;
    const away = high + disc + height / 2 + 4;
    const aside = wide + disc + width / 2 + 4;
    const [up, across] = [0.35 * high, 0.35 * wide];
    const within = [cx, cy, cx, cy - up, cx, cy + up, cx - across, cy, cx + across, cy];
    const centres = [...within, cx, cy - away, cx, cy + away, cx + aside, cy, cx - aside, cy];
    const place = placeAt(occupancy, centres, centres.length / 2, width, height, 2);
    if (!place) continue;
    const middle = withDetail ? place.y - 2 : place.y + 0.36 * sizes.name;
    return [
      textAt(label, place.x, middle, sizes.name, strong, 600, 'middle'),
      ...(withDetail ? [textAt(detail, place.x, middle + sizes.detail + 4, sizes.detail, colours['ink-2'], 400, 'middle')] : []),
    ];
  }
  return [];
}

const textAt = (text: string, x: number, y: number, size: number, fill: string, weight: 400 | 600, anchor: string): string =>
  text === ''
    ? ''
    : `<text x="${px(x)}" y="${px(y)}" font-size="${size}"${weight === 400 ? '' : ` font-weight="${weight}"`} fill="${fill}" text-anchor="${anchor}">${escaped(text)}</text>`;

/** Two decimals tell apart what any printer can. */
const px = (value: number): number => Math.round(value * 100) / 100 + 0;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** `share` of one `#rrggbb`, the rest of another. */
function mixed(colour: string, ground: string, share: number): string {
  const channel = (hex: string, at: number): number => Number.parseInt(hex.slice(at, at + 2), 16);
  const channels = [1, 3, 5].map((at) => Math.round(channel(ground, at) + (channel(colour, at) - channel(ground, at)) * share));
  return `#${channels.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
