/** GLSL of points and links. Output is sRGB with premultiplied alpha, exactly what CSS colours mean, blended like CSS. */
import { farthestColour, sizeByDepth } from '#app/scene/depth.ts';

const number = (value: number) => value.toFixed(6);

const shared = /* glsl */ `
  uniform float range;
  uniform vec3 ground;
  float nearness(float height) { return range > 0.0 ? clamp(0.5 + 0.5 * height / range, 0.0, 1.0) : 0.5; }
  vec3 seenColour(vec3 colour, float near) { return mix(ground, colour, mix(${number(farthestColour)}, 1.0, near)); }
`;

export const pointVertex = /* glsl */ `
  ${shared}
  attribute vec3 colour;
  /** x: opacity, y: size. */
  attribute vec2 look;
  uniform float radius;
  uniform float pixelsPerUnit;
  varying vec4 vColour;
  varying float vRadius;
  void main() {
    vec4 seen = modelViewMatrix * vec4(position, 1.0);
    float near = nearness(seen.z);
    vRadius = max(radius * look.y * (1.0 + ${number(sizeByDepth)} * (2.0 * near - 1.0)), 0.75);
    vColour = vec4(seenColour(colour, near), look.x);
    gl_Position = projectionMatrix * seen;
    // The front of the sphere, so that links end at its outline and not at its centre.
    gl_Position.z += projectionMatrix[2][2] * vRadius / pixelsPerUnit;
    gl_PointSize = 2.0 * vRadius + 2.0;
  }
`;

export const pointFragment = /* glsl */ `
  uniform bool shaded;
  varying vec4 vColour;
  varying float vRadius;
  void main() {
    vec2 place = (gl_PointCoord * 2.0 - 1.0) * (vRadius + 1.0) / vRadius;
    float distance = length(place);
    float cover = clamp((1.0 - distance) * vRadius + 0.5, 0.0, 1.0);
    if (cover <= 0.0) discard;
    vec3 colour = vColour.rgb;
    if (shaded) {
      vec3 normal = vec3(place.x, -place.y, sqrt(max(0.0, 1.0 - distance * distance)));
      float light = max(dot(normal, vec3(-0.37, 0.56, 0.74)), 0.0);
      colour = colour * (0.68 + 0.36 * light) + 0.2 * pow(light, 20.0);
    }
    gl_FragColor = vec4(min(colour, 1.0), 1.0) * (vColour.a * cover);
  }
`;

export const linkVertex = /* glsl */ `
  ${shared}
  /** x: 0 start, 1 end; y: -1 or 1, side of the line. Named position because three counts vertices by it. */
  attribute vec3 from;
  attribute vec3 to;
  attribute vec4 colour;
  uniform vec2 viewport;
  uniform float width;
  varying vec4 vColour;
  varying float vAcross;
  void main() {
    vec4 seenFrom = modelViewMatrix * vec4(from, 1.0);
    vec4 seenTo = modelViewMatrix * vec4(to, 1.0);
    vec4 clipFrom = projectionMatrix * seenFrom;
    vec4 clipTo = projectionMatrix * seenTo;
    vec2 along = (clipTo.xy / clipTo.w - clipFrom.xy / clipFrom.w) * viewport;
    float size = length(along);
    along = size > 1e-4 ? along / size : vec2(1.0, 0.0);
    float near = nearness(mix(seenFrom.z, seenTo.z, position.x));
    float halfWidth = 0.5 * width * (0.7 + 0.6 * near) + 0.5;
    gl_Position = mix(clipFrom, clipTo, position.x);
    gl_Position.xy += vec2(-along.y, along.x) * position.y * halfWidth * 2.0 / viewport * gl_Position.w;
    vAcross = position.y * halfWidth;
    vColour = vec4(seenColour(colour.rgb, near), colour.a * (0.35 + 0.5 * near));
  }
`;

export const linkFragment = /* glsl */ `
  uniform float width;
  varying vec4 vColour;
  varying float vAcross;
  void main() {
    float cover = clamp(0.5 * width + 0.5 - abs(vAcross), 0.0, 1.0);
    gl_FragColor = vec4(vColour.rgb, 1.0) * (vColour.a * cover);
  }
`;
