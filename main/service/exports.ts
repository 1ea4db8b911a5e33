import { distinctNames } from '#app/compare/names.ts';
import type { Experiment, Milestone } from '#app/experiments/experiment.ts';
import { partOf } from '#app/experiments/parts.ts';
import type { Contract, RunRecord } from '#app/protocol/contract.ts';
import type { Handlers, ParsedInputOf } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { exportCurves, exportFigure, exportPage, exportPicture } from '#main/export/index.ts';
import type { FilmRequest } from '#app/protocol/film-calls.ts';
import { film, filmFrame, type Filmed } from '#main/films/film.ts';
import type { FilmThread } from '#main/films/film-thread.ts';
import type { Measures } from './measures.ts';
import type { Runs } from './runs.ts';

type ExperimentById = (id: string) => Experiment;

type Wanted = ParsedInputOf<Contract['export.page']>['panels'][number];

/** A figure of what is recorded so far, with the measures it is drawn from. */
async function requested(
  runs: Runs,
  measures: Measures,
  experimentById: ExperimentById,
  { run, figure: figureId, step, options }: Wanted,
  signal: AbortSignal,
) {
  const record = runs.record(run);
  const experiment = experimentById(record.experiment);
  const results: Record<string, unknown> = {};
  for (const measure of partOf(experiment, 'figures', figureId).measures)
    results[measure] = (await measures.of(run, measure, options[measure] ?? {}, signal)).result;
  return { record, run: runs.recorded(run), experiment, figureId, results, step };
}

/** One figure as a file. */
export const exportFigureHandler =
  (runs: Runs, measures: Measures, experimentById: ExperimentById): Handlers<Contract>['export.figure'] =>
  async ({ run, figure, step, options, ...drawing }, { signal }) =>
    exportFigure({ ...(await requested(runs, measures, experimentById, { run, figure, step, options }, signal)), drawing });

/** Several figures on one page. */
export const exportPageHandler =
  (runs: Runs, measures: Measures, experimentById: ExperimentById): Handlers<Contract>['export.page'] =>
  async ({ panels, columns, ...drawing }, { signal }) => {
    const requests = [];
    for (const panel of panels) requests.push(await requested(runs, measures, experimentById, panel, signal));
    return exportPage(requests, columns, drawing);
  };

/** What a film is made of. */
async function filmedRun(
  runs: Runs,
  measures: Measures,
  experimentById: ExperimentById,
  { run, shows, options }: FilmRequest,
  signal: AbortSignal,
): Promise<Filmed> {
  const record = runs.record(run);
  const experiment = experimentById(record.experiment);
  const { results } =
    shows.kind === 'figure' ? await requested(runs, measures, experimentById, { run, figure: shows.id, options }, signal) : { results: {} };
  return { run: runs.recorded(run), record, experiment, results, milestones: runs.milestones(run).map(({ step }) => step) };
}

/** A film of a figure or a picture. */
export const exportFilmHandler = (
  runs: Runs,
  measures: Measures,
  experimentById: ExperimentById,
  openThread?: () => FilmThread,
): Handlers<Contract>['export.film'] =>
  async function* (request, { signal }) {
    yield* film(await filmedRun(runs, measures, experimentById, request, signal), request, signal, openThread);
  };

/** One picture of such a film. */
export const exportFilmFrameHandler =
  (runs: Runs, measures: Measures, experimentById: ExperimentById): Handlers<Contract>['export.filmFrame'] =>
  async ({ share, width, ...request }, { signal }) =>
    filmFrame(await filmedRun(runs, measures, experimentById, request, signal), request, share, width);

/** What several runs recorded under one name, in one figure. */
export const exportCurvesHandler =
  (runs: Runs, experimentById: ExperimentById): Handlers<Contract>['export.curves'] =>
  ({ runs: wanted, series, x, y, event, difference, ...drawing }) => {
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
      eventRow: event === null ? 0 : milestoneOf(runs, records[index]!, event).step,
    }));
    const label = event === null ? null : milestoneOf(runs, records[0]!, event).label;
    return exportCurves({ compared, series, axes: { x, y, event: label, difference }, drawing });
  };

/** @throws LotkaError `bad-input` if the run has no such milestone */
function milestoneOf(runs: Runs, { id, name }: RunRecord, event: string): Milestone {
  const milestones = runs.milestones(id);
  const found = milestones.find((milestone) => milestone.id === event);
  if (found) return found;
  const known = milestones.map((milestone) => milestone.id).join(', ') || 'none';
  throw new LotkaError('bad-input', `${name} (${id}) has no milestone "${event}"; it has ${known}.`);
}

/** What a 3D picture shows, as a drawing or a table. */
export const exportPictureHandler =
  (runs: Runs, experimentById: ExperimentById): Handlers<Contract>['export.picture'] =>
  ({ run, picture, step, view, ...drawing }) => {
    const record = runs.record(run);
    return exportPicture({
      record,
      run: runs.recorded(run),
      experiment: experimentById(record.experiment),
      pictureId: picture,
      step,
      view,
      drawing,
    });
  };
