import { Window } from 'happy-dom';
import { afterAll, describe, expect, it } from 'vitest';
import { parseParameters } from '#app/experiments/parameters.ts';
import { drawFigure } from '#app/figures/plot.ts';
import type { FigureSpec, Mark } from '#app/figures/spec.ts';
import { figureTable } from '#app/figures/table.ts';
import type { SweepRecord, TrialResult } from '#app/protocol/sweep.ts';
import { pointsOf } from '#app/sweeps/points.ts';
import { resultOf } from '#app/sweeps/testing.ts';
import { landscapeDefinition } from '../definition.ts';
import { landscapeOf } from '../reduced.ts';
import type { PlaneSection } from '../section.ts';
import { landscapeOfPinned, officialTable, pinned } from '../testing.ts';
import { timedRuns } from '../timed-runs.ts';
import { landscapeFigure } from './curves.ts';
import { normFigure } from './norm.ts';
import { figureOfSweep, sweepFigures } from './of-sweep.ts';
import { lineSectionFigure, planeFigureId, planeFigures, planeSectionFigure } from './sections.ts';
import { timingFigure } from './timing.ts';

const window = new Window();
afterAll(() => window.close());

const ofKind = <K extends Mark['kind']>({ marks }: FigureSpec, kind: K): Extract<Mark, { kind: K }>[] =>
  marks.filter((mark): mark is Extract<Mark, { kind: K }> => mark.kind === kind);

/** The spec, which both themes can draw without a broken number. */
function drawn(spec: FigureSpec | string | null): FigureSpec {
  if (spec === null || typeof spec === 'string') throw new Error(`nothing drawn: ${spec}`);
  for (const theme of ['light', 'dark'] as const) {
    const svg = drawFigure<{ outerHTML: string }>(spec, {
      document: window.document,
      theme,
      width: 560,
      height: 360,
      fontFamily: 'Inter',
      paper: true,
    });
    expect(svg.outerHTML).not.toMatch(/NaN|Infinity|undefined/);
  }
  return spec;
}

const definition = landscapeDefinition(pinned, parseParameters(pinned, null, {}), { name: 'teacher' });
const record = { definition, added: [] as SweepRecord['added'] } as SweepRecord;
const results = officialTable.flatMap(({ norm, train, test }, point) =>
  [1, 0.5, 3].map((factor, seed) =>
    resultOf(point, seed, {
      norm: norm * (8.8 + seed / 10),
      trainLoss: train * factor,
      testLoss: test * factor,
      trainError: 0,
      testError: 0,
    }),
  ),
);

