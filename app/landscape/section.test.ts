import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { wasmBackend } from '#app/engine/index.ts';
import { compileKernels } from '#app/engine/kernels/compile.mjs';
import type { Session } from '#app/engine/types.ts';
import type { Experiment, MeasureContext, Parameters } from '#app/experiments/experiment.ts';
import { parseParameters } from '#app/experiments/parameters.ts';
import { partOf } from '#app/experiments/parts.ts';
import { experimentById } from '#app/experiments/registry.ts';
import { trainInMemory } from '#app/experiments/testing.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { pathSteps, resolutions, type LineSection, type PlaneSection } from './section.ts';

const backend = wasmBackend(await readFile((await compileKernels()).wasm));

/** What sections show of a small run, with the series that recorded the same. */
const cases = [
  {
    id: 'survival',
    parameters: { modulus: 13, embeddingWidth: 8, hiddenWidths: [16], steps: 120 },
    series: { train: 'trainLoss', test: 'testLoss' },
  },
  { id: 'effective-theory', parameters: { steps: 200 }, series: { train: 'trainLoss', test: 'testLoss' } },
] as const;

describe.each(cases)('sections of $id', ({ id, parameters, series }) => {
  const experiment: Experiment = experimentById(id);
  const { run, context } = trainInMemory(experiment, parseParameters(experiment, null, parameters as Parameters), backend);
  const of = async <R>(measure: string, options: object, given: MeasureContext = context): Promise<R> => {
    const found = partOf(experiment, 'measures', measure);
    return (await found.compute(run, found.options.parse(options), given)) as R;
  };

  it('on the line between two steps have the recorded losses at its ends', async () => {
    const line = await of<LineSection>('line-section', { resolution: 13, beyond: 0.25 });
    expect([line.from, line.to]).toEqual([0, run.steps]);
    expect([line.positions[0], line.positions[2], line.positions[10], line.positions[12]].map((s) => s.toFixed(3))).toEqual([
      '-0.250',
      '0.000',
      '1.000',
      '1.250',
    ]);
    for (const [curve, name] of Object.entries(series)) {
      const recorded = run.series(name).values;
      expect(line.values[curve][2]).toBeCloseTo(recorded[0], 5);
      expect(line.values[curve][10]).toBeCloseTo(recorded[run.steps], 5);
      expect(line.barriers[curve]).toBeGreaterThanOrEqual(0);
    }
    expect(line.norms[2]).toBeGreaterThan(0);
    expect(line.angle).toBeGreaterThan(0);
    expect(line.angle).toBeLessThan(180);
  });

  it('run backwards are the mirror image', async () => {
    const forwards = await of<LineSection>('line-section', { from: 20, to: 100, resolution: 9 });
    const backwards = await of<LineSection>('line-section', { from: 100, to: 20, resolution: 9 });
    for (const curve of Object.keys(series))
      forwards.values[curve].forEach((value, i) => expect(backwards.values[curve][8 - i]).toBeCloseTo(value, 5));
  });

  it.each(['trajectory', 'random'] as const)('on the plane of directions %s have the recorded loss at the network', async (directions) => {
    const plane = await of<PlaneSection>('plane-section', { directions, resolution: 5, reach: 0.5 });
    const [x, y] = [plane.path.x.at(-1)!, plane.path.y.at(-1)!];
    expect([x, y]).toEqual([expect.closeTo(0, 9), expect.closeTo(0, 9)]);
    expect(plane.path.steps.at(-1)).toBe(run.steps);
    if (directions === 'random') {
      expect(plane.x[2]).toBe(0);
      for (const [curve, name] of Object.entries(series))
        expect(plane.values[curve][12]).toBeCloseTo(run.series(name).values[run.steps], 5);
    } else {
      expect(plane.explained[0]).toBeGreaterThan(plane.explained[1]);
      expect(plane.explained[0] + plane.explained[1]).toBeGreaterThan(0.8);
      expect(Math.min(...plane.path.x)).toBeGreaterThan(plane.x[0] - (plane.x[4] - plane.x[0]));
    }
  });

  it('grow finer on the same places', async () => {
    const coarse = await of<PlaneSection>('plane-section', { directions: 'random', resolution: 5, seed: 4 });
    const fine = await of<PlaneSection>('plane-section', { directions: 'random', resolution: 9, seed: 4 });
    for (let row = 0; row < 5; row += 1)
      for (let column = 0; column < 5; column += 1)
        expect(fine.values.train[18 * row + 2 * column]).toBe(coarse.values.train[5 * row + column]);
  });

  it('stop when they are cancelled, and leave no session open', async () => {
    let open = 0;
    const counted: MeasureContext = {
      ...context,
      async session(step): Promise<Session> {
        const session = await context.session(step);
        open += 1;
        return new Proxy(session, {
          get: (target, name) => {
            if (name === 'dispose') open -= 1;
            const value: unknown = Reflect.get(target, name, target);
            return typeof value === 'function' ? (value.bind(target) as unknown) : value;
          },
        });
      },
      progress(fraction) {
        if (fraction > 0.5) throw new LotkaError('cancelled', 'It was cancelled.');
      },
    };
    for (const measure of ['line-section', 'plane-section'])
      await expect(of(measure, { resolution: 9 }, counted)).rejects.toMatchObject({ code: 'cancelled' });
    expect(open).toBe(0);
  });

  it('refuse what is no section', async () => {
    await expect(of('line-section', { from: 50, to: 50 })).rejects.toThrow('A line needs two steps that differ; both are 50.');
    await expect(of('plane-section', { step: 0 })).rejects.toThrow(/does not move up to step 0/);
    for (const resolution of [4, 8, 999])
      expect(() => partOf(experiment, 'measures', 'plane-section').options.parse({ resolution })).toThrow('odd');
  });
});

it('looks at the network more often at first', () => {
  expect(pathSteps(0, 144)).toEqual([0, 1, 4, 9, 16, 25, 36, 49, 64, 81, 100, 121, 144]);
  expect(pathSteps(7, 9)).toEqual([7, 8, 9]);
  expect(pathSteps(5, 5)).toEqual([5]);
});

it('has resolutions of which each has the points of the one before', () => {
  resolutions.slice(1).forEach((resolution, i) => expect(resolution - 1).toBe(2 * (resolutions[i] - 1)));
});
