import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Figure, Panel, Picture, Quantity, RecordedRun } from '#app/experiments/experiment.ts';
import type { FigureSpec } from '#app/figures/spec.ts';
import { exampleScene } from '#renderer/scene/example.test-data.ts';
import FigurePanel from './FigurePanel.svelte';
import LivePlot from './LivePlot.svelte';
import QuantitiesPanel from './QuantitiesPanel.svelte';
import ScenePanel from './ScenePanel.svelte';
import SvgFigure from './SvgFigure.svelte';
import { catalogue } from './catalogue.ts';

const run = { id: 'run-for-tests', experiment: 'survival', parameters: {}, steps: 3 } as unknown as RecordedRun;

const losses: FigureSpec = {
  id: 'losses',
  title: 'Losses',
  aside: 'test 0.01',
  x: { label: 'step', unit: '', scale: 'linear' },
  y: { label: 'loss', unit: 'nat', scale: 'log' },
  marks: [
    { kind: 'line', key: 'a', label: 'train', x: [0, 1, 2, 3], y: [4, 2, 1, 0.5], colour: 'f1', legend: true },
    { kind: 'line', key: 'b', label: 'test', x: [0, 1, 2, 3], y: [4, 3, 2, 1], colour: 'f2', legend: true },
  ],
  notes: [{ text: 'describes, does not forecast', tone: 'warn' }],
};

const figureOf = (draw: Figure['draw'], live = true): Figure => ({
  id: 'losses',
  title: 'Losses of the run',
  explanation: 'Mean over pairs of $-\\log p$.',
  source: 'Section 2',
  measures: [],
  live,
  draw,
});

const figureProps = (figure: Figure) => ({
  figure,
  run,
  results: {},
  step: 2,
  theme: 'dark' as const,
  hover: null,
  onhover: vi.fn(),
  onexport: vi.fn(),
  live: false,
  version: 0,
});

/** A 2D context that takes everything and knows nothing: happy-dom has no canvas. */
function silentContext(): unknown {
  return new Proxy({} as Record<string, unknown>, {
    get: (target, name) =>
      name === 'measureText' ? (text: string) => ({ width: text.length * 6 }) : name in target ? target[String(name)] : () => undefined,
  });
}

beforeEach(() => {
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockImplementation(((kind: string) =>
    kind === '2d' ? silentContext() : null) as never);
  vi.stubGlobal(
    'Path2D',
    class {
      moveTo() {}
      lineTo() {}
      rect() {}
      arc() {}
      closePath() {}
      addPath() {}
    },
  );
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('catalogue', () => {
  it('has a component for every kind of panel', () => {
    const kinds: Panel['kind'][] = ['scene', 'figure', 'quantities'];
    expect(Object.keys(catalogue).sort()).toEqual(kinds.sort());
  });
});

describe('figure panel', () => {
  it('shows title, aside, notes with their tone, and the explanation when asked', async () => {
    render(FigurePanel, figureProps(figureOf(() => losses)));
    expect(screen.getByRole('heading', { name: 'Losses' })).toBeTruthy();
    expect(screen.getByText('test 0.01')).toBeTruthy();
    expect(screen.getByText('describes, does not forecast').className).toContain('warn');
    const explain = screen.getByRole('button', { name: 'What Losses of the run shows' });
    const explanation = document.getElementById(explain.getAttribute('aria-controls')!)!;
    expect(explanation.hidden).toBe(true);
    await fireEvent.click(explain);
    expect(explanation.hidden).toBe(false);
    expect(explanation.querySelector('.katex')).toBeTruthy();
    await fireEvent.keyDown(explain, { key: 'Escape' });
    expect(explanation.hidden).toBe(true);
  });

  it('shows the sentence of a figure that has nothing to draw yet, and offers no export', () => {
    render(FigurePanel, figureProps(figureOf(() => 'Needs the measure "subset losses".')));
    expect(screen.getByText('Needs the measure "subset losses".')).toBeTruthy();
    expect(screen.getByRole('button', { name: /^Export/ })).toHaveProperty('disabled', true);
  });

  it('says so when a figure fails, and stays', () => {
    render(
      FigurePanel,
      figureProps(
        figureOf(() => {
          throw new Error('no frame at step 2');
        }),
      ),
    );
    expect(screen.getByText('This figure could not be drawn: no frame at step 2')).toBeTruthy();
  });

  it('waits for the end of training with figures that cannot follow it', () => {
    const draw = vi.fn(() => losses);
    render(FigurePanel, { ...figureProps(figureOf(draw, false)), live: true });
    expect(draw).not.toHaveBeenCalled();
    expect(screen.getByText('Drawn when training ends or pauses.')).toBeTruthy();
  });

  it('draws anew at most once a frame, however often the run grows', async () => {
    const frames: FrameRequestCallback[] = [];
    vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) => frames.push(callback));
    const draw = vi.fn(() => losses);
    const props = figureProps(figureOf(draw));
    const view = render(FigurePanel, props);
    expect(draw).toHaveBeenCalledTimes(1);
    for (let version = 1; version < 20; version++) await view.rerender({ version });
    expect(draw).toHaveBeenCalledTimes(1);
    for (const callback of frames.splice(0)) callback(0);
    expect(draw).toHaveBeenCalledTimes(2);
  });
});

