import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { exampleScene } from './example.test-data.ts';
import { isSoftwareRenderer } from './stage.ts';
import { SceneView } from './view.ts';

/** What a 2D context is asked to draw; happy-dom has no canvas of its own. */
interface Drawn {
  texts: { text: string; x: number; y: number; font: string }[];
  arcs: { x: number; y: number; radius: number }[];
  clears: number;
}

let drawn: Drawn;
let frames: FrameRequestCallback[];

function context(): unknown {
  const state: Record<string, unknown> = { font: '10px sans-serif' };
  const size = () => Number(/(\d+(?:\.\d+)?)px/.exec(String(state.font))?.[1] ?? 10);
  return new Proxy(state, {
    get(target, name) {
      if (name === 'measureText') return (text: string) => ({ width: text.length * size() * 0.6 });
      if (name === 'fillText') return (text: string, x: number, y: number) => drawn.texts.push({ text, x, y, font: String(state.font) });
      if (name === 'arc') return (x: number, y: number, radius: number) => drawn.arcs.push({ x, y, radius });
      if (name === 'clearRect')
        return () => {
          drawn.texts = [];
          drawn.arcs = [];
          drawn.clears++;
        };
      if (name in target) return target[String(name)];
      return () => undefined;
    },
  });
}

function frame(now: number): void {
  const due = frames;
  frames = [];
  for (const callback of due) callback(now);
}

/** Runs frames until nothing moves. */
function settle(): void {
  for (let now = 20_000; frames.length > 0 && now < 21_000; now += 16) frame(now);
}

async function opened(hover = vi.fn()): Promise<{ view: SceneView; canvas: HTMLCanvasElement; hover: typeof hover }> {
  const canvas = document.createElement('canvas');
  Object.defineProperty(canvas, 'clientWidth', { value: 740 });
  Object.defineProperty(canvas, 'clientHeight', { value: 620 });
  document.body.append(canvas);
  const view = new SceneView(canvas, { theme: 'dark', onhover: hover, onnotice: () => undefined, painter: 'flat' });
  await Promise.resolve();
  return { view, canvas, hover };
}

