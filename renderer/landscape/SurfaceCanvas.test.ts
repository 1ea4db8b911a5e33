import { render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { exampleSurface } from '#renderer/scene/surface.test-data.ts';
import SurfaceCanvas from './SurfaceCanvas.svelte';

beforeEach(() => {
  const context = new Proxy({} as Record<string, unknown>, {
    get: (target, name) => (name === 'measureText' ? () => ({ width: 10 }) : (target[String(name)] ?? (() => undefined))),
  });
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockImplementation(() => context as never);
});
afterEach(() => vi.restoreAllMocks());

describe('surface on a canvas', () => {
  it('tells assistive technology what it shows, its keys, and the place that is pointed at', async () => {
    const onchoose = vi.fn();
    render(SurfaceCanvas, { surface: exampleSurface({ size: 9 }), theme: 'dark', painter: 'flat', onchoose });
    const canvas = screen.getByRole('application');
    expect(canvas.getAttribute('aria-label')).toMatch(/^Reduced test loss\. test loss over scale and training samples\. Arrow keys turn/);
    canvas.dispatchEvent(new KeyboardEvent('keydown', { key: 'n', cancelable: true }));
    expect(await screen.findByText('scale 0.1, training samples 100: test loss 0.03', { exact: false })).toBeTruthy();
    canvas.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', cancelable: true }));
    expect(onchoose).toHaveBeenCalledWith(expect.objectContaining({ column: 0, row: 0 }));
  });

  it('says why there is no surface yet', () => {
    render(SurfaceCanvas, { surface: 'Needs a landscape sweep.', theme: 'light', painter: 'flat' });
    expect(screen.getByText('Needs a landscape sweep.')).toBeTruthy();
  });
});
