/** Maps of sweeps as files, each carrying what was swept. */
import type { Experiment } from '#app/experiments/experiment.ts';
import { partOf } from '#app/experiments/parts.ts';
import { toCsv } from '#app/figures/csv.ts';
import type { Theme } from '#app/figures/spec.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { SweepDefinition, SweepRecord, TrialResult } from '#app/protocol/sweep.ts';
import { formatAxis } from '#app/sweeps/axes.ts';
import { canBeSmoothed, mapFigure, mapNote, trialTable } from '#app/sweeps/figure.ts';
import { SweepMap } from '#app/sweeps/map.ts';
import { nextTrials, shareOfGrid, trialName } from '#app/sweeps/trials.ts';
import { drawnFile, type ExportedFile, type FigureFormat } from './index.ts';

export interface MapRequest {
  readonly record: SweepRecord;
  readonly results: readonly TrialResult[];
  readonly experiment: Experiment;
  /** Outcome that the map shows. */
  readonly outcome: string;
  /** Parameters of the axes; the first two of the sweep where null. */
  readonly x: string | null;
  readonly y: string | null;
  /** One seed only, counted from 0; null for all. */
  readonly seed: number | null;
  /** Smooth boundaries between phases, for display. */
  readonly smoothed: boolean;
  /** Values of the further axes; the first of each unless given. */
  readonly at: SweepDefinition['parameters'];
  /** Id of a published map that is laid over it. */
  readonly overlay: string | null;
  readonly format: FigureFormat;
  readonly theme: Theme;
  /** PNG pixels per px, 1 .. 8. */
  readonly scale: number;
}

/**
 * A map as SVG or PNG, or all trials as CSV, one a row. The same results give the same bytes.
 * @throws LotkaError `bad-input` for an unknown outcome, axis or seed, and for a map that cannot be smoothed; `not-found` for an unknown published map
 */
export function exportMap({
  record,
  results,
  experiment,
  overlay,
  smoothed,
  format,
  theme,
  scale,
  ...chosen
}: MapRequest): Promise<ExportedFile> {
  const { definition } = record;
  const published = overlay === null ? null : partOf(experiment, 'publishedMaps', overlay);
  const { outcome, at, x, y, seed } = chosen;
  const map = new SweepMap(experiment, record, { outcome, at, x: x ?? undefined, y: y ?? undefined, seed });
  for (const result of results) map.put(result);
  if (definition.sampling.kind === 'adaptive') {
    const { inferred } = nextTrials(experiment, record, new Map(results.map((result) => [trialName(result), result])));
    map.infer(inferred, definition.sampling.outcome);
  }
  if (smoothed && !canBeSmoothed(map))
    throw new LotkaError(
      'bad-input',
      'Only a map of phases on a whole grid, without refined regions, can be drawn with smooth boundaries.',
    );
  const share = shareOfGrid(experiment, record);
  const spec = mapFigure(experiment, map, {
    title: `${map.outcome.label}: ${definition.name}`,
    published,
    smoothed,
    isoLines: map.outcome.kind === 'number',
    notes: [
      mapNote(map, record),
      ...(share === null ? [] : [`Trained adaptively, ${Math.round(100 * share)} % of the trials of the full grid.`]),
    ],
  });
  const csv = (): string => toCsv(trialTable(experiment, record, results), [spec.title, ...linesOf(record)]);
  const shown = { outcome, x: map.x.parameter, y: map.y.parameter, at: map.at, seed, overlay, smoothed };
  return drawnFile(`${record.id}-${outcome}`, spec, { ...provenanceOfSweep(record), ...shown }, csv, { format, theme, scale });
}

/** What is written into every exported map: enough to train the sweep again and draw the same map. */
function provenanceOfSweep({ id, lotka, engine, created, status, planned, done, definition, added }: SweepRecord): object {
  return { format: 1, sweep: id, lotka, engine, created, status, planned, done, definition, added };
}

function linesOf({ id, lotka, engine, created, status, planned, done, diverged, failed, definition }: SweepRecord): string[] {
  const { name, experiment, preset, parameters, axes, sampling, seeds, backend } = definition;
  return [
    `Lotka ${lotka}, engine ${engine}, ${backend}`,
    `sweep ${id} (${name}), ${status}, ${done} of ${planned} trials, ${diverged} diverged, ${failed} failed, created ${created}`,
    `experiment ${experiment}, preset ${preset ?? 'none'}, sampling ${JSON.stringify(sampling)}`,
    ...axes.map((axis) => `axis ${formatAxis(axis)}`),
    `seeds ${seeds.first} to ${seeds.first + seeds.count - 1} of ${seeds.parameters.join(', ') || 'nothing'}`,
    ...Object.entries(parameters).map(([parameter, value]) => `${parameter} = ${JSON.stringify(value)}`),
  ];
}