beforeEach(() => {
  drawn = { texts: [], arcs: [], clears: 0 };
  frames = [];
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockImplementation(() => context() as never);
  vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) => frames.push(callback));
});
afterEach(() => {
  // Frames are shared by all views of a window: none may stay asked for.
  for (let now = 10_000; frames.length > 0; now += 16) frame(now);
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

describe('scene view', () => {
  it('draws every point inside the canvas, names groups and tokens, and no two words overlap', async () => {
    const { view } = await opened();
    view.setScene(exampleScene({ count: 3, points: 59 }));
    frame(1000);
    expect(drawn.arcs).toHaveLength(3 * 59);
    for (const { x, y } of drawn.arcs) {
      expect(x).toBeGreaterThan(0);
      expect(x).toBeLessThan(740);
      expect(y).toBeGreaterThan(0);
      expect(y).toBeLessThan(620);
    }
    const words = drawn.texts.map(({ text }) => text);
    expect(words).toEqual(expect.arrayContaining(['k = 1', 'k = 2', 'k = 3', 'cos', 'step', 'sin']));
    expect(words.filter((word) => /^\d+$/.test(word)).length).toBeGreaterThan(15);
    const boxes = drawn.texts.map(({ text, x, y, font }) => {
      const size = Number(/(\d+(?:\.\d+)?)px/.exec(font)![1]);
      return { text, left: x - text.length * size * 0.3, right: x + text.length * size * 0.3, top: y - size / 2, bottom: y + size / 2 };
    });
    for (const a of boxes)
      for (const b of boxes)
        if (a !== b && a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5)
          throw new Error(`"${a.text}" overlaps "${b.text}"`);
    view.dispose();
  });

  it('makes nearer points larger', async () => {
    const { view } = await opened();
    view.setScene(exampleScene({ count: 1, points: 40 }));
    frame(1000);
    const [high, low] = [drawn.arcs.toSorted((a, b) => a.y - b.y)[0], drawn.arcs.toSorted((a, b) => b.y - a.y)[0]];
    // Seen from above, what is lower on the screen is nearer.
    expect(low.radius).toBeGreaterThan(high.radius * 1.5);
    view.dispose();
  });

  it('draws only when something changed, and while something moves', async () => {
    const { view } = await opened();
    view.setScene(exampleScene());
    for (let now = 1000; frames.length > 0 && now < 3000; now += 16) frame(now);
    const before = drawn.clears;
    frame(5000);
    expect(drawn.clears).toBe(before);
    view.setScene(exampleScene({ radius: 1.2 }));
    let count = 0;
    for (let now = 6000; frames.length > 0 && count < 100; now += 16, count++) frame(now);
    expect(count).toBeGreaterThan(3);
    expect(count * 16).toBeLessThanOrEqual(192);
    view.dispose();
  });

  it('keeps up with scenes that come with every frame', async () => {
    const { view } = await opened();
    view.setScene(exampleScene({ radius: 1 }));
    settle();
    let radius = 1;
    for (let now = 1000; now < 1500; now += 16) {
      view.setScene(exampleScene({ radius: (radius += 0.05) }));
      frame(now);
    }
    // A few frames behind, never at the first of them.
    expect(view.buffers.typicalRadius()).toBeGreaterThan(radius - 0.3);
    view.dispose();
  });

  it('turns, zooms and steps through groups by keyboard', async () => {
    const { view, canvas, hover } = await opened();
    view.setScene(exampleScene());
    frame(1000);
    const press = (key: string, shiftKey = false) =>
      canvas.dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey, cancelable: true }));
    const { azimuth, elevation, scale } = view.orbit;
    press('ArrowLeft');
    expect(view.orbit.azimuth).not.toBe(azimuth);
    press('ArrowDown');
    expect(view.orbit.elevation).toBeGreaterThan(elevation);
    press('+');
    expect(view.orbit.scale).toBeCloseTo(scale * 1.15);
    press('n');
    expect(hover).toHaveBeenLastCalledWith('k=1');
    press('p');
    expect(hover).toHaveBeenLastCalledWith('k=3');
    press('Escape');
    expect(hover).toHaveBeenLastCalledWith(null);
    press('0');
    settle();
    expect(view.orbit.azimuth).toBeCloseTo(azimuth);
    expect(view.orbit.elevation).toBeCloseTo(elevation);
    expect(view.orbit.scale).toBeCloseTo(scale);
    view.dispose();
  });

  it('tells which group is under the pointer', async () => {
    const { view, hover } = await opened();
    view.setScene(exampleScene());
    frame(1000);
    const point = 14;
    view.point(view.buffers.screen[point * 3] + 2, view.buffers.screen[point * 3 + 1] - 2);
    expect(hover).toHaveBeenLastCalledWith('k=2');
    view.point(null, 0);
    expect(hover).toHaveBeenLastCalledWith(null);
    view.dispose();
  });

  it('fits again when content leaves the view, but never after the user chose a camera', async () => {
    const { view } = await opened();
    view.setScene(exampleScene({ radius: 1 }));
    const fitted = view.orbit.scale;
    view.setScene(exampleScene({ radius: 4 }));
    settle();
    expect(view.orbit.scale).toBeLessThan(fitted);
    view.zoom(2);
    const own = view.orbit.scale;
    view.setScene(exampleScene({ radius: 1 }));
    settle();
    expect(view.orbit.scale).toBe(own);
    view.dispose();
  });
});

describe('low power', () => {
  it.each([
    ['ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero)), SwiftShader driver)', true],
    ['llvmpipe (LLVM 15.0.6, 256 bits)', true],
    ['Microsoft Basic Render Driver', true],
    ['ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 Direct3D11)', false],
    ['Apple M2', false],
  ])('%s: %s', (name, software) => expect(isSoftwareRenderer(name)).toBe(software));
});
