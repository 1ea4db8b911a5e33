import { describe, expect, it } from 'vitest';
import type { FigureSpec, Mark } from '#app/figures/spec.ts';
import { effectiveTheoryMeasures } from '../measures/index.ts';
import { early, idle, theoreticalRun } from '../measures/testing.ts';
import { effectiveTheoryFigures } from './index.ts';

const run = theoreticalRun();
const results = Object.fromEntries(
  effectiveTheoryMeasures
    .filter(({ id, needs }) => id !== 'circularity' && needs === 'recording')
    .map((measure) => [measure.id, measure.compute(run, {}, idle)]),
);

const draw = (id: string, of = run, measured: Record<string, unknown> = results, step = 100): FigureSpec | string =>
  effectiveTheoryFigures.find((figure) => figure.id === id)!.draw({ run: of, results: measured, step, theme: 'dark' });
const drawn = (...input: Parameters<typeof draw>): FigureSpec => {
  const spec = draw(...input);
  if (typeof spec === 'string') throw new Error(spec);
  return spec;
};
const ofKind = <K extends Mark['kind']>(spec: FigureSpec, kind: K) =>
  spec.marks.filter((mark): mark is Extract<Mark, { kind: K }> => mark.kind === kind);

describe('embedding lines', () => {
  it('show every symbol of the network, and the theory from the same start', () => {
    const spec = drawn('embedding-lines');
    const lines = ofKind(spec, 'line');
    const [solid, dashed] = [lines.filter(({ dash }) => !dash), lines.filter(({ dash }) => dash)];
    expect([solid.length, dashed.length]).toEqual([10, 10]);
    solid.forEach((line, symbol) => {
      expect(line.key).toBe(dashed[symbol].key);
      expect(line.y[0]).toBeCloseTo(dashed[symbol].y[0], 12);
      expect(line.y).toHaveLength(run.steps + 1);
    });
    expect(spec.aside).toBe('do not part');
    expect(spec.notes![0].text).toContain('clock fitted to this run');
    const matched = { ...(results['effective-flow'] as object), clock: 'rate' };
    expect(drawn('embedding-lines', run, { 'effective-flow': matched }).notes![0].text).toContain('nothing fitted');
  });

  it('mark where they part', () => {
    const flow = { ...(results['effective-flow'] as object), departure: 120 };
    const spec = drawn('embedding-lines', run, { 'effective-flow': flow });
    expect(spec.aside).toBe('part at step 120');
    expect(ofKind(spec, 'rule').map(({ at }) => at)).toContain(120);
  });

  it('show the network alone while nothing is known of the theory', () => {
    expect(ofKind(drawn('embedding-lines', run, {}), 'line')).toHaveLength(10);
  });
});

describe('curves', () => {
  it('accuracies carry their thresholds, the ideal accuracy and the phase', () => {
    const spec = drawn('accuracies');
    expect(spec.aside).toBe('comprehension');
    expect(ofKind(spec, 'line').map(({ label }) => label)).toEqual(['train', 'test', 'all', 'predicted']);
    const rules = ofKind(spec, 'rule');
    expect(rules.filter(({ axis }) => axis === 'y').map(({ label }) => label)).toEqual([undefined, 'ideal']);
    expect(rules.filter(({ axis, dash }) => axis === 'x' && dash).map(({ at }) => at)).toEqual([200, 300]);
    expect(spec.notes![0].text).toContain('fitted at step 200, generalised at step 300');
  });

  it('losses name their unit', () => {
    expect(drawn('losses').y.label).toBe('mean squared error');
    expect(drawn('losses', theoreticalRun({ objective: 'classification' })).y.unit).toBe('nats');
    expect(ofKind(drawn('losses'), 'line')).toHaveLength(3);
  });

  it('quality counts parallelograms at the step looked at', () => {
    const { values } = run.series('rqi');
    expect(drawn('quality').aside).toBe(`${Math.round(70 * values[100])} of 70 closed`);
    expect(drawn('quality').notes![0].tone).toBe('good');
  });
});

describe('theory', () => {
  it('the critical curve has its middle and the run', () => {
    const rules = ofKind(drawn('critical-fraction'), 'rule');
    expect(rules.map(({ label }) => label)).toEqual(['critical', 'this run']);
    expect(rules[0].at).toBeCloseTo(0.41, 1);
  });

  it('the critical fraction by symbols warns that it is a finite-size number', () => {
    expect(drawn('critical-scaling').notes![0].tone).toBe('warn');
  });

  it('times lie about the guide of four over the rate', () => {
    const spec = drawn('time-to-linear');
    const [cloud, own] = ofKind(spec, 'points');
    const ratios = cloud.points.map(({ x, y }) => (y * 0.2) / x).sort((a, b) => a - b);
    expect(ratios[ratios.length >> 1]).toBeGreaterThan(3.3);
    expect(ratios[ratios.length >> 1]).toBeLessThan(4.8);
    expect(own.points).toHaveLength(1);
  });

  it('the map of rates has a cell for every p and fraction', () => {
    const [cells] = ofKind(drawn('rate-map'), 'cells');
    expect(cells.values).toHaveLength(cells.rows.length * cells.columns.length);
  });
});

describe('when there is little to show', () => {
  it('says what is missing', () => {
    for (const { id, live } of effectiveTheoryFigures) expect(draw(id, live ? early(run, 1) : run, {}), id).toMatch(/^Needs .*\.$/);
    expect(draw('entropy')).toBe('An embedding of one dimension always uses one.');
    expect(typeof draw('entropy', theoreticalRun({ embeddingWidth: 3 }))).toBe('object');
  });

  it('draws live figures from few rows on, and those of runs without lines not at all', () => {
    for (const { id } of effectiveTheoryFigures.filter(({ live }) => live))
      expect(typeof draw(id, early(run, 3), {}, 2), id).toBe('object');
    expect(draw('embedding-lines', theoreticalRun({ embeddingWidth: 40 }))).toMatch(/every step/);
  });
});
