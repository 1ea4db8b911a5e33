import { describe, expect, it } from 'vitest';
import { isDeepStrictEqual } from 'node:util';
import { noDatasets } from '#app/datasets/dataset.ts';
import experiment from './experiment.ts';
import { interventions } from './interventions.ts';
import { omnigrokParameters } from './parameters.ts';

const state = { norm: 17.3, initialNorm: 17.6, criticalNorm: 10.8 };
const base = experiment.presets[0]!.parameters;

describe('interventions', () => {
  it.each(interventions.map((one) => [one.id, one] as const))('%s makes parameters that can be trained, and that differ', (_, one) => {
    const changes = one.changes(base, state);
    if (typeof changes === 'string') throw new Error(changes);
    const changed = omnigrokParameters.parse({ ...base, ...changes });
    expect(changed).not.toEqual(base);
    // What goes on from a checkpoint has the same network.
    const [before, after] = [base, changed].map((parameters) => experiment.build(parameters, noDatasets));
    const shapes = ({ initial }: typeof before) => Object.entries(initial).map(([name, values]) => [name, values.length]);
    expect(isDeepStrictEqual(shapes(before), shapes(after))).toBe(true);
  });

  it('puts the norm where the landscape has its bottom', () => {
    const named = (id: string) => interventions.find((one) => one.id === id)!.changes(base, state);
    expect(named('pin-critical')).toEqual({ pinNorm: true, pinnedNorm: 10.8, weightDecay: 0 });
    expect(named('begin-critical')).toEqual({ initialScale: Number(((2 * 10.8) / 17.6).toPrecision(4)) });
    expect(named('pin-here')).toMatchObject({ pinnedNorm: 17.3 });
  });

  it('says why not, where there is nothing to change', () => {
    const told = (id: string, parameters = base, at: Parameters<(typeof interventions)[0]['changes']>[1] = state) =>
      interventions.find((one) => one.id === id)!.changes(parameters, at);
    expect(told('pin-critical', base, { ...state, criticalNorm: null })).toMatch(/landscape/);
    expect(told('decay-off', { ...base, weightDecay: 0 })).toMatch(/no weight decay/);
    expect(told('decay-up', { ...base, pinNorm: true })).toMatch(/pinned/);
    expect(told('perpendicular', { ...base, gradientTransform: 'perpendicular' })).toMatch(/already/);
  });
});