describe('the L and the U', () => {
  it('have both lines with their bands, the zone and w_c', () => {
    const spec = drawn(landscapeFigure(landscapeOf(pinned, record, results)));
    expect(ofKind(spec, 'line').map(({ label }) => label)).toEqual(['train (L)', 'test (U)']);
    expect(ofKind(spec, 'band')).toHaveLength(2);
    const [zone] = ofKind(spec, 'span');
    const [critical] = ofKind(spec, 'rule');
    expect(zone.from).toBeLessThan(critical.at);
    expect(zone.to).toBeGreaterThan(critical.at);
    expect(spec.aside).toBe('w_c 7.18');
    expect(spec.notes!.map(({ text }) => text).join(' ')).toContain('at most 2 times its minimum');
  });

  it('carry the moving point of a run and its way', () => {
    const path = {
      steps: Int32Array.of(0, 5, 9),
      norms: Float64Array.of(20, 15, 12),
      train: Float64Array.of(1, 1e-3, 1e-6),
      test: Float64Array.of(1, Number.NaN, 0.5),
    };
    const spec = drawn(
      landscapeFigure(landscapeOf(pinned, record, results), { path, point: { step: 9, norm: 12, train: 1e-6, test: 0.5 } }),
    );
    expect(ofKind(spec, 'line')).toHaveLength(4);
    expect(ofKind(spec, 'points')[0].points.map(({ x, y }) => [x, y])).toEqual([
      [12, 1e-6],
      [12, 0.5],
    ]);
  });

  it('are drawn from one trial on, and say what is to come', () => {
    expect(landscapeFigure(landscapeOf(pinned, record, []))).toBe('Needs one trial of the sweep; none has a value yet.');
    const early = drawn(landscapeFigure(landscapeOf(pinned, record, results.slice(0, 1))));
    expect(early.notes![0].text).toContain('more trials are to come');
  });

  it('flag rises of the training value', () => {
    const rising = results.map((result) =>
      result.point === 10 ? { ...result, outcomes: { ...result.outcomes, trainLoss: 0.5 } } : result,
    );
    const spec = drawn(landscapeFigure(landscapeOf(pinned, record, rising)));
    expect(ofKind(spec, 'points')[0].points).toHaveLength(1);
    expect(spec.notes!.some(({ text, tone }) => tone === 'warn' && text.startsWith('Hollow'))).toBe(true);
  });

  it('warn when the minimum is at an end', () => {
    const spec = drawn(
      landscapeFigure(
        landscapeOf(
          pinned,
          record,
          results.filter(({ point }) => point > 5),
        ),
      ),
    );
    expect(spec.aside).toBeUndefined();
    expect(spec.notes!.some(({ text }) => text.includes('add smaller scales'))).toBe(true);
  });
});

describe('the timing law', () => {
  const swept = {
    definition: {
      ...definition,
      parameters: { ...definition.parameters, pinNorm: false, alpha: 2 },
      axes: [{ kind: 'list' as const, parameter: 'decay', values: [0.25, 0.5, 1] }],
    },
    added: [],
  } as unknown as SweepRecord;
  const trials: TrialResult[] = [0, 1, 2].flatMap((point) =>
    [0, 1].map((seed) =>
      resultOf(point, seed, {
        initialNorm: 17.6,
        fitted: 800 - 50 * point,
        generalised: (1600 + 100 * seed) / 2 ** (point - 2),
        normThere: 10.8,
      }),
    ),
  );

  it('has both times and the prediction, with the slope beside it', () => {
    expect(timedRuns(pinned, swept, trials)).toHaveLength(6);
    expect(timedRuns(pinned, swept, trials)[0]).toMatchObject({ weightDecay: 0.25, learningRate: 1e-3, initialNorm: 17.6 });
    const spec = drawn(figureOfSweep(pinned, swept, trials, 'timing'));
    expect(spec.aside).toBe('slope −1.00');
    expect(ofKind(spec, 'line').map(({ label }) => label)).toEqual(['ln(w₀/w_c)/ηγ', 'fits', 'generalises']);
    expect(spec.notes![1].text).toContain('only the slope is a prediction');
    expect(drawn(timingFigure(timedRuns(pinned, swept, trials), 10)).notes![1].text).toContain('of the landscape');
  });

  it('leaves out trials that are pinned, and draws nothing without decay', () => {
    expect(timedRuns(pinned, { ...swept, definition: { ...swept.definition, parameters: { pinNorm: true } } }, trials)).toEqual([]);
    expect(timingFigure([])).toBe('Needs runs with weight decay.');
  });
});

it('a sweep has a figure for each curve, by name', () => {
  expect(sweepFigures(pinned)).toEqual(['landscape/loss', 'landscape/error', 'timing']);
  expect(drawn(figureOfSweep(pinned, record, results, 'landscape/loss')).title).toBe('teacher');
  expect(figureOfSweep(pinned, record, results, 'testLoss')).toBeNull();
  expect(() => figureOfSweep(pinned, record, results, 'landscape/nothing')).toThrow('no landscape curve "nothing"');
  expect(pointsOf(pinned, definition, []).count).toBe(11);
});

