/**
 * Acceptance checks 11 to 15: statistics of trained runs and interventions, with the tolerances of the claims.
 * Which frequencies survive differs for every seed and is never asserted.
 */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { wasmBackend } from '#app/engine/index.ts';
import { compileKernels } from '#app/engine/kernels/compile.mjs';
import { survivalClaims } from './claims/index.ts';
import { subsetLossesMeasure } from './measures/subset-losses.ts';
import { trainInMemory } from './testing.ts';
import type { TrainedRun } from './testing.ts';

const backend = wasmBackend(await readFile((await compileKernels()).wasm));

const claim = (id: string) => survivalClaims.find((candidate) => candidate.id === id)!;

async function expectClaim(id: string, trained: readonly TrainedRun[]): Promise<void> {
  const outcome = await claim(id).check(
    trained.map(({ run }) => run),
    trained.map(({ context }) => context),
  );
  expect(outcome, `${id}: measured ${outcome.measured}; expected ${outcome.expected} (${outcome.tolerance})`).toMatchObject({
    holds: true,
  });
}

const train = (id: string, quick: boolean) =>
  claim(id)
    .plan({ quick })
    .map((parameters) => trainInMemory(parameters, backend));

describe('twelve seeds of the fast preset', () => {
  const trained = train('small-few-survive', false);

  it('three or four circles survive and the network generalises', () => expectClaim('small-few-survive', trained));
  it('strong circles survive', () => expectClaim('small-strong-circles-win', trained));
  it('the linear law describes the signals', () => expectClaim('small-linear-law', trained));
  it('the mean loss falls with every circle that is kept', async () => {
    for (const { run, context } of trained) {
      const { sizes } = await subsetLossesMeasure.compute(run, {}, context);
      sizes.slice(1).forEach((size, i) => expect(size.mean).toBeLessThan(sizes[i].mean));
    }
  });
});

describe('interventions on the paper preset', () => {
  it('two circles cooperate', () => expectClaim('two-circles-cooperate', train('two-circles-cooperate', true)), 300_000);
  it('one circle alone fails', () => expectClaim('one-circle-fails', train('one-circle-fails', true)), 600_000);
  it('a frozen embedding needs width', () => expectClaim('frozen-embedding', train('frozen-embedding', true)), 300_000);
});
