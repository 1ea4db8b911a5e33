import { describe, expect, it } from 'vitest';
import { parametersKey } from '#app/runs/record.ts';
import { effectiveTheoryParameters } from '../parameters.ts';
import { publishedMaps } from '../published.ts';
import { overFractions } from './evidence.ts';
import { effectiveTheoryClaims } from './index.ts';
import { majority } from './phases.ts';
import { theoryClaims } from './theory.ts';

/** Steps to train for all claims, each set of parameters once. */
function steps(quick: boolean): number {
  const runs = new Map(effectiveTheoryClaims.flatMap((claim) => claim.plan({ quick })).map((run) => [parametersKey(run), run]));
  return [...runs.values()].reduce((sum, run) => sum + run.steps, 0);
}

describe('claims', () => {
  it('have distinct ids and plan runs that can be trained', () => {
    expect(new Set(effectiveTheoryClaims.map(({ id }) => id)).size).toBe(effectiveTheoryClaims.length);
    for (const claim of effectiveTheoryClaims)
      for (const quick of [true, false])
        for (const run of claim.plan({ quick })) expect(effectiveTheoryParameters.parse(run), claim.id).toEqual(run);
  });

  it('fit their budgets on two cores at 0.45 ms a step: quick in 5 minutes, full in an hour', () => {
    const minutes = (count: number) => (count * 0.45e-3) / 2 / 60;
    expect(minutes(steps(true))).toBeLessThan(4.5);
    expect(minutes(steps(false))).toBeLessThan(50);
  });

  it('of the theory hold', async () => {
    for (const claim of theoryClaims) expect(await claim.check([], []), claim.id).toMatchObject({ holds: true });
  });

  it('over the training fraction share their runs', () => {
    const full = effectiveTheoryClaims
      .filter(({ how }) => how.includes('of 55 pairs, 8 seeds each'))
      .map((claim) => claim.plan({ quick: false }));
    expect(full.length).toBeGreaterThan(3);
    for (const runs of full) expect(runs).toEqual(overFractions({ quick: false }));
    expect(overFractions({ quick: true }).length).toBeGreaterThanOrEqual(24);
  });

  it('of the map cover it three times, and in the quick sample its corners', () => {
    const claim = effectiveTheoryClaims.find(({ id }) => id === 'phase-map-rates')!;
    expect(claim.plan({ quick: false })).toHaveLength(300);
    const { x } = publishedMaps.find(({ id }) => id === 'learning-rates')!;
    const rates = new Set(claim.plan({ quick: true }).map(({ embeddingRate }) => embeddingRate));
    expect([...rates]).toEqual([x.values[0], x.values[3], x.values[6], x.values[9]]);
  });
});

it('a majority needs more seeds than any other phase', () => {
  expect(majority(['grokking', 'confusion', 'grokking'])).toBe('grokking');
  expect(majority(['grokking', 'confusion', 'comprehension'])).toBeNull();
  expect(majority([])).toBeNull();
});
