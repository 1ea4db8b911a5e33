import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FigureSpec } from '#app/figures/spec.ts';
import { layOut, position } from '#app/figures/layout.ts';
import LandscapeCurves from './LandscapeCurves.svelte';

const [width, height] = [600, 400];
const x = Float64Array.of(1, 3, 10, 30, 100);
const figure: FigureSpec = {
  id: 'landscape',
  title: 'a landscape',
  x: { label: 'weight norm', unit: '', scale: 'log' },
  y: { label: 'loss', unit: '', scale: 'log' },
  marks: [{ kind: 'line', label: 'test', x, y: Float64Array.of(1, 0.1, 0.01, 0.1, 1), colour: 'accent' }],
};
const point = { step: 7, norm: 30, train: 0.02, test: 0.1 };

beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(width);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(height);
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const show = (given: Partial<Parameters<typeof render<typeof LandscapeCurves>>[1]> = {}) => {
  const onpick = vi.fn();
  const shown = render(LandscapeCurves, { figure, point, theme: 'dark' as const, picked: null, onpick, magnet: 10, ...given });
  return { onpick, ...shown };
};
const slider = () => screen.getByRole('slider', { name: 'Norm at which a fork is pinned' });

/** Where a norm lies within the frame, in px. */
const within = (norm: number): number => {
  const layout = layOut(figure, width, height, false);
  return layout.frame.width * position('log', layout.x.domain, norm);
};

describe('curves of a landscape', () => {
  it('put the run where its norm and losses are', () => {
    const { container } = show();
    const layout = layOut(figure, width, height, false);
    const ball = container.querySelector('circle.test')!;
    expect(Number(ball.getAttribute('cx'))).toBeCloseTo(layout.frame.x + within(30), 3);
    const share = position('log', layout.y.domain, 0.1);
    expect(Number(ball.getAttribute('cy'))).toBeCloseTo(layout.frame.y + layout.frame.height * (1 - share), 3);
    expect(container.textContent).toContain('The run stands at norm 30');
  });

  it('take the norm under the pointer, and the bottom of the U where it is near', async () => {
    const { onpick } = show();
    await fireEvent.pointerMove(slider(), { clientX: layOut(figure, width, height, false).frame.x + within(50) });
    await fireEvent.click(slider());
    expect(onpick.mock.lastCall![0]).toBeCloseTo(50, 6);
    await fireEvent.pointerMove(slider(), { clientX: layOut(figure, width, height, false).frame.x + within(10) + 9 });
    await fireEvent.click(slider());
    expect(onpick.mock.lastCall![0]).toBe(10);
  });

  it('are moved by keys from the bottom of the U, and left by Escape', async () => {
    const { onpick, rerender } = show();
    await fireEvent.keyDown(slider(), { key: 'ArrowRight' });
    expect(onpick).toHaveBeenLastCalledWith(10);
    await rerender({ picked: 10 });
    await fireEvent.keyDown(slider(), { key: 'ArrowRight' });
    expect(onpick.mock.lastCall![0]).toBeCloseTo(10.2, 9);
    expect(slider().getAttribute('aria-valuetext')).toContain('the minimum of the test curve');
    await fireEvent.keyDown(slider(), { key: 'Escape' });
    expect(onpick).toHaveBeenLastCalledWith(null);
  });

  it('say why there is nothing, and cannot be pressed without a run', () => {
    show({ figure: 'Needs one trial of the sweep; none has a value yet.', onpick: undefined });
    expect(screen.getByText(/Needs one trial/)).toBeTruthy();
    expect(screen.queryByRole('slider')).toBeNull();
  });
});
