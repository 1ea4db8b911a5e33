import { beforeAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '#app/engine/index.ts';
import type { Experiment, RecordedRun } from '#app/experiments/experiment.ts';
import { experimentById } from '#app/experiments/registry.ts';
import { parseParameters } from '#app/experiments/parameters.ts';
import { survivalParameters } from '#app/experiments/survival/parameters.ts';
import { trainInMemory } from '#app/experiments/survival/testing.ts';
import { readText } from '#app/figures/png.ts';
import { readFromSvg } from '#app/figures/provenance.ts';
import type { RunRecord } from '#app/protocol/contract.ts';
import { carriedBy } from '#app/exports/carried.ts';
import { readNpz } from '#app/datasets/npz.ts';
import { readParquet } from '#app/datasets/parquet.ts';
import { svgToPng } from './png.ts';
import { figureSizes, sizeNames, type Drawing } from '#app/figures/drawing.ts';
import { exportFormats, type ExportFormat } from '#app/figures/formats.ts';
import { exportCurves, exportFigure, exportPage, exportPicture } from './index.ts';

let experiment: Experiment;
let run: RecordedRun;
let record: RunRecord;

beforeAll(() => {
  experiment = experimentById('survival');
  const parameters = survivalParameters.parse(
    parseParameters(experiment, 'fast', { modulus: 13, embeddingWidth: 6, hiddenWidths: [8], steps: 40 }),
  );
  run = trainInMemory(parameters, referenceBackend()).run as unknown as RecordedRun;
  record = {
    format: 1,
    id: 'survival-abc123',
    name: 'small',
    experiment: 'survival',
    preset: 'fast',
    parameters: JSON.parse(JSON.stringify(parameters)) as RunRecord['parameters'],
    status: 'finished',
    message: null,
    step: 40,
    steps: 40,
    seconds: 1,
    headline: {},
    forkedFrom: null,
    provenance: { lotka: '0.1.0', engine: 'abc', backend: 'reference', precision: 'f32', machine: 'test', created: '2026-01-02T03:04:05Z' },
  };
});

const results = (): Record<string, unknown> => ({
  dynamics: experiment.measures
    .find((measure) => measure.id === 'dynamics')!
    .compute(
      run,
      {},
      { firstStep: 0, session: () => Promise.reject(new Error('not needed')), progress: () => undefined, turn: () => Promise.resolve() },
    ),
  'subset-losses': {
    step: 40,
    survivors: [1, 2],
    untouched: 0.1,
    sizes: [1, 2].map((count) => ({
      count,
      subsets: 1,
      tried: 1,
      best: 0.5 / count,
      mean: 0.6 / count,
      worst: 0.9 / count,
      bestSubset: [],
    })),
  },
  ...sectionResults(),
});
/** Sections as their measures give them; what is drawn from is small. */
const sectionResults = (): Record<string, unknown> => {
  const [x, y, norms] = [Float64Array.of(-1, 0, 1), Float64Array.of(-2, 0, 2), new Float64Array(9).fill(1)];
  const values = { train: Float64Array.from(norms, (_, i) => 1 + i), test: Float64Array.from(norms, (_, i) => 2 + i) };
  const positions = Float64Array.of(0, 0.5, 1);
  const path = { steps: Int32Array.of(0, 40), x: Float64Array.of(-1, 0), y: Float64Array.of(1, 0) };
  return {
    'line-section': { curves: [], from: 0, to: 40, positions, values: { train: x.map(Math.abs), test: y.map(Math.abs) }, norms: positions },
    'plane-section': { curves: [], step: 40, directions: 'trajectory', x, y, values, norms, path, explained: [0.8, 0.1] },
  };
};
const usual: Drawing = {
  format: 'svg',
  theme: 'light',
  scale: 2,
  size: 'usual',
  title: null,
  names: {},
  transparent: false,
  letters: 1,
  lines: 1,
  xLimits: null,
  yLimits: null,
  fonts: 'embedded',
};
const exported = (figureId: string, format: ExportFormat, drawing: Partial<Drawing> = {}) =>
  exportFigure({ record, run, experiment, figureId, results: results(), drawing: { ...usual, ...drawing, format } });
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe('figures', () => {
  it('exports every figure in every format, the same bytes each time', async () => {
    for (const { id } of experiment.figures) {
      for (const format of exportFormats) {
        const [one, again] = [await exported(id, format), await exported(id, format)];
        expect(one.name).toBe(`survival-${id}-survival-abc123.${format}`);
        expect(Buffer.compare(one.bytes, again.bytes), `${id} ${format}`).toBe(0);
      }
    }
  });

  it('says in every format which run it shows', async () => {
    for (const format of exportFormats) {
      const { name, bytes } = await exported('signals', format);
      expect(carriedBy(bytes, name), format).toMatchObject({
        kind: 'runs',
        runs: [{ run: 'survival-abc123', engine: 'abc', parameters: { modulus: 13 }, shows: { id: 'signals', step: 40 } }],
      });
    }
  });

  it('writes PDF of vectors and text in fonts that it carries', async () => {
    const pdf = Buffer.from((await exported('signals', 'pdf')).bytes).toString('latin1');
    expect(pdf).toMatch(/^%PDF-1\.7/);
    expect(pdf.match(/\/FontFile2/g)!.length).toBeGreaterThan(0);
    expect(pdf).toMatch(/\/BaseFont \/[A-Z]{6}\+Inter/);
    expect(pdf).not.toMatch(/\/Subtype \/Image|Helvetica/);
  });

  it('writes arrays and columns that read back as what is drawn', async () => {
    const turn = () => Promise.resolve();
    const csv = text((await exported('signals', 'csv')).bytes)
      .split('\r\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    const [head, ...rows] = csv.map((line) => line.split(','));
    const parquet = await readParquet((await exported('signals', 'parquet')).bytes, 'a.parquet', turn);
    expect(parquet.columns.map(({ name }) => name)).toEqual(head);
    expect(parquet.columns.map((column) => column.cell(10))).toEqual(rows[10]!.map(Number));
    const npz = await readNpz((await exported('signals', 'npz')).bytes, 'a.npz', ['step'], turn);
    expect(npz.rows).toBe(rows.length);
    expect(npz.columns[0]!.cell(10)).toBe(Number(rows[10]![0]));
  });

  it('writes letters of an SVG in fonts that it carries, as outlines, or in fonts that it names', async () => {
    const drawn = async (fonts: Drawing['fonts']) =>
      text((await exported('signals', 'svg', { fonts, title: 'Ångström λ < 1 & 10⁻⁵' })).bytes);
    const [embedded, outlined, named] = [await drawn('embedded'), await drawn('outlined'), await drawn('named')];
    for (const svg of [embedded, named]) expect(svg).toContain('Ångström λ &lt; 1 &amp; 10⁻⁵</text>');
    expect(named).not.toContain('@font-face');
    const fonts = [...embedded.matchAll(/font-weight:(\d+);src:url\(data:font\/woff2;base64,([\w+/=]+)\)/g)];
    expect(fonts.map(([, weight]) => weight)).toEqual(['400', '600']);
    for (const [, , data] of fonts) {
      const bytes = Buffer.from(data!, 'base64');
      expect(bytes.toString('latin1', 0, 4)).toBe('wOF2');
      expect(bytes.length).toBeLessThan(20_000);
    }
    expect(outlined).not.toMatch(/<text|<style|font-family/);
    expect(outlined).toContain('<title>Ångström λ &lt; 1 &amp; 10⁻⁵</title>');
    expect(carriedBy(new TextEncoder().encode(outlined), 'a.svg')).toMatchObject({ kind: 'runs' });
    const pixels = (svg: string) => Buffer.from(svgToPng(svg, 1));
    expect(Buffer.compare(pixels(embedded), pixels(named))).toBe(0);
  });

  it('draws letters and lines as large, and axes as long, as asked', async () => {
    const svg = async (drawing: Partial<Drawing>) => text((await exported('losses', 'svg', { ...drawing, fonts: 'named' })).bytes);
    const widths = (of: string) => new Set([...of.matchAll(/stroke-width="([\d.]+)"/g)].map(([, width]) => Number(width)));
    expect(widths(await svg({ lines: 2 }))).toContain(3);
    expect(widths(await svg({}))).not.toContain(3);
    const box = (of: string) => /viewBox="[-\d.]+ [-\d.]+ ([\d.]+) /.exec(of)![1];
    expect(Number(box(await svg({})))).toBe(2 * Number(box(await svg({ letters: 2 }))));
    const limited = await svg({ xLimits: [10, 20], yLimits: [0.5, 3] });
    expect(limited).toContain('clip-path');
    expect(limited).toMatch(/>10<\/text>/);
    expect(limited).not.toBe(await svg({}));
    await expect(exported('losses', 'png', { xLimits: [5, 5] })).rejects.toThrow(
      /^Ends of the horizontal axis \(step\) are 5 and 5; the second/,
    );
    await expect(exported('losses', 'png', { xLimits: [0, 5] })).rejects.toThrow(/logarithmic, so both have to be above 0/);
    await expect(exported('coupling', 'png', { yLimits: [0, 5] })).rejects.toThrow(/counts rows or columns/);
  });

  it('writes SVG that parses, stands alone and knows its run', async () => {
    const svg = text((await exported('signals', 'svg')).bytes);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg.replace(/data:[^)]*/g, 'data:')).not.toMatch(/NaN|undefined|href=|url\((?!data:|#)/);
    expect(svg.match(/<path[^>]*data-key="k=\d"/g)).toHaveLength(6);
    expect(readFromSvg(svg)).toMatchObject({
      run: 'survival-abc123',
      engine: 'abc',
      shows: { id: 'signals', step: 40 },
      parameters: { modulus: 13 },
    });
  });

  it('writes PNG of the size asked for, with text set in the bundled fonts and provenance inside', async () => {
    const { bytes, mime } = await exported('signals', 'png');
    expect([...bytes.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    expect([mime, view.getUint32(16), view.getUint32(20)]).toEqual(['image/png', 1120, 720]);
    expect(JSON.parse(readText(bytes, 'lotka')!)).toMatchObject({ run: 'survival-abc123', parameters: { modulus: 13, steps: 40 } });
  });

  it('writes CSV that gives back the recorded doubles, the start included', async () => {
    const lines = text((await exported('signals', 'csv')).bytes)
      .trimEnd()
      .split('\r\n');
    const [header, ...rows] = lines.filter((line) => !line.startsWith('#')).map((line) => line.split(','));
    expect(lines.filter((line) => line.startsWith('# run survival-abc123'))).toHaveLength(1);
    expect(rows).toHaveLength(41);
    const { values, width } = run.series('signals');
    header.slice(1).forEach((name, place) => {
      const column = Number(name.replace('k = ', '')) - 1;
      rows.forEach((row, step) => expect(Object.is(Number(row[place + 1]), values[step * width + column])).toBe(true));
    });
  });

  it('is as large as was chosen, its letters as well, with another title or none, and nothing behind it', async () => {
    const sizeOf = (svg: string) => ['width', 'height'].map((name) => Number(new RegExp(`<svg[^>]* ${name}="([\\d.]+)"`).exec(svg)![1]));
    for (const size of sizeNames) {
      const svg = text((await exported('signals', 'svg', { size })).bytes);
      const { width, height, magnification } = figureSizes[size];
      expect(sizeOf(svg), size).toEqual([width, height]);
      const [, , across] = /viewBox="([^"]*)"/.exec(svg)![1]!.split(' ').map(Number) as [number, number, number];
      expect(width / across).toBeCloseTo(magnification, 2);
    }
    const renamed = text((await exported('losses', 'svg', { names: { train: 'on what it <saw>', test: '' } })).bytes);
    expect(renamed).toContain('on what it &lt;saw&gt;');
    expect(renamed).not.toMatch(/>test</);
    await expect(exported('losses', 'svg', { names: { constructor: 'x' } })).rejects.toThrow(
      'There is nothing called "constructor" in this figure; it has "guessing", "train", "test".',
    );
    const named = text((await exported('signals', 'svg', { title: 'My <own>' })).bytes);
    expect(named).toContain('My &lt;own&gt;');
    expect(text((await exported('signals', 'svg', { transparent: true })).bytes)).toMatch(/<rect[^>]* fill="none"/);
    expect(text((await exported('signals', 'svg')).bytes)).not.toMatch(/<rect[^>]*x="-12"[^>]* fill="none"/);
    const [small, large] = await Promise.all([1, 4].map(async (scale) => (await exported('signals', 'png', { scale })).bytes));
    expect(new DataView(large!.buffer, large!.byteOffset).getUint32(16)).toBe(
      4 * new DataView(small!.buffer, small!.byteOffset).getUint32(16),
    );
  });

  it('refuses what is not there with a sentence', async () => {
    await expect(exported('nothing', 'svg')).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('signals, gradient-scatter') as string,
    });
    await expect(exportFigure({ record, run, experiment, figureId: 'coupling', results: {}, drawing: usual })).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});

it('puts figures on one page, each with its letter, and says of all where they came from', async () => {
  const panel = (figureId: string) => ({ record, run, experiment, figureId, results: results() });
  const page = (format: ExportFormat, drawing: Partial<Drawing> = {}) =>
    exportPage(['signals', 'losses', 'coupling'].map(panel), 2, { ...usual, size: 'page', ...drawing, format });
  const { name, bytes } = await page('svg', { fonts: 'named' });
  expect(name).toBe('survival-page-survival-abc123.svg');
  const svg = text(bytes);
  expect([...svg.matchAll(/>\((\w)\) /g)].map(([, letter]) => letter)).toEqual(expect.arrayContaining(['a', 'b', 'c']));
  const boxes = [...svg.matchAll(/<svg x="([\d.]+)" y="([\d.]+)"[^>]* width="([\d.]+)" height="([\d.]+)"/g)].map((box) =>
    box.slice(1).map(Number),
  );
  const [first, second, third] = boxes as [number[], number[], number[]];
  expect(first.slice(0, 2)).toEqual([0, 0]);
  expect(second[0]! + second[2]!).toBeCloseTo(figureSizes.page.width, 0);
  expect(third[0]).toBe(0);
  expect(third[1]).toBeGreaterThanOrEqual(first[3]!);
  // Beside each other they are of one height, and no title is cut however narrow they are.
  expect(second[3]).toBe(first[3]);
  expect(text((await page('svg', { fonts: 'named', letters: 1.5 })).bytes)).not.toContain('…');
  const ids = [...svg.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const [, used] of svg.matchAll(/url\(#([^)]+)\)/g)) expect(ids).toContain(used);
  for (const format of ['svg', 'pdf', 'png'] as const)
    expect(carriedBy((await page(format)).bytes, `a.${format}`), format).toMatchObject({
      runs: [{ shows: { id: 'signals' } }, { shows: { id: 'losses' } }, { shows: { id: 'coupling' } }],
    });
  await expect(page('csv')).rejects.toThrow(/^A page of figures is a drawing/);
});

it('exports what runs have in common, with where each came from', async () => {
  const other = { ...record, id: 'survival-def456', name: 'other' };
  const curves = (series: string, format: ExportFormat) =>
    exportCurves({
      compared: [
        { run, record, name: record.name, slot: 0 },
        {
          run: { ...run, id: other.id, seriesInfo: run.seriesInfo, series: (name) => run.series(name) },
          record: other,
          name: other.name,
          slot: 3,
        },
      ],
      series,
      axes: { x: 'linear', y: 'auto' },
      drawing: { ...usual, format },
    });
  const scalar = run.seriesInfo.find(({ width }) => width === 1)!.name;
  const file = await curves(scalar, 'svg');
  expect(file.name).toBe(`compare-${scalar}-c123-f456.svg`);
  const svg = text(file.bytes);
  expect(svg.match(/<path[^>]*data-key="run survival-/g)).toHaveLength(2);
  expect(readFromSvg(svg)).toMatchObject([{ run: 'survival-abc123', shows: { kind: 'curve', id: scalar } }, { run: 'survival-def456' }]);
  const csv = text((await curves(scalar, 'csv')).bytes);
  expect(csv.match(/^# run survival-/gm)).toHaveLength(2);
  expect(csv).toMatch(/^step,small,other\r?$/m);
  await expect(curves('signals', 'png')).rejects.toMatchObject({ code: 'conflict' });
});

it('exports a picture as the positions of its tokens', async () => {
  const { name, bytes } = await exportPicture({ record, run, experiment, pictureId: 'pca', drawing: { ...usual, format: 'csv' } });
  expect(name).toBe('survival-pca-survival-abc123-step-40.csv');
  const rows = text(bytes)
    .trimEnd()
    .split('\r\n')
    .filter((line) => !line.startsWith('#'));
  expect(rows[0]).toBe('token,key,x,y,z');
  expect(rows).toHaveLength(14);
  expect(
    rows.slice(1).every((row) =>
      row
        .split(',')
        .slice(2)
        .every((value) => Number.isFinite(Number(value))),
    ),
  ).toBe(true);
});

it('exports a picture as a flat drawing of points, lines and words, from where it is seen', async () => {
  const picture = (format: ExportFormat, more: object = {}) =>
    exportPicture({ record, run, experiment, pictureId: 'rings', drawing: { ...usual, fonts: 'named', format }, ...more });
  const svg = text((await picture('svg')).bytes);
  const scene = experiment.pictures.find(({ id }) => id === 'rings')!.scene({ run, step: run.steps });
  if (typeof scene === 'string') throw new Error(scene);
  const points = scene.groups.reduce((sum, { labels }) => sum + labels.length, 0);
  const circles = [...svg.matchAll(/<circle cx="([-\d.]+)" cy="([-\d.]+)" r="([\d.]+)"/g)].map((circle) => circle.slice(1).map(Number));
  expect(circles).toHaveLength(points);
  for (const [x, y] of circles) {
    expect(x! >= 0 && x! <= figureSizes.usual.width).toBe(true);
    expect(y! >= 0 && y! <= figureSizes.usual.height).toBe(true);
  }
  expect(svg.match(/<line /g)).toHaveLength(scene.groups.reduce((sum, { links }) => sum + links.length / 2, 0));
  expect(svg).toContain(scene.title);
  expect(svg).not.toMatch(/NaN|undefined/);
  const above = { azimuth: 0, elevation: 1.5 };
  expect(text((await picture('svg', { view: above })).bytes)).not.toBe(svg);
  for (const format of exportFormats) {
    const [one, again] = [await picture(format), await picture(format)];
    expect(Buffer.compare(one.bytes, again.bytes), format).toBe(0);
    expect(carriedBy(one.bytes, one.name), format).toMatchObject({ runs: [{ shows: { kind: 'picture', id: 'rings', step: 40 } }] });
  }
});
