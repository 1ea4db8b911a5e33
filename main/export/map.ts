/** Maps of sweeps as files, each carrying what was swept. */
import type { Experiment, RecordedRun } from '#app/experiments/experiment.ts';
import { partOf } from '#app/experiments/parts.ts';
import type { Drawing } from '#app/figures/drawing.ts';
import { figureTable } from '#app/figures/table.ts';
import { figureOfSweep } from '#app/landscape/figures/of-sweep.ts';
import type { RunRecord } from '#app/protocol/contract.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { SweepDefinition, SweepRecord, TrialResult } from '#app/protocol/sweep.ts';
import { formatAxis } from '#app/sweeps/axes.ts';
import { canBeSmoothed, mapFigure, mapNote, trialTable } from '#app/sweeps/figure.ts';
import { SweepMap } from '#app/sweeps/map.ts';
import { nextTrials, shareOfGrid, trialName } from '#app/sweeps/trials.ts';
import { drawnFile, type DataOfFigure, type ExportedFile } from './index.ts';

export interface MapRequest {
  readonly record: SweepRecord;
  readonly results: readonly TrialResult[];
  readonly experiment: Experiment;
  /** Outcome that the map shows, or one of `sweepFigures`, e.g. `landscape/loss`. */
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
  /** Of a landscape: a run whose way is drawn over it, and where it stands; its last step where null. */
  readonly over?: { readonly run: RecordedRun; readonly record: RunRecord; readonly step: number | null } | null;
  readonly drawing: Drawing;
}

/**
 * A map as a drawing, or all trials as data, one a row; of a figure that is no map the data are what it shows. The same results give
 * the same bytes.
 * @throws LotkaError `bad-input` for an unknown outcome, axis or seed, and for a map that cannot be smoothed; `not-found` for an unknown published map, `conflict` if there is nothing to draw
 */
export function exportMap({
  record,
  results,
  experiment,
  overlay,
  over = null,
  smoothed,
  drawing,
  ...chosen
}: MapRequest): Promise<ExportedFile> {
  const { definition } = record;
  const { outcome, at, x, y, seed } = chosen;
  if (over && over.record.experiment !== experiment.id)
    throw new LotkaError('bad-input', `Run ${over.record.id} is of ${over.record.experiment}; this sweep is of ${experiment.id}.`);
  const figure = figureOfSweep(experiment, record, results, outcome, at, over);
  if (typeof figure === 'string') throw new LotkaError('conflict', figure);
  if (figure) {
    const way = over && { run: over.record.id, parameters: over.record.parameters, step: over.step };
    const lines = over ? [`run ${over.record.id} (${over.record.name}) over it`] : [];
    const table = (): DataOfFigure => ({ table: figureTable(figure), comments: [figure.title, ...linesOf(record), ...lines] });
    return drawnFile(
      `${record.id}-${outcome.replace('/', '-')}`,
      figure,
      { ...provenanceOfSweep(record), outcome, at, over: way },
      table,
      drawing,
    );
  }
  const published = overlay === null ? null : partOf(experiment, 'publishedMaps', overlay);
  const map = new SweepMap(experiment, record, { outcome, at, x: x ?? undefined, y: y ?? undefined, seed });
  requireSlice(map, at);
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
  const trials = (): DataOfFigure => ({ table: trialTable(experiment, record, results), comments: [spec.title, ...linesOf(record)] });
  const shown = { outcome, x: map.x.parameter, y: map.y.parameter, at: map.at, seed, overlay, smoothed };
  return drawnFile(`${record.id}-${outcome}`, spec, { ...provenanceOfSweep(record), ...shown }, trials, drawing);
}

/** @throws LotkaError `bad-input` for an axis that the map has not beside those it shows, or a value that none of its points has */
function requireSlice(map: SweepMap, at: SweepDefinition['parameters']): void {
  const further = Object.keys(map.at);
  const told = Object.entries(at);
  const unknown = told.find(([name]) => !further.includes(name));
  if (unknown)
    throw new LotkaError(
      'bad-input',
      `The sweep has no further axis "${unknown[0]}"; ${further.length === 0 ? 'it has none beside those of the map' : `it has ${further.join(', ')}`}.`,
    );
  const isEmpty = Array.from({ length: map.size }, (_, index) => map.cell(index)).every(({ trials }) => trials.length === 0);
  if (told.length > 0 && isEmpty)
    throw new LotkaError(
      'bad-input',
      `No point of the sweep has ${told.map(([name, value]) => `${name} = ${JSON.stringify(value)}`).join(' and ')}.`,
    );
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
