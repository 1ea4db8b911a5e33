/** Bursts in alternating order, and what they say. */
import type { BenchEngine, Spread } from '#app/protocol/bench.ts';
import { attempt, type Standing } from './contenders.ts';
import { spreadOf } from './statistics.ts';

/** Grows the number of steps of a burst until it lasts as long as wanted; warms up on the way. */
export async function warmUp(standings: readonly Standing[], seconds: number): Promise<void> {
  for (const standing of standings) {
    await attempt(standing, async (child) => {
      for (let steps = 1; ; steps *= 2) {
        const { t } = await child.run(steps);
        if (t < seconds / 2) continue;
        standing.steps = Math.max(1, Math.round((steps * seconds) / t));
        return;
      }
    });
  }
}

/** Rounds of one burst each, every other round in reverse order; `begin` is asked of every child before its burst, off the clock. */
export async function playRounds(
  standings: readonly Standing[],
  rounds: number,
  begin: string | null,
  tell: (done: number) => void,
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? standings : [...standings].reverse();
    for (const standing of order) {
      await attempt(standing, async (child) => {
        if (begin !== null) await child.ask(begin);
        standing.bursts.push(await child.run(standing.steps));
      });
    }
    tell(round + 1);
  }
}

export type Clock = 'cpu' | 't';

/** Seconds a step of one run, by round. */
export function secondsPerStep({ bursts, child }: Standing, clock: Clock): number[] {
  const runs = child?.runs ?? 1;
  return bursts.map((burst) => burst[clock] / (burst.steps * runs));
}

/** How much longer the second takes than the first, round by round: both bursts of a round saw the same machine. */
export function ratios(ours: Standing, peer: Standing, clock: Clock): Spread | null {
  const [a, b] = [secondsPerStep(ours, clock), secondsPerStep(peer, clock)];
  return spreadOf(Array.from({ length: Math.min(a.length, b.length) }, (_, round) => b[round] / a[round]));
}

/** What the results file keeps of a contender. */
export function reportOf(standing: Standing): BenchEngine {
  const { contender, child, bursts } = standing;
  const milliseconds = (clock: Clock) => spreadOf(secondsPerStep(standing, clock).map((seconds) => seconds * 1000));
  return {
    id: contender.id,
    name: contender.name,
    form: contender.label,
    versions: { ...child?.versions },
    skipped: standing.skipped,
    cpu: milliseconds('cpu'),
    wall: milliseconds('t'),
    memory: bursts.at(-1)?.rss ?? null,
    losses: standing.losses,
    measures: standing.measures,
    rounds: bursts.map(({ steps, t, cpu }) => ({ steps, t, cpu })),
  };
}
