import { describe, expect, it } from 'vitest';
import { experimentById } from '#app/experiments/registry.ts';
import { parseParameters } from '#app/experiments/parameters.ts';
import type { RecordedRun } from '#app/experiments/experiment.ts';
import type { SweepRecord } from '#app/protocol/sweep.ts';
import { SweepMap } from '#app/sweeps/map.ts';
import { landscapeDefinition } from './definition.ts';
import type { PlaneSection } from './section.ts';
import { mapSurface, planeSurface, wayOverMap } from './surfaces.ts';

const experiment = experimentById('omnigrok');
const parameters = parseParameters(experiment, 'digits', {});
const across = { kind: 'list' as const, parameter: 'trainingSamples', values: [20, 200, 2000] };
const scales = { from: 0.1, to: 10, count: 3 };
const record = {
  definition: landscapeDefinition(experiment, parameters, { across, scales, seeds: 1 }),
  added: [],
} as unknown as SweepRecord;

function mapOf(outcome: string, value: (point: number) => number): SweepMap {
  const map = new SweepMap(experiment, record, { outcome });
  for (let point = 0; point < 8; point += 1)
    map.put({
      point,
      seed: 0,
      state: 'finished',
      outcomes: { [outcome]: value(point) },
      step: 1,
      message: null,
      seconds: 1,
      worker: '',
      attempt: 1,
      run: null,
    });
  return map;
}

describe('a map as a surface', () => {
  it('has the heights of its cells, a hole where none is, and axes as their values are spread', () => {
    const surface = mapSurface(
      mapOf('finalTestLoss', (point) => 10 ** -point),
      'digits',
    );
    if (typeof surface === 'string') throw new Error(surface);
    expect(surface.x).toMatchObject({ label: 'Initial scale', scale: 'log', values: [0.1, 1, 10] });
    expect(surface.y).toMatchObject({ label: 'Training samples', scale: 'log', values: [20, 200, 2000] });
    expect(Array.from(surface.values).filter(Number.isNaN)).toHaveLength(1);
    expect(
      Array.from(surface.values)
        .filter(Number.isFinite)
        .sort((a, b) => a - b)[0],
    ).toBeCloseTo(1e-7, 12);
    expect(surface.value).toMatchObject({ scale: 'log', domain: [1e-7, 1] });
    for (const level of surface.contours) expect(level > 1e-7 && level < 1).toBe(true);
  });

  it('keeps the ends of an outcome that has them, and says why where there is no surface', () => {
    const surface = mapSurface(
      mapOf('bestTestError', () => 0.5),
      'digits',
    );
    expect(surface).toMatchObject({ value: { scale: 'linear', domain: [0, 1] } });
    expect(mapSurface(new SweepMap(experiment, record, { outcome: 'phase' }), '')).toMatch(/Phases have no height/);
    const single = { ...record, definition: landscapeDefinition(experiment, parameters, { scales }) };
    expect(mapSurface(new SweepMap(experiment, single, { outcome: 'finalTestLoss' }), '')).toMatch(/two axes/);
  });

  it('carries a free run at its norm, told as the scale that has it', () => {
    const norms = Float64Array.of(40, 20, 10, 5);
    const run = { parameters: { ...parameters, initialScale: 8 }, series: () => ({ width: 1, rows: 4, values: norms }) };
    const way = wayOverMap(
      experiment,
      mapOf('finalTestLoss', () => 1),
      run as unknown as RecordedRun,
      2,
    )!;
    expect(Array.from(way.x)).toEqual([8, 4, 2, 1]);
    expect(Array.from(way.y)).toEqual([200, 200, 200, 200]);
    expect(way.at).toBe(2);
  });
});

describe('a plane as a surface', () => {
  const section: PlaneSection = {
    curves: [],
    step: 90,
    directions: 'trajectory',
    x: Float64Array.of(-1, 0, 1),
    y: Float64Array.of(-2, 0),
    values: { test: Float64Array.of(1e-3, 1, 1e9, 2e-3, 1, 0) },
    norms: new Float64Array(6),
    path: { steps: Int32Array.of(0, 30, 90), x: Float64Array.of(1, 0.5, 0), y: Float64Array.of(-2, -1, 0) },
    explained: [0.7, 0.2],
  };
  const curve = { id: 'test', label: 'test loss', unit: '', scale: 'log', evaluation: 'test', output: 'loss' } as const;

  it('puts the ball where the run stood last, and bounds walls that would hide the rest', () => {
    const surface = planeSurface(curve, section, 50);
    expect(surface.title).toBe('Test loss around step 90');
    expect(surface.subtitle).toContain('90 %');
    expect(surface.path?.at).toBe(1);
    expect(surface.value.domain).toEqual([1e-3, 1e3]);
    expect(planeSurface(curve, section, 1000).path?.at).toBe(2);
  });
});
