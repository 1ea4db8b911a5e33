import { beforeAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '#app/engine/index.ts';
import type { FigureSpec, Mark } from '#app/figures/spec.ts';
import type { MeasureContext, RecordedRun } from '../../experiment.ts';
import { dynamicsMeasure } from '#app/circles/measures/dynamics.ts';
import { subsetLossesMeasure } from '../measures/subset-losses.ts';
import { survivalParameters, type SurvivalParameters } from '../parameters.ts';
import { survivorsOfRun } from '#app/circles/survivors.ts';
import { trainInMemory } from '../testing.ts';
import { survivalFigures } from './index.ts';

type TestedRun = RecordedRun<SurvivalParameters>;
let run: TestedRun;
let context: MeasureContext;
let results: Record<string, unknown>;

beforeAll(async () => {
  const parameters = survivalParameters.parse({ modulus: 13, embeddingWidth: 16, hiddenWidths: [24, 24], steps: 400, precision: 'f64' });
  ({ run, context } = trainInMemory(parameters, referenceBackend()));
  results = { dynamics: dynamicsMeasure.compute(run, {}, context) };
  if (survivorsOfRun(run)!.frequencies.length > 0) results['subset-losses'] = await subsetLossesMeasure.compute(run, {}, context);
});

const draw = (id: string, of: TestedRun = run, step = 100): FigureSpec | string =>
  survivalFigures.find((figure) => figure.id === id)!.draw({ run: of, results, step, theme: 'dark' });
const drawn = (id: string): FigureSpec => {
  const spec = draw(id);
  if (typeof spec === 'string') throw new Error(spec);
  return spec;
};
const ofKind = <K extends Mark['kind']>(spec: FigureSpec, kind: K) =>
  spec.marks.filter((mark): mark is Extract<Mark, { kind: K }> => mark.kind === kind);

/** The same run when only `rows` rows were recorded. */
const early = (rows: number): TestedRun => ({
  ...run,
  parameters: run.parameters,
  steps: rows - 1,
  series: (name) => {
    const { width, values } = run.series(name);
    return { width, rows, values: values.subarray(0, rows * width) };
  },
});

describe('signals', () => {
  it('has a line for every frequency with every recorded row, survivors last and named', () => {
    const lines = ofKind(drawn('signals'), 'line');
    expect(new Set(lines.map((line) => line.key))).toEqual(new Set([1, 2, 3, 4, 5, 6].map((k) => `k=${k}`)));
    const { values, width, rows } = run.series('signals');
    const fourth = lines.find((line) => line.key === 'k=4')!;
    expect(Array.from(fourth.y)).toEqual(Array.from({ length: rows }, (_, row) => values[row * width + 3]));
    const alive = survivorsOfRun(run)!.frequencies.map((k) => `k=${k}`);
    expect(lines.filter((line) => line.legend).map((line) => line.key)).toEqual(alive);
    expect(lines.slice(6 - alive.length).every((line) => line.legend)).toBe(true);
  });

  it('marks the step looked at', () => {
    expect(ofKind(drawn('signals'), 'rule').map((rule) => rule.at)).toEqual([100]);
  });
});

describe('gradient against initial signal', () => {
  it('places each circle by its definition', () => {
    const [{ points }] = ofKind(drawn('gradient-scatter'), 'points');
    const { values, width } = run.series('signals');
    expect(points).toHaveLength(6);
    for (const point of points) {
      const i = Number(point.key!.slice(2)) - 1;
      expect(point.x).toBe(values[i]);
      expect(point.y).toBeCloseTo((values[5 * width + i] - values[4 * width + i]) / values[i], 14);
    }
  });
});

describe('fits', () => {
  it('show the matrix row by row with an even domain', () => {
    const spec = drawn('coupling');
    const [cells] = ofKind(spec, 'cells');
    expect(cells.values).toBe((results.dynamics as { lasso: { model: { coefficients: Float64Array } } }).lasso.model.coefficients);
    expect([cells.rows.length, cells.columns.length, cells.domain[0]]).toEqual([6, 6, -cells.domain[1]]);
    expect(spec.notes!.some((note) => /describes, does not forecast|forecasts/.test(note.text))).toBe(true);
  });

  it('start where the run starts', () => {
    const lines = ofKind(drawn('trajectories'), 'line');
    for (let k = 1; k <= 6; k += 1) {
      const [measured, fitted] = lines.filter((line) => line.key === `k=${k}`).sort((a, b) => Number(a.dash) - Number(b.dash));
      expect([measured.dash, fitted.dash]).toEqual([false, true]);
      expect(fitted.y[0]).toBe(measured.y[0]);
    }
  });
});

describe('when there is little to show', () => {
  it('says what is missing', () => {
    expect(draw('signals', early(1))).toBe('Needs 1 step; none is recorded.');
    expect(draw('gradient-scatter', early(4))).toBe('Needs 5 steps; 3 are recorded.');
    expect(survivalFigures.find((figure) => figure.id === 'coupling')!.draw({ run: early(3), results: {}, step: 0, theme: 'dark' })).toBe(
      'Needs 14 steps; 2 are recorded.',
    );
    for (const figure of survivalFigures.filter((one) => one.measures.length > 0))
      expect(figure.draw({ run, results: {}, step: 0, theme: 'dark' })).toMatch(/^Needs .*\.$/);
  });

  it('draws live figures from few rows on', () => {
    for (const figure of survivalFigures.filter((one) => one.live))
      expect(typeof figure.draw({ run: early(8), results: {}, step: 7, theme: 'dark' }), figure.id).toBe('object');
  });
});

it('losses and accuracies carry both curves under one x axis', () => {
  for (const id of ['losses', 'accuracies']) {
    const lines = ofKind(drawn(id), 'line');
    expect(lines.map((line) => line.label)).toEqual(['train', 'test']);
    expect(lines[0].x).toBe(lines[1].x);
  }
});
