/** GLSL of surfaces and the lines on them. Output is sRGB with premultiplied alpha, exactly what CSS colours mean. */

export const surfaceVertex = /* glsl */ `
  attribute vec4 colour;
  varying vec3 vColour;
  void main() {
    vColour = colour.rgb;
    gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
  }
`;

export const surfaceFragment = /* glsl */ `
  varying vec3 vColour;
  void main() { gl_FragColor = vec4(vColour, 1.0); }
`;

/** Four vertices a line, alike in all but their number: of each four the first two lie on its right, the middle two at its end. */
export const lineVertex = /* glsl */ `
  attribute vec3 to;
  uniform vec2 viewport;
  uniform float width;
  /** Towards the viewer, in units of depth: a line lies on the surface and must not be half under it. */
  uniform float lift;
  varying float vAcross;
  void main() {
    int corner = gl_VertexID & 3;
    float share = corner == 1 || corner == 2 ? 1.0 : 0.0;
    float side = corner < 2 ? -1.0 : 1.0;
    vec4 start = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
    vec4 end = projectionMatrix * modelViewMatrix * vec4(to, 1.0);
    vec2 along = (end.xy / end.w - start.xy / start.w) * viewport;
    float size = length(along);
    along = size > 1e-4 ? along / size : vec2(1.0, 0.0);
    float halfWidth = 0.5 * width + 0.5;
    gl_Position = mix(start, end, share);
    // Pieces of a path overlap by half their width, so that its bends have no gaps.
    vec2 beyond = along * (share * 2.0 - 1.0) * (width > 1.8 ? 0.5 * width : 0.0);
    gl_Position.xy += (vec2(-along.y, along.x) * side * halfWidth + beyond) * 2.0 / viewport * gl_Position.w;
    gl_Position.z -= lift * gl_Position.w;
    vAcross = side * halfWidth;
  }
`;

export const lineFragment = /* glsl */ `
  uniform float width;
  uniform vec4 colour;
  varying float vAcross;
  void main() {
    float cover = clamp(0.5 * width + 0.5 - abs(vAcross), 0.0, 1.0) * colour.a;
    gl_FragColor = vec4(colour.rgb, 1.0) * cover;
  }
`;
