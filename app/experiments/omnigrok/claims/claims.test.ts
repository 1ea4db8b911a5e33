import { describe, expect, it } from 'vitest';
import { parametersKey } from '#app/runs/record.ts';
import { omnigrokParameters, type OmnigrokParameters } from '../parameters.ts';
import { firstAtLeast, having, middle, ofSeed, repetitions, seeds, spread, valueAt, type OmnigrokRun } from './evidence.ts';
import { omnigrokClaims } from './index.ts';

/** All runs of a sample, each set of parameters once. */
const planned = (quick: boolean): OmnigrokParameters[] => [
  ...new Map(omnigrokClaims.flatMap((claim) => claim.plan({ quick })).map((run) => [parametersKey(run), run])).values(),
];

/** Milliseconds of a step with its looks at the test samples, on one core. */
const milliseconds: Readonly<Partial<Record<OmnigrokParameters['task'], number>>> = {
  'teacher-student': 0.4,
  digits: 1.2,
  'modular-addition': 1.2,
};

/** A run whose series are given. */
const runOf = (parameters: Partial<OmnigrokParameters>, series: Readonly<Record<string, readonly number[]>>): OmnigrokRun => ({
  id: 'made',
  experiment: 'omnigrok',
  parameters: omnigrokParameters.parse(parameters),
  steps: Object.values(series)[0].length - 1,
  seriesInfo: [],
  series: (name) => ({ width: 1, rows: series[name].length, values: Float64Array.from(series[name]) }),
  frame: () => {
    throw new RangeError('no frames');
  },
  frameSteps: () => [],
});

describe('claims', () => {
  it('have distinct ids and plan runs that can be trained', () => {
    expect(new Set(omnigrokClaims.map(({ id }) => id)).size).toBe(omnigrokClaims.length);
    for (const claim of omnigrokClaims)
      for (const quick of [true, false])
        for (const run of claim.plan({ quick })) expect(omnigrokParameters.parse(run), claim.id).toEqual(run);
  });

  it('fit their budgets on two cores: quick in 5 minutes, full in an hour', () => {
    const minutes = (quick: boolean) =>
      planned(quick).reduce((sum, { task, steps }) => sum + steps * milliseconds[task]!, 0) / 1000 / 2 / 60;
    expect(minutes(true)).toBeLessThan(4.5);
    expect(minutes(false)).toBeLessThan(50);
  });

  it('share their free runs, and are checked on several seeds', () => {
    const plan = (id: string, quick = false) => omnigrokClaims.find((claim) => claim.id === id)!.plan({ quick });
    const timed = new Set(plan('time-inverse-in-decay').map(parametersKey));
    for (const run of plan('norm-decays-to-critical')) expect(timed).toContain(parametersKey(run));
    const grokked = new Set(plan('addition-groks').map(parametersKey));
    for (const run of plan('addition-norm')) expect(grokked).toContain(parametersKey(run));
    for (const claim of omnigrokClaims.filter(({ id }) => id !== 'official-landscape'))
      for (const quick of [true, false])
        expect(new Set(claim.plan({ quick }).map(({ networkSeed }) => networkSeed)).size, claim.id).toBe(repetitions({ quick }));
  });

  it('of the official table hold for the table itself, and not for another', async () => {
    const claim = omnigrokClaims.find(({ id }) => id === 'official-landscape')!;
    const table = { 0.1: 1.64e-2, 1: 7.8e-5, 10: 9.62 } as Readonly<Record<number, number>>;
    const runs = (factor: number) =>
      claim.plan({ quick: true }).map((parameters) => runOf(parameters, { testLoss: [1, factor * table[parameters.initialScale]] }));
    expect(await claim.check(runs(1.5), [])).toMatchObject({ holds: true, measured: '0.1: 1.5; 1: 1.5; 10: 1.5' });
    expect(await claim.check(runs(4), [])).toMatchObject({ holds: false });
  });

  it('fail where networks never do what is claimed', async () => {
    for (const claim of omnigrokClaims) {
      const idle = claim
        .plan({ quick: true })
        .map((parameters) =>
          runOf(parameters, { trainLoss: [1, 1], testLoss: [1, 1], trainAccuracy: [0.1, 0.1], testAccuracy: [0.1, 0.1], norm: [20, 20] }),
        );
      const { holds, measured } = await claim.check(idle, []);
      expect(holds, claim.id).toBe(false);
      expect(measured, claim.id).not.toMatch(/NaN|Infinity|undefined/);
    }
  });
});

describe('evidence', () => {
  it('counts what never happened as later than anything', () => {
    expect(middle([3, null, 1])).toBe(3);
    expect(middle([null, null, 1])).toBe(Infinity);
    expect(middle([1, 4])).toBe(2.5);
    expect(spread([3, null, 1])).toBe('3 (1 to 3, 1 never)');
    expect(spread([null, null, 1])).toBe('never (1 to 1, 2 never)');
    expect(spread([null])).toBe('never');
    expect(spread([2])).toBe('2');
  });

  it('reads only what was measured', () => {
    const run = runOf({}, { testAccuracy: [0.1, NaN, 0.5, NaN, 0.9, NaN] });
    expect(firstAtLeast(run, 'testAccuracy', 0.5)).toBe(2);
    expect(firstAtLeast(run, 'testAccuracy', 0.95)).toBeNull();
    expect(valueAt(run, 'testAccuracy', 3)).toBe(0.5);
    expect(valueAt(run, 'testAccuracy')).toBe(0.9);
  });

  it('finds runs by their parameters', () => {
    const runs = seeds(3, { initialScale: 2, hiddenWidths: [7] }).map((parameters) => runOf(parameters, { norm: [1] }));
    expect(having(runs, { hiddenWidths: [7] })).toHaveLength(3);
    expect(ofSeed(runs, 1, { initialScale: 2 }).parameters).toMatchObject({ networkSeed: 1, dataSeed: 1, teacherSeed: 1, batchSeed: 1 });
    expect(() => ofSeed(runs, 5, {})).toThrow('no run of seed 5');
  });
});