describe('the norm of a run', () => {
  const figure = normFigure(landscapeOfPinned);
  const run = (parameters: object) => ({
    id: 'r',
    experiment: 'pinned',
    parameters: parameters as Record<string, unknown>,
    steps: 100,
    seriesInfo: [],
    series: () => ({ width: 1, rows: 101, values: Float64Array.from({ length: 101 }, (_, step) => 17.6 * 0.9997 ** step) }),
    frame: () => ({ step: 0, shape: [], values: new Float64Array() }),
    frameSteps: () => [],
  });
  const draw = (parameters: object) => drawn(figure.draw({ run: run(parameters), results: {}, step: 50, theme: 'dark' }));

  it('stands beside what decay alone makes of it', () => {
    const [measured, alone] = ofKind(draw({ rate: 3e-4, decay: 1, pinNorm: false }), 'line');
    expect(alone.y[100] / measured.y[100]).toBeCloseTo(1, 4);
  });

  it('has no prediction where nothing decays', () => {
    expect(ofKind(draw({ rate: 3e-4, decay: 1, pinNorm: true }), 'line')).toHaveLength(1);
    expect(ofKind(draw({ rate: 3e-4, decay: 0, pinNorm: false }), 'line')).toHaveLength(1);
  });
});

describe('sections', () => {
  const curve = { id: 'test', label: 'test loss', unit: '', scale: 'log', evaluation: 'now', output: 'loss' } as const;

  it('of a line mark the two steps', () => {
    const spec = drawn(
      lineSectionFigure([curve, { ...curve, id: 'other', unit: 'nat' }], {
        curves: [curve],
        from: 0,
        to: 500,
        positions: Float64Array.of(-0.25, 0, 1, 1.25),
        values: { test: Float64Array.of(3, 2, 1e-3, 0.1), other: Float64Array.of(1, 1, 1, 1) },
        norms: new Float64Array(4),
        distance: 1,
        angle: 2,
        barriers: { test: 0, other: 0 },
      }),
    );
    expect(ofKind(spec, 'line').map(({ label }) => label)).toEqual(['test loss']);
    expect(ofKind(spec, 'rule').map(({ label }) => label)).toEqual(['step 0', 'step 500']);
  });

  it('on a plane have y upwards, contours, and the way of the run', () => {
    const plane: PlaneSection = {
      curves: [curve],
      step: 9,
      directions: 'trajectory',
      x: Float64Array.of(-1, 0, 1),
      y: Float64Array.of(-2, 0, 2),
      values: { test: Float64Array.of(1, 2, 3, 10, 20, 30, 100, 200, 300) },
      norms: new Float64Array(9),
      path: { steps: Int32Array.of(0, 9), x: Float64Array.of(-1, 0), y: Float64Array.of(2, 0) },
      explained: [0.9, 0.07],
    };
    const spec = drawn(planeSectionFigure(curve, plane));
    const [cells] = ofKind(spec, 'cells');
    expect([...Array.from(cells.values)].slice(0, 3)).toEqual([100, 200, 300]);
    expect(cells.lines!.at(-1)).toEqual({ label: 'run', pieces: [0, 0, 1, 1], colour: 'f4' });
    expect(cells.lines!.length).toBeGreaterThan(1);
    expect(spec.aside).toBe('97 % of the way in the plane');
    expect(figureTable(spec).rows).toHaveLength(9);
  });

  it('on a plane are a figure for each loss, the one that was not trained on first', () => {
    const curves = [{ ...curve, id: 'train', label: 'training loss' }, curve];
    const figures = planeFigures({ curves });
    expect(figures.map(({ id, title }) => [id, title])).toEqual([
      ['plane-section', 'Test loss on a plane around the last step'],
      ['plane-section-train', 'Training loss on a plane around the last step'],
    ]);
    expect(curves.map(({ id }) => planeFigureId(curves, id))).toEqual(['plane-section-train', 'plane-section']);
  });
});