describe('live plot', () => {
  const props = () => ({ spec: losses, step: 2, theme: 'light' as const, hover: null, onhover: vi.fn(), width: 380, height: 180 });

  it('describes itself and names its lines with buttons that highlight them', async () => {
    const options = props();
    render(LivePlot, options);
    expect(screen.getByRole('img').getAttribute('aria-label')).toContain('Losses');
    const train = screen.getByRole('button', { name: 'train' });
    await fireEvent.focus(train);
    expect(options.onhover).toHaveBeenLastCalledWith('a');
    await fireEvent.blur(train);
    expect(options.onhover).toHaveBeenLastCalledWith(null);
  });

  it('lets other lines step back behind the hovered one, whichever panel hovers', async () => {
    const view = render(LivePlot, props());
    await view.rerender({ hover: 'b' });
    expect(screen.getByRole('button', { name: 'train' }).style.opacity).toBe('0.22');
    expect(screen.getByRole('button', { name: 'test' }).style.opacity).toBe('1');
    await view.rerender({ hover: 'unknown' });
    expect(screen.getByRole('button', { name: 'train' }).style.opacity).toBe('1');
  });

  it('is drawn on one canvas that follows data and size', async () => {
    const view = render(LivePlot, props());
    const before = document.querySelector('canvas');
    await view.rerender({ spec: { ...losses, marks: losses.marks.map((mark) => ({ ...mark })) }, width: 300 });
    expect(document.querySelectorAll('canvas')).toHaveLength(1);
    expect(document.querySelector('canvas')).toBe(before);
    view.unmount();
    expect(document.querySelector('canvas')).toBeNull();
  });
});

describe('drawn figure', () => {
  const scatter: FigureSpec = {
    ...losses,
    y: { label: 'g', unit: '', scale: 'linear' },
    marks: [{ kind: 'points', points: [{ x: 1, y: 2, key: 'k=4', label: '4', colour: 'f1', filled: true }] }],
  };

  it('tells which key is hovered, shows its values, and forgets both', async () => {
    const onhover = vi.fn();
    const view = render(SvgFigure, { spec: scatter, theme: 'dark', hover: null, onhover, width: 300, height: 160 });
    const dot = document.querySelector('[data-key="k=4"][data-x]')!;
    await fireEvent.pointerMove(dot);
    expect(onhover).toHaveBeenLastCalledWith('k=4');
    expect(document.querySelector('.tip')!.textContent).toMatch(/step 1\s+g 2/);
    await view.rerender({ hover: 'k=4' });
    await fireEvent.pointerLeave(document.querySelector('.figure')!);
    expect(onhover).toHaveBeenLastCalledWith(null);
    expect(document.querySelector('.tip')).toBeNull();
  });
});

describe('quantities panel', () => {
  const quantities: Quantity[] = [
    { id: 'r2', label: 'R² of increments', symbol: 'R^2', unit: '', value: 0.99812 },
    { id: 'hold', label: 'hold-out error', unit: 'nat', value: 2.4, note: 'describes, does not forecast', tone: 'warn' },
  ];

  it('pairs names with values, units and notes', () => {
    render(QuantitiesPanel, { title: 'Linear fit', quantities });
    const values = [...document.querySelectorAll('dd')].map((element) => element.textContent!.trim());
    expect(values).toEqual(['0.9981', '2.4 nat', 'describes, does not forecast']);
    expect(document.querySelector('dd.warn')).toBeTruthy();
    expect(document.querySelector('dt .katex')).toBeTruthy();
  });

  it('says when there is nothing', () => {
    render(QuantitiesPanel, { title: 'Linear fit', quantities: [] });
    expect(screen.getByText('Nothing has been measured yet.')).toBeTruthy();
  });
});

describe('scene panel', () => {
  const picture = (id: string, scene: Picture['scene']): Picture => ({
    id,
    label: id.toUpperCase(),
    explanation: id,
    frame: 'embedding',
    scene,
  });
  const props = (pictures: Picture[]) => ({ run, pictures, step: 2, version: 0, theme: 'dark' as const, hover: null, onhover: vi.fn() });

  it('shows title and subtitle of the scene, and tells screen readers its groups and keys', () => {
    render(ScenePanel, props([picture('rings', () => exampleScene({ count: 2 }))]));
    expect(screen.getByRole('heading', { name: '2 of 29 circles alive' })).toBeTruthy();
    expect(screen.getByText('embedding at step 420')).toBeTruthy();
    const label = screen.getByRole('application').getAttribute('aria-label')!;
    expect(label).toContain('k = 1: s = 70; k = 2: s = 71');
    expect(label).toContain('Arrow keys turn');
  });

  it('shows a sentence instead of a scene, and switches pictures', async () => {
    render(ScenePanel, props([picture('rings', () => 'No frame has been recorded yet.'), picture('pca', () => exampleScene())]));
    expect(screen.getByText('No frame has been recorded yet.')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Fit' })).toHaveProperty('disabled', true);
    await fireEvent.click(screen.getByRole('button', { name: 'PCA' }));
    expect(screen.queryByText('No frame has been recorded yet.')).toBeNull();
    expect(screen.getByRole('button', { name: 'PCA' }).getAttribute('aria-pressed')).toBe('true');
    expect(screen.getByRole('button', { name: 'Fit' })).toHaveProperty('disabled', false);
  });

  it('says why it is drawn flat where there is no WebGL', async () => {
    render(ScenePanel, props([picture('rings', () => exampleScene())]));
    expect(await screen.findByText(/no WebGL 2/)).toBeTruthy();
  });
});
