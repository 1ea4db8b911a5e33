import { expect, it } from 'vitest';
import type { RecordedRun, SeriesInfo } from '#app/experiments/experiment.ts';
import { overlaidCurves, runKey, sharedSeries } from './curves.ts';

const scalar = (name: string, unit = ''): SeriesInfo => ({ name, label: name, width: 1, unit });

function runOf(id: string, columns: Readonly<Record<string, readonly number[]>>, infos = Object.keys(columns).map((name) => scalar(name))) {
  return {
    id,
    seriesInfo: infos,
    series: (name: string) => ({ width: 1, rows: columns[name]!.length, values: Float64Array.from(columns[name]!) }),
  } as unknown as RecordedRun;
}

it('shares scalar series of the same name and unit only', () => {
  const one = runOf('one', {}, [scalar('loss'), scalar('accuracy'), { ...scalar('signals'), width: 3 }, scalar('rate', '1/step')]);
  const other = runOf('two', {}, [scalar('accuracy'), scalar('loss'), { ...scalar('signals'), width: 3 }, scalar('rate')]);
  expect(sharedSeries([one, other]).map(({ name }) => name)).toEqual(['loss', 'accuracy']);
  expect(sharedSeries([])).toEqual([]);
});

it('draws every run in its own colour over its own steps', () => {
  const compared = [
    { run: runOf('run-one', { loss: [2, 1.5, 1] }), name: 'a', slot: 0 },
    { run: runOf('run-two', { loss: [2, 1.8] }), name: 'b', slot: 4 },
  ];
  const spec = overlaidCurves(compared, 'loss', { x: 'log', y: 'auto' });
  if (typeof spec === 'string') throw new Error(spec);
  expect(spec.x.scale).toBe('log');
  expect(spec.y.scale).toBe('linear');
  expect(spec.marks).toMatchObject([
    { key: runKey('run-one'), label: 'a', colour: 'f1', x: Float64Array.of(0, 1, 2), y: Float64Array.of(2, 1.5, 1) },
    { key: runKey('run-two'), label: 'b', colour: 'f5', y: Float64Array.of(2, 1.8) },
  ]);
});

it.each([
  [[1, 0.5, 0.001], 'log'],
  [[1, 0.5, 0], 'linear'],
  [[1, 0.5, -2000], 'linear'],
  [[1, Infinity, NaN], 'linear'],
])('%o wants a %s axis', (values, scale) => {
  const spec = overlaidCurves([{ run: runOf('run-one', { loss: values }), name: 'a', slot: 0 }], 'loss', { x: 'linear', y: 'auto' });
  expect(typeof spec === 'string' ? spec : spec.y.scale).toBe(scale);
});

it('says what is missing', () => {
  const one = { run: runOf('run-one', { loss: [2] }), name: 'a', slot: 0 };
  const other = { run: runOf('run-two', { rqi: [2, 1] }), name: 'b', slot: 1 };
  expect(overlaidCurves([one], 'loss', { x: 'log', y: 'auto' })).toBe('Nothing is recorded yet.');
  expect(overlaidCurves([one, other], 'loss', { x: 'log', y: 'auto' })).toBe(
    'Not every run records loss; all of them record nothing alike.',
  );
});

it('lays an imported run over its own training steps', () => {
  const dense = runOf('a', { testAccuracy: [0, 0.1, 0.2] });
  const sparse = runOf('b', { trainingStep: [0, 50, 100], testAccuracy: [0, 0.5, 1] });
  const spec = overlaidCurves(
    [
      { run: dense, name: 'a', slot: 0 },
      { run: sparse, name: 'b', slot: 1 },
    ],
    'testAccuracy',
    { x: 'linear', y: 'auto' },
  );
  if (typeof spec === 'string') throw new Error(spec);
  expect(spec.marks.map((mark) => (mark.kind === 'line' ? Array.from(mark.x) : []))).toEqual([
    [0, 1, 2],
    [0, 50, 100],
  ]);
});

it('counts steps from an event that happens early in one run and late in another', () => {
  const early = { run: runOf('early', { loss: [4, 3, 2, 1] }), name: 'early', slot: 0, eventRow: 1 };
  const late = { run: runOf('late', { loss: [4, 4, 3, 3] }), name: 'late', slot: 1, eventRow: 3 };
  const spec = overlaidCurves([early, late], 'loss', { x: 'log', y: 'auto', event: 'generalises' });
  if (typeof spec === 'string') throw new Error(spec);
  expect(spec.x).toMatchObject({ label: 'steps from: generalises', scale: 'linear' });
  expect(spec.marks.map((mark) => (mark.kind === 'line' ? Array.from(mark.x) : []))).toEqual([
    [-1, 0, 1, 2],
    [-3, -2, -1, 0],
  ]);
});

it('draws by how much runs lie above the first, where both have values', () => {
  const dense = { run: runOf('a', { loss: [1, 2, 3, 4] }), name: 'a', slot: 0 };
  const short = { run: runOf('b', { loss: [5, 5] }), name: 'b', slot: 1 };
  const sparse = { run: runOf('c', { trainingStep: [1, 2.5, 9], loss: [10, 10, 10] }), name: 'c', slot: 2 };
  const spec = overlaidCurves([dense, short, sparse], 'loss', { x: 'linear', y: 'log', difference: true });
  if (typeof spec === 'string') throw new Error(spec);
  expect(spec.y.scale).toBe('linear');
  expect(spec.marks.map((mark) => (mark.kind === 'line' ? Array.from(mark.y) : []))).toEqual([
    [0, 0, 0, 0],
    [4, 3],
    [8, 6.5, NaN],
  ]);
  const turned = overlaidCurves([short, dense], 'loss', { x: 'linear', y: 'auto', difference: true });
  if (typeof turned === 'string') throw new Error(turned);
  expect(turned.marks[1]).toMatchObject({ y: Float64Array.of(-4, -3, NaN, NaN) });
});
