/** A sweep seen along one axis: each outcome with its spread over everything else. */
import { medianOf } from './majority.ts';
import type { SweepMap } from './map.ts';

export interface MarginalPoint {
  readonly name: string;
  readonly value: unknown;
  /** Results it is made of, with those that are inferred. */
  readonly count: number;
  /** Median and quartiles of a number. */
  readonly median: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  /** Share of the results in each phase. */
  readonly shares: Readonly<Record<string, number>>;
}

/** What its trials came to; of a cell that is inferred what it is taken for, once for each of its trials, so that all cells weigh alike. */
function outcomesOf(map: SweepMap, index: number): (number | string | null)[] {
  const { state, value, trials } = map.cell(index);
  if (state === 'inferred') return trials.map(() => value);
  return map
    .resultsOf(index)
    .filter((result) => result.state !== 'failed')
    .map(({ outcomes }) => outcomes[map.outcome.id] ?? null);
}

/** What the map shows, along its x axis or its y axis. */
export function marginal(map: SweepMap, along: 'x' | 'y'): MarginalPoint[] {
  const axis = map[along];
  const columns = map.x.values.length;
  return axis.values.map((value, place) => {
    const cells =
      along === 'x'
        ? Array.from({ length: map.y.values.length }, (_, row) => row * columns + place)
        : Array.from({ length: columns }, (_, column) => place * columns + column);
    const outcomes = cells.flatMap((index) => outcomesOf(map, index)).filter((outcome) => outcome !== null);
    const numbers = outcomes.filter((outcome): outcome is number => typeof outcome === 'number').sort((a, b) => a - b);
    const phases = outcomes.filter((outcome): outcome is string => typeof outcome === 'string');
    const shares = Object.fromEntries(
      [...new Set(phases)].map((id) => [id, phases.filter((other) => other === id).length / phases.length]),
    );
    const some = numbers.length > 0;
    return {
      name: axis.names[place],
      value,
      count: outcomes.length,
      median: some ? medianOf(numbers) : null,
      lower: some ? numbers[Math.floor((numbers.length - 1) / 4)] : null,
      upper: some ? numbers[Math.ceil((3 * (numbers.length - 1)) / 4)] : null,
      shares,
    };
  });
}
