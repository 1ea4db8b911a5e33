/** Figures and pictures of runs as files: drawn without a window, each carrying where it came from. */
import { overlaidCurves, type ComparedRun, type CurveAxes } from '#app/compare/curves.ts';
import type { Experiment, RecordedRun } from '#app/experiments/experiment.ts';
import { partOf } from '#app/experiments/parts.ts';
import { toCsv } from '#app/figures/csv.ts';
import { drawnSize, dressed, figureSizes, requireNames, type Drawing } from '#app/figures/drawing.ts';
import { formatInfo } from '#app/figures/formats.ts';
import { withText } from '#app/figures/png.ts';
import { asciiJson, embedInSvg, provenanceLines, provenanceOf, type ExportProvenance } from '#app/figures/provenance.ts';
import type { FigureSpec } from '#app/figures/spec.ts';
import { figureTable, type Table } from '#app/figures/table.ts';
import type { RunRecord } from '#app/protocol/contract.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { drawScene } from '#app/scene/drawing.ts';
import { fontFamily } from './fonts.ts';

export interface ExportedFile {
  /** File name without a folder, e.g. `survival-signals-<run id>.svg`. */
  readonly name: string;
  readonly mime: string;
  readonly bytes: Uint8Array;
}

export interface FigureRequest {
  readonly record: RunRecord;
  readonly run: RecordedRun;
  readonly experiment: Experiment;
  readonly figureId: string;
  /** Results of the measures that the figure names, by id. */
  readonly results: Readonly<Record<string, unknown>>;
  /** Step looked at; the last recorded one unless given. */
  readonly step?: number;
  readonly drawing: Drawing;
}

/**
 * A figure as a drawing, or its data. The same recorded run gives the same bytes.
 * @throws LotkaError `not-found` for an unknown figure, `bad-input` for a step that is not recorded, `conflict` if there is nothing to draw yet
 */
export async function exportFigure(request: FigureRequest): Promise<ExportedFile> {
  const { record, experiment, figureId, drawing } = request;
  const { spec, provenance } = specOf(request, drawing.theme);
  return drawnFile(`${experiment.id}-${figureId}-${record.id}`, spec, provenance, tableOf(spec, [provenance]), drawing);
}

/**
 * A scalar series of several runs in one figure, as a drawing or its data.
 * @throws LotkaError `conflict` if the runs do not share the series or nothing is recorded yet
 */
export async function exportCurves(request: {
  readonly compared: readonly (ComparedRun & { readonly record: RunRecord })[];
  readonly series: string;
  readonly axes: CurveAxes;
  readonly drawing: Drawing;
}): Promise<ExportedFile> {
  const { compared, series, axes, drawing } = request;
  const spec = overlaidCurves(compared, series, axes);
  if (typeof spec === 'string') throw new LotkaError('conflict', `There is nothing to export yet: ${spec}`);
  const provenance = compared.map(({ record, run }) =>
    provenanceOf(record, { kind: 'curve', id: series, step: run.steps }, 'recorded at every step'),
  );
  const name = `compare-${series}-${compared.map(({ record }) => record.id.slice(-4)).join('-')}`;
  return drawnFile(name, spec, provenance, tableOf(spec, provenance), drawing);
}

const tableOf = (spec: FigureSpec, provenance: readonly ExportProvenance[]) => (): DataOfFigure => ({
  table: figureTable(spec),
  comments: [spec.title, ...provenance.flatMap(provenanceLines)],
});

/** Numbers that are drawn, and what is written above them where a file has room for words. */
export interface DataOfFigure {
  readonly table: Table;
  readonly comments: readonly string[];
}

/**
 * @param name without its ending
 * @param provenance what every file carries, each in its own way
 * @param data the numbers of the figure
 */
export async function drawnFile(
  name: string,
  spec: FigureSpec,
  provenance: object,
  data: () => DataOfFigure,
  drawing: Drawing,
): Promise<ExportedFile> {
  const { format, theme, transparent } = drawing;
  const file = (bytes: Uint8Array): ExportedFile => ({ name: `${name}.${format}`, mime: formatInfo[format].mime, bytes });
  if (!formatInfo[format].drawn) return file(await tabulated(data(), provenance, format));
  requireNames(drawing.names, [spec]);
  const { figureSvg } = await import('./svg.ts');
  const shown = dressed(spec, drawing);
  const size = drawnSize(shown, drawing);
  const svg = figureSvg(shown, { theme, ...size, fontFamily, paper: true, transparent });
  return file(await written({ svg, ...size, title: shown.title }, provenance, drawing));
}

/** Numbers in a format for data. */
async function tabulated({ table, comments }: DataOfFigure, provenance: object, format: Drawing['format']): Promise<Uint8Array> {
  if (format === 'npz') return (await import('#app/exports/npz.ts')).toNpz(table, provenance);
  if (format === 'parquet') return (await import('#app/exports/parquet.ts')).toParquet(table, provenance);
  return encoded(toCsv(table, [...comments, `lotka ${asciiJson(provenance)}`]));
}

