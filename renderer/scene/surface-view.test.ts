import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { exampleSurface } from './surface.test-data.ts';
import { SurfaceView, type SurfacePoint } from './surface-view.ts';

/** What a 2D context is asked to draw; happy-dom has no canvas of its own. */
let texts: { text: string; x: number; y: number }[];
let clears: number;
let fills: number;
let frames: FrameRequestCallback[];

function context(): unknown {
  const state: Record<string, unknown> = {};
  return new Proxy(state, {
    get(target, name) {
      if (name === 'measureText') return (text: string) => ({ width: text.length * 6 });
      if (name === 'fillText') return (text: string, x: number, y: number) => texts.push({ text, x, y });
      if (name === 'fill') return () => (fills += 1);
      if (name === 'clearRect')
        return () => {
          texts = [];
          fills = 0;
          clears += 1;
        };
      return name in target ? target[String(name)] : () => undefined;
    },
  });
}

function settle(): number {
  let count = 0;
  for (; frames.length > 0 && count < 100; count += 1) {
    const due = frames;
    frames = [];
    for (const callback of due) callback(1000 + count * 16);
  }
  return count;
}

async function opened() {
  const canvas = document.createElement('canvas');
  Object.defineProperty(canvas, 'clientWidth', { value: 800 });
  Object.defineProperty(canvas, 'clientHeight', { value: 600 });
  document.body.append(canvas);
  const onpoint = vi.fn<(point: SurfacePoint | null) => void>();
  const onchoose = vi.fn<(point: SurfacePoint) => void>();
  const view = new SurfaceView(canvas, { theme: 'dark', onpoint, onchoose, onnotice: () => undefined, painter: 'flat' });
  await Promise.resolve();
  const press = (key: string) => canvas.dispatchEvent(new KeyboardEvent('keydown', { key, cancelable: true }));
  return { view, canvas, onpoint, onchoose, press };
}

beforeEach(() => {
  texts = [];
  clears = fills = 0;
  frames = [];
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockImplementation(() => context() as never);
  vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) => frames.push(callback));
});
afterEach(() => {
  settle();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  document.body.replaceChildren();
});

describe('surface view', () => {
  it('draws every cell, and names axes and ticks inside the canvas', async () => {
    const { view } = await opened();
    view.setSurface(exampleSurface({ size: 20 }));
    settle();
    // Cells and the ball.
    expect(fills).toBe(19 * 19 + 1);
    expect(texts.map(({ text }) => text)).toEqual(expect.arrayContaining(['scale', 'training samples', 'test loss', '0.01', '1', '10']));
    for (const { x, y } of texts) {
      expect(x > 0 && x < 800).toBe(true);
      expect(y > 0 && y < 600).toBe(true);
    }
    view.dispose();
  });

  it('leaves holes where there is no value yet', async () => {
    const { view } = await opened();
    view.setSurface(exampleSurface({ size: 20, holes: [20 * 10 + 10], path: false }));
    settle();
    expect(fills).toBe(19 * 19 - 4);
    view.dispose();
  });

  it('draws once for a change, and not at all without one', async () => {
    const { view } = await opened();
    const spec = exampleSurface({ size: 12 });
    view.setSurface(spec);
    settle();
    const before = clears;
    view.setSurface(spec);
    view.setSurface({ ...spec });
    expect(settle()).toBe(0);
    expect(clears).toBe(before);
    view.setSurface({ ...spec, path: { ...spec.path!, at: 2 } });
    view.setSurface(exampleSurface({ size: 12, phase: 1 }));
    expect(settle()).toBe(1);
    expect(clears).toBe(before + 1);
    view.dispose();
  });

  it('says the values of the place under the pointer, and again when they change', async () => {
    const { view, onpoint } = await opened();
    const spec = exampleSurface({ size: 12 });
    view.setSurface(spec);
    settle();
    view.point(400, 360);
    const point = view.pointed!;
    expect(onpoint).toHaveBeenLastCalledWith(point);
    expect(point.x).toBe(spec.x.values[point.column]);
    expect(point.y).toBe(spec.y.values[point.row]);
    expect(point.value).toBe(spec.values[point.row * 12 + point.column]);
    expect(point.text).toMatch(/^scale \S+, training samples \S+: test loss \S+$/);
    settle();
    expect(texts.map(({ text }) => text)).toContain(point.text);
    const next = exampleSurface({ size: 12, phase: 2 });
    view.setSurface(next);
    expect(view.pointed!.value).toBe(next.values[view.pointed!.row * 12 + view.pointed!.column]);
    view.point(2, 2);
    expect(onpoint).toHaveBeenLastCalledWith(null);
    view.dispose();
  });

  it('opens from the side where no wall hides the valley', async () => {
    const { view } = await opened();
    view.setSurface(exampleSurface({ size: 12 }));
    expect(view.orbit.azimuth).toBeLessThan(0);
    view.dispose();
    const { view: other } = await opened();
    const spec = exampleSurface({ size: 12 });
    other.setSurface({ ...spec, values: Float32Array.from(spec.values, (_, vertex) => spec.values[vertex - 2 * (vertex % 12) + 11]) });
    expect(other.orbit.azimuth).toBeGreaterThan(0);
    other.dispose();
  });

  it('is turned, zoomed and read by keyboard, and never seen from below', async () => {
    const { view, onpoint, onchoose, press } = await opened();
    view.setSurface(exampleSurface({ size: 12, holes: [1] }));
    settle();
    const { azimuth, scale } = view.orbit;
    press('ArrowLeft');
    expect(view.orbit.azimuth).not.toBe(azimuth);
    for (let count = 0; count < 50; count += 1) press('ArrowUp');
    expect(view.orbit.elevation).toBeGreaterThan(0);
    press('0');
    expect(view.orbit.azimuth).toBe(azimuth);
    expect(view.orbit.scale).toBeCloseTo(scale);
    press('+');
    expect(view.orbit.scale).toBeCloseTo(scale * 1.15);
    press('Enter');
    expect(onchoose).not.toHaveBeenCalled();
    press('n');
    expect(onpoint.mock.lastCall![0]).toMatchObject({ column: 0, row: 0 });
    press('n');
    expect(onpoint.mock.lastCall![0]).toMatchObject({ column: 2, row: 0 });
    press('Enter');
    expect(onchoose).toHaveBeenLastCalledWith(onpoint.mock.lastCall![0]);
    press('Escape');
    expect(onpoint).toHaveBeenLastCalledWith(null);
    view.dispose();
  });
});
