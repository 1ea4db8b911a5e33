import type { Experiment } from '#app/experiments/experiment.ts';
import type { Contract } from '#app/protocol/contract.ts';
import type { Handlers } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { exportFigure, exportPicture } from '#main/export/index.ts';
import type { Pool } from '#main/workers/pool.ts';
import { measured } from './measures.ts';
import type { Runs } from './runs.ts';

type ExperimentById = (id: string) => Experiment;

/** A figure of what is recorded so far, with the measures it is drawn from. */
export const exportFigureHandler =
  (runs: Runs, pool: Pool, experimentById: ExperimentById): Handlers<Contract>['export.figure'] =>
  async ({ run, figure: figureId, step, format, theme, scale }, { signal }) => {
    const record = runs.record(run);
    const experiment = experimentById(record.experiment);
    const figure = experiment.figures.find((candidate) => candidate.id === figureId);
    if (!figure)
      throw new LotkaError(
        'not-found',
        `${experiment.id} has no figure "${figureId}"; it has ${experiment.figures.map((candidate) => candidate.id).join(', ')}.`,
      );
    const results: Record<string, unknown> = {};
    for (const measure of figure.measures) results[measure] = (await measured(runs, pool, run, measure, {}, signal)).result;
    return exportFigure({ record, run: runs.recorded(run), experiment, figureId, results, step, format, theme, scale });
  };

/** What a 3D picture shows, as a table. */
export const exportPictureHandler =
  (runs: Runs, experimentById: ExperimentById): Handlers<Contract>['export.picture'] =>
  ({ run, picture, step }) => {
    const record = runs.record(run);
    return exportPicture({ record, run: runs.recorded(run), experiment: experimentById(record.experiment), pictureId: picture, step });
  };
