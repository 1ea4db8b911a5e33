import { describe, expect, it } from 'vitest';
import { stream } from '#app/numerics/random.ts';
import type { TrialResult } from '#app/protocol/sweep.ts';
import { pointsOf } from './points.ts';
import { definitionOf, mapped, resultOf } from './testing.ts';
import { nextTrials, totalTrials, trialName, trialParameters } from './trials.ts';

/** Trains an adaptive sweep whose points end as `phaseAt` says, in any order. */
function explore(columns: number, rows: number, stride: number, phaseAt: (x: number, y: number) => string, shuffle = 0) {
  const record = { definition: definitionOf(columns, rows, { sampling: { kind: 'adaptive', stride, outcome: 'phase' } }), added: [] };
  const results = new Map<string, TrialResult>();
  const random = stream(shuffle, 'order');
  for (;;) {
    const { missing, planned, inferred, complete } = nextTrials(mapped, record, results);
    if (missing.length === 0) {
      expect(complete).toBe(true);
      const phases = Array.from({ length: columns * rows }, (_, point) => results.get(`${point}.0`)?.outcomes.phase ?? inferred.get(point));
      return { phases, trained: planned, trials: [...results.keys()].sort() };
    }
    // One after the other: what is wanted may not depend on which results came first.
    const trial = missing[shuffle === 0 ? 0 : random.below(missing.length)];
    results.set(trialName(trial), resultOf(trial.point, 0, { phase: phaseAt(trial.point % columns, Math.floor(trial.point / columns)) }));
  }
}

const wrong = (found: readonly unknown[], columns: number, phaseAt: (x: number, y: number) => string): number =>
  found.filter((phase, point) => phase !== phaseAt(point % columns, Math.floor(point / columns))).length;

describe('trials', () => {
  it('take preset, shared values, the point and the seed, later ones first', () => {
    const definition = definitionOf(3, 2, { parameters: { width: 20, rate: 5 }, seeds: { parameters: ['seed'], first: 7, count: 3 } });
    expect(trialParameters(mapped, definition, pointsOf(mapped, definition, []).at(4), 2)).toEqual({
      rate: 1e-3,
      decay: 1,
      width: 20,
      kind: 'one',
      seed: 9,
    });
  });

  it('are one seed of every point before the next, without those that have a result', () => {
    const record = { definition: definitionOf(2, 1, { seeds: { parameters: ['seed'], first: 0, count: 2 } }), added: [] };
    const done = new Map([['1.0', resultOf(1, 0, {})]]);
    expect(nextTrials(mapped, record, done)).toMatchObject({
      missing: [
        { point: 0, seed: 0 },
        { point: 0, seed: 1 },
        { point: 1, seed: 1 },
      ],
      planned: 4,
      complete: true,
    });
    expect(totalTrials(mapped, record)).toBe(4);
  });
});

describe('an adaptive sweep', () => {
  const bands = (x: number, y: number) =>
    x + 0.6 * y < 21 ? 'comprehension' : y > 27 ? 'confusion' : x - y > 9 ? 'grokking' : 'memorization';

  it('finds the map of every trial with a fraction of them', () => {
    const { phases, trained } = explore(40, 40, 4, bands);
    expect(wrong(phases, 40, bands)).toBe(0);
    expect(trained / 1600).toBeLessThan(0.45);
  });

  it('trains the same whatever comes first', () => {
    const disc = (x: number, y: number) => ((x - 8) ** 2 + (y - 7) ** 2 < 30 ? 'grokking' : 'confusion');
    const orders = [0, 1, 2].map((shuffle) => explore(17, 15, 4, disc, shuffle));
    expect(orders[1]).toEqual(orders[0]);
    expect(orders[2]).toEqual(orders[0]);
    expect(wrong(orders[0].phases, 17, disc)).toBe(0);
  });

  it('has one outcome for each place of a map without boundaries after the coarse grid', () => {
    const { trained } = explore(33, 33, 8, () => 'confusion');
    expect(trained).toBe(25);
  });

  it('trains around points whose trials failed', () => {
    const record = { definition: definitionOf(5, 5, { sampling: { kind: 'adaptive', stride: 4, outcome: 'phase' } }), added: [] };
    const corners = [0, 4, 20, 24];
    const results = new Map(corners.map((point) => [`${point}.0`, resultOf(point, 0, {}, 'failed')]));
    expect(nextTrials(mapped, record, results).missing.length).toBe(5);
  });
});
