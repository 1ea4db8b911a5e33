import { distinctNames } from '#app/compare/names.ts';
import type { Experiment } from '#app/experiments/experiment.ts';
import { partOf } from '#app/experiments/parts.ts';
import type { Contract } from '#app/protocol/contract.ts';
import type { Handlers } from '#app/protocol/define.ts';
import { exportCurves, exportFigure, exportPicture } from '#main/export/index.ts';
import type { Measures } from './measures.ts';
import type { Runs } from './runs.ts';

type ExperimentById = (id: string) => Experiment;

/** A figure of what is recorded so far, with the measures it is drawn from. */
export const exportFigureHandler =
  (runs: Runs, measures: Measures, experimentById: ExperimentById): Handlers<Contract>['export.figure'] =>
  async ({ run, figure: figureId, step, options, ...drawing }, { signal }) => {
    const record = runs.record(run);
    const experiment = experimentById(record.experiment);
    const results: Record<string, unknown> = {};
    for (const measure of partOf(experiment, 'figures', figureId).measures)
      results[measure] = (await measures.of(run, measure, options[measure] ?? {}, signal)).result;
    return exportFigure({ record, run: runs.recorded(run), experiment, figureId, results, step, drawing });
  };

/** What several runs recorded under one name, in one figure. */
export const exportCurvesHandler =
  (runs: Runs, experimentById: ExperimentById): Handlers<Contract>['export.curves'] =>
  ({ runs: wanted, series, x, y, ...drawing }) => {
    const records = wanted.map(({ run }) => runs.record(run));
    const names = distinctNames(
      records.map(({ id, name, experiment, parameters }) => ({
        id,
        name,
        setting: { experiment: experimentById(experiment), parameters },
      })),
    );
    const compared = wanted.map(({ run, slot }, index) => ({
      run: runs.recorded(run),
      record: records[index]!,
      name: names[index]!,
      slot,
    }));
    return exportCurves({ compared, series, axes: { x, y }, drawing });
  };

/** What a 3D picture shows, as a table. */
export const exportPictureHandler =
  (runs: Runs, experimentById: ExperimentById): Handlers<Contract>['export.picture'] =>
  ({ run, picture, step }) => {
    const record = runs.record(run);
    return exportPicture({ record, run: runs.recorded(run), experiment: experimentById(record.experiment), pictureId: picture, step });
  };