/** A drawing in a format for drawings. */
async function written(
  { svg, width, height, title }: { svg: string; width: number; height: number; title: string },
  provenance: object,
  { format, fonts, scale }: Drawing,
): Promise<Uint8Array> {
  if (format === 'svg') return encoded(`${embedInSvg(await (await import('./lettering.ts')).lettered(svg, fonts), provenance)}\n`);
  if (format === 'pdf') return (await import('./pdf.ts')).svgToPdf(svg, { width, height }, { title, provenance });
  const { svgToPng } = await import('./png.ts');
  return withText(svgToPng(svg, scale), 'lotka', asciiJson(provenance));
}

/**
 * Figures of one run or of several on one page, with letters.
 * @param columns Panels beside each other.
 * @throws LotkaError as `exportFigure` does, and `bad-input` for a format that holds data
 */
export async function exportPage(
  panels: readonly Omit<FigureRequest, 'drawing'>[],
  columns: number,
  drawing: Drawing,
): Promise<ExportedFile> {
  const { format } = drawing;
  if (!formatInfo[format].drawn)
    throw new LotkaError(
      'bad-input',
      `A page of figures is a drawing: SVG, PDF or PNG. As ${formatInfo[format].label}, export its figures one by one.`,
    );
  const drawn = panels.map((panel) => specOf(panel, drawing.theme));
  const { pageOf } = await import('./page.ts');
  const page = pageOf(
    drawn.map(({ spec }) => spec),
    columns,
    drawing,
    fontFamily,
  );
  const title = drawn.map(({ spec }) => spec.title).join(', ');
  const runs = [...new Set(panels.map(({ record }) => record.id))];
  const bytes = await written(
    { ...page, title },
    drawn.map(({ provenance }) => provenance),
    drawing,
  );
  return { name: `${panels[0]!.experiment.id}-page-${runs.join('-').slice(0, 120)}.${format}`, mime: formatInfo[format].mime, bytes };
}

/** What a figure of a run draws now, and where that came from. */
function specOf({ record, run, experiment, figureId, results, step: asked }: Omit<FigureRequest, 'drawing'>, theme: Drawing['theme']) {
  const figure = partOf(experiment, 'figures', figureId);
  const step = recordedStep(run, asked);
  const spec = figure.draw({ run, results, step, theme });
  if (typeof spec === 'string') throw new LotkaError('conflict', `There is nothing to export of "${figure.title}" yet: ${spec}`);
  return { spec, provenance: provenanceOf(record, { kind: 'figure', id: figureId, step }, figure.source) };
}

/**
 * A 3D picture as a flat drawing, or the positions of every token of every group, relative to the group's own centre.
 * @throws LotkaError `not-found` for an unknown picture, `bad-input` for a step that is not recorded, `conflict` if there is nothing to show yet
 */
export async function exportPicture(request: {
  readonly record: RunRecord;
  readonly run: RecordedRun;
  readonly experiment: Experiment;
  readonly pictureId: string;
  readonly step?: number;
  readonly view?: { readonly azimuth: number; readonly elevation: number };
  readonly drawing: Drawing;
}): Promise<ExportedFile> {
  const { record, run, experiment, pictureId, view, drawing } = request;
  const { format, theme, transparent, letters } = drawing;
  const picture = partOf(experiment, 'pictures', pictureId);
  const step = recordedStep(run, request.step);
  const scene = picture.scene({ run, step });
  if (typeof scene === 'string') throw new LotkaError('conflict', `There is nothing to export of "${picture.label}" yet: ${scene}`);
  const provenance = provenanceOf(record, { kind: 'picture', id: pictureId, step }, experiment.paper.title);
  const name = `${experiment.id}-${pictureId}-${record.id}-step-${step}.${format}`;
  const file = (bytes: Uint8Array): ExportedFile => ({ name, mime: formatInfo[format].mime, bytes });
  if (formatInfo[format].drawn) {
    const { width, height, magnification } = figureSizes[drawing.size];
    const size = { width, height, magnification: magnification * letters };
    const svg = drawScene(scene, { theme, ...size, fontFamily, title: drawing.title, transparent, view });
    return file(await written({ svg, width, height, title: scene.title }, provenance, drawing));
  }
  const rows = scene.groups.flatMap((group) =>
    group.labels.map((token, index) => [token, group.key, ...Array.from(group.positions.subarray(3 * index, 3 * index + 3))]),
  );
  const comments = [
    scene.title,
    scene.subtitle,
    `x: ${scene.axes.x}; y: ${scene.axes.y}; z: ${scene.axes.z}`,
    ...provenanceLines(provenance),
  ];
  return file(await tabulated({ table: { columns: ['token', 'key', 'x', 'y', 'z'], rows }, comments }, provenance, format));
}

function recordedStep(run: RecordedRun, step = run.steps): number {
  if (step > run.steps) throw new LotkaError('bad-input', `Run ${run.id} is recorded from step 0 to ${run.steps}, not at ${step}.`);
  return step;
}

const encoded = (text: string): Uint8Array => new TextEncoder().encode(text);
