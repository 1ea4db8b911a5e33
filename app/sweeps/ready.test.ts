import { describe, expect, it } from 'vitest';
import { trainedExperiments } from '#app/experiments/registry.ts';
import { axisValues } from './axes.ts';
import { checkDefinition } from './definition.ts';
import { pointsOf } from './points.ts';
import { readyDefinition, readySweep, readySweeps } from './ready.ts';
import { trialParameters } from './trials.ts';

describe.each(trainedExperiments)('the ready sweeps of $id', (experiment) => {
  const all = readySweeps(experiment);

  it('have ids and labels of their own and say where they come from', () => {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(new Set(all.map(({ label }) => label)).size).toBe(all.length);
    for (const { source } of experiment.sweeps) expect(source).toMatch(/[Pp]aper.*\.$/);
  });

  it.each(all)('$id can be trained at every point, as a map of at least 20 points', (ready) => {
    const definition = readyDefinition(experiment, ready, 'wasm');
    checkDefinition(definition, experiment);
    const points = pointsOf(experiment, definition, []);
    expect(points.count).toBeGreaterThanOrEqual(20);
    for (let point = 0; point < points.count; point += 1)
      trialParameters(experiment, definition, points.at(point), definition.seeds.count - 1);
  });

  it('with those that were published train the published cells, to the nine digits that papers give', () => {
    for (const map of experiment.publishedMaps) {
      const { axes, parameters } = readyDefinition(experiment, readySweep(experiment, map.id), 'wasm');
      expect(parameters).toEqual(map.parameters);
      [map.x, map.y].forEach(({ parameter, values }, i) => {
        expect(axes[i].parameter).toBe(parameter);
        axisValues(experiment, axes[i]).forEach((value, k) =>
          expect(Math.abs(Number(value) - values[k])).toBeLessThanOrEqual(1e-9 * values[k]),
        );
      });
    }
  });

  it('that are not there are refused with those that are', () => {
    expect(() => readySweep(experiment, 'nothing')).toThrow(new RegExp(`has no map "nothing"; it has .*${all[0].id}`));
  });
});
