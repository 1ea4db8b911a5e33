/** The numerics gate: a ratio is a claim only if both sides compute the same. */
import type { Precision } from '#app/engine/index.ts';
import type { BenchRow } from '#app/protocol/bench.ts';
import { attempt, type Standing } from './contenders.ts';
import { perturbations } from './shared.ts';

/** Steps that must agree closely, and the later step at which rounding errors have grown. */
const firstSteps = 10;
const lateStep = 100;

/** Relative difference allowed in the first steps. */
const closeness: Readonly<Record<Precision, number>> = { f32: 2e-6, f64: 1e-10 };

/** Difference at the late step allowed as a multiple of what rounding errors alone do to the peer. */
const allowance = 3;

/** Takes a hundred steps from the initial values and notes the losses. */
export async function probe(standing: Standing): Promise<void> {
  await attempt(standing, async (child) => {
    await child.ask('r');
    const first: number[] = [];
    for (let step = 0; step < firstSteps; step++) {
      const { loss, measures } = await child.run(1);
      first.push(loss);
      standing.measures = measures ?? {};
    }
    const { loss } = await child.run(lateStep - firstSteps);
    standing.losses = { first, late: loss };
  });
}

/**
 * How far apart runs of one library are at the late step although they compute the same: the range of the loss, relative to it, over
 * runs of the reference whose initial values differ by one rounding error, and over other forms and versions of the library, which
 * round in another order. Null if it could not be measured.
 * @param others contenders of the same library and precision, after `probe`
 */
export async function noiseOf(reference: Standing, others: readonly Standing[]): Promise<number | null> {
  return attempt(reference, async (child) => {
    const late = [reference, ...others].flatMap(({ losses }) => losses?.late ?? []);
    for (let index = 0; index < perturbations; index++) {
      await child.ask(`p ${index}`);
      late.push((await child.run(lateStep)).loss);
    }
    const range = (Math.max(...late) - Math.min(...late)) / Math.abs(late[0]);
    return Number.isFinite(range) ? range : null;
  });
}

/** Compares the losses of two contenders. */
export function judge(ours: Standing, peer: Standing, precision: Precision, noise: number | null): NonNullable<BenchRow['gate']> {
  if (!ours.losses || !peer.losses) return { passed: false, detail: 'one side has no losses' };
  if (noise === null) return { passed: false, detail: "the spread of the peer's own runs could not be measured" };
  const relative = (a: number | null, b: number | null): number => {
    const difference = Math.abs((a ?? NaN) - (b ?? NaN)) / Math.abs(b ?? NaN);
    return Number.isFinite(difference) ? difference : Infinity;
  };
  const early = Math.max(...ours.losses.first.map((loss, step) => relative(loss, peer.losses!.first[step])));
  const late = relative(ours.losses.late, peer.losses.late);
  const bound = Math.max(allowance * noise, closeness[precision]);
  const strange = Object.entries(ours.measures).find(([name, value]) => {
    const other = peer.measures[name];
    // Losses differ by rounding; shares of few things must be equal.
    return other !== undefined && !(Math.abs(value - other) <= closeness[precision] * Math.max(1, Math.abs(other)));
  });
  const detail =
    `steps 1-${firstSteps} within ${scientific(early)} (allowed ${scientific(closeness[precision])}), ` +
    `step ${lateStep} within ${scientific(late)} (allowed ${scientific(bound)}: ${allowance} x the spread of the peer's own runs)` +
    (strange ? `; ${strange[0]} is ${strange[1]} against ${peer.measures[strange[0]]}` : '');
  return { passed: early <= closeness[precision] && late <= bound && !strange, detail };
}

const scientific = (value: number): string => value.toExponential(1);
