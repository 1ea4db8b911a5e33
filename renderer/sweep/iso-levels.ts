/** Levels of the lines of equal value: round numbers between the ends of the colours. */
import { linearTicks, logTicks, type Tick } from '#app/figures/ticks.ts';
import type { SweepMap } from '#app/sweeps/map.ts';

export function isoLevels({ outcome }: Pick<SweepMap, 'outcome'>, domain: readonly [number, number]): readonly Tick[] {
  const ticks = outcome.scale === 'log' ? logTicks(domain, 5) : linearTicks(domain, 5);
  return ticks.filter(({ value }) => value > domain[0] && value < domain[1]);
}
