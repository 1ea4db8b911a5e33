import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { createRawSnippet } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { experimentById } from '#app/experiments/registry.ts';
import { SweepMap } from '#app/sweeps/map.ts';
import { resultOf, sweepOf } from '#renderer/testing/sweeps.ts';
import { bandOf } from '#app/sweeps/bands.ts';
import { Geometry } from './geometry.ts';
import MapPicture from './MapPicture.svelte';
import { cellText, placeText } from './words.ts';

afterEach(cleanup);

const experiment = experimentById('effective-theory');

function show() {
  const map = new SweepMap(experiment, sweepOf());
  map.put(resultOf(0, 0, 'grokking'));
  map.put(resultOf(0, 1, 'comprehension'));
  const room = { width: 300, height: 200 };
  const geometry = new Geometry(bandOf(map.x), bandOf(map.y), room);
  const [onopen, onbrush, oncursor] = [vi.fn(), vi.fn(), vi.fn()];
  const props = {
    label: 'Phase of a sweep',
    geometry,
    x: map.x,
    y: map.y,
    cursor: null as number | null,
    brush: null as readonly [number, number] | null,
    tip: () => [],
    sentence: (index: number) => `${placeText(map, index)}: ${cellText(experiment, map, index)}.`,
    onopen,
    onbrush: (brush: readonly [number, number] | null) => {
      onbrush(brush);
      void view.rerender({ brush });
    },
    oncursor: (cursor: number | null) => {
      oncursor(cursor);
      void view.rerender({ cursor });
    },
    canvas: createRawSnippet(() => ({ render: () => '<i></i>' })),
  };
  const view = render(MapPicture, props);
  const surface = screen.getByRole('application', { name: 'Phase of a sweep' });
  surface.setPointerCapture = () => undefined;
  const press = (key: string, modifiers: object = {}) => fireEvent.keyDown(surface, { key, ...modifiers });
  return { surface, press, onopen, onbrush, oncursor };
}

describe('the picture of a map', () => {
  it('goes from cell to cell with the arrow keys and says what is there', async () => {
    const { press, oncursor } = show();
    await press('ArrowRight');
    expect(screen.getByRole('status').textContent).toBe('Embedding rate 0.001, Decoder rate 0.001: Comprehension, 50 % of the seeds.');
    await press('ArrowRight');
    await press('ArrowUp');
    expect(oncursor).toHaveBeenLastCalledWith(4);
    expect(screen.getByRole('status').textContent).toBe('Embedding rate 0.01, Decoder rate 0.01: not trained yet.');
    await press('End');
    expect(oncursor).toHaveBeenLastCalledWith(5);
    await press('ArrowRight');
    expect(oncursor).toHaveBeenLastCalledWith(5);
  });

  it('chooses a region with Shift, gives it up with Escape, and opens a cell with Enter', async () => {
    const { press, onbrush, onopen } = show();
    await press('ArrowRight');
    await press('ArrowRight', { shiftKey: true });
    await press('ArrowUp', { shiftKey: true });
    expect(onbrush).toHaveBeenLastCalledWith([0, 4]);
    await press('Enter');
    expect(onopen).toHaveBeenCalledWith(4);
    await press('Escape');
    expect(onbrush).toHaveBeenLastCalledWith(null);
  });

  it('opens the cell that is clicked and chooses the cells that are dragged over', async () => {
    const { surface, onopen, onbrush } = show();
    const at = (clientX: number, clientY: number) => ({ clientX, clientY, button: 0, pointerId: 1 });
    await fireEvent.pointerDown(surface, at(50, 150));
    await fireEvent.pointerUp(surface, at(52, 151));
    expect(onopen).toHaveBeenCalledWith(0);
    await fireEvent.pointerDown(surface, at(50, 150));
    await fireEvent.pointerMove(surface, at(250, 50));
    await fireEvent.pointerUp(surface, at(250, 50));
    expect(onbrush).toHaveBeenLastCalledWith([0, 5]);
    expect(onopen).toHaveBeenCalledTimes(1);
  });
});
