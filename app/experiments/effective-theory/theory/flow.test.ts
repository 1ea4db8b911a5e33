import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { stream } from '#app/numerics/random.ts';
import { median, pearson } from '#app/numerics/statistics.ts';
import { degreesOfFreedom, rqi, taskStructure, type Samples } from './parallelograms.ts';
import { effectiveLoss, flow, integrated, lambda3, squaredNorm, stepsToLinear, trainedSpectrum, type Flow } from './flow.ts';

const ten = taskStructure('addition', 10);
const all = ten.samples.map((_, sample) => sample);
const closeness = 0.01;
const order = Array.from({ length: 10 }, (_, k) => k);

/** Random training sets of a size, with a random start each. */
function draws(size: number, count: number, wanted: (training: Samples) => boolean = () => true): { training: Samples; start: number[] }[] {
  const random = stream(size, 'flow-test');
  const found: { training: Samples; start: number[] }[] = [];
  while (found.length < count) {
    const training = random.subset(55, size);
    if (wanted(training)) found.push({ training, start: Array.from({ length: 10 }, () => random.uniform() - 0.5) });
  }
  return found;
}

/** Largest difference of two arrays. */
const largest = (one: ArrayLike<number>, other: ArrayLike<number>): number =>
  Math.max(...Array.from(one, (value, i) => Math.abs(value - other[i])));

/** Classical fourth-order Runge-Kutta, an oracle independent of the closed form and of the adaptive integrator. */
function rungeKutta({ initial, derivative }: Flow, end: number, dt: number, visit: (t: number, x: Float64Array) => void): void {
  const size = initial.length;
  const k = Array.from({ length: 4 }, () => new Float64Array(size));
  const x = initial.slice();
  for (let each = 0; each * dt <= end + dt / 2; each += 1) {
    visit(each * dt, x);
    derivative(0, x, k[0]);
    derivative(
      0,
      x.map((value, i) => value + (dt / 2) * k[0][i]),
      k[1],
    );
    derivative(
      0,
      x.map((value, i) => value + (dt / 2) * k[1][i]),
      k[2],
    );
    derivative(
      0,
      x.map((value, i) => value + dt * k[2][i]),
      k[3],
    );
    for (let i = 0; i < size; i += 1) x[i] += (dt / 6) * (k[0][i] + 2 * k[1][i] + 2 * k[2][i] + k[3][i]);
  }
}

describe('spectrum', () => {
  it('of the full data set has the third eigenvalue (p/2)(p/2 + 1) for even p (check 4)', () => {
    for (const symbols of [4, 6, 8, 10, 12, 20]) {
      const structure = taskStructure('addition', symbols);
      const third = trainedSpectrum(
        structure,
        structure.samples.map((_, sample) => sample),
      )[2];
      expect(Math.abs(third - (symbols / 2) * (symbols / 2 + 1))).toBeLessThan(1e-9);
    }
    expect(lambda3(ten, all)).toBeCloseTo(2 / 21, 12);
    expect(lambda3(ten, all, 2)).toBeCloseTo(1 / 21, 12);
    expect(lambda3(taskStructure('modular', 10), [0, 1])).toBeNaN();
  });

  it('never falls when a sample is added (check 3)', () => {
    fc.assert(
      fc.property(fc.subarray(all, { minLength: 1 }), fc.constantFrom(...all), (training, extra) => {
        const before = trainedSpectrum(ten, training)[2];
        expect(trainedSpectrum(ten, [...new Set([...training, extra])])[2]).toBeGreaterThanOrEqual(before - 1e-9);
      }),
    );
  });
});

describe('closed form and integration (check 5)', () => {
  const { training, start } = draws(40, 1)[0];
  const path = flow(ten, training, start, 1, { variant: 'paper', rate: 1 });

  it('Runge-Kutta agrees to 1e-8 up to t = 100; Z0 and C stay', () => {
    let [error, drift, centre] = [0, 0, 0];
    rungeKutta(path, 100, 0.05, (t, x) => {
      error = Math.max(error, largest(x, path.at(t)));
      drift = Math.max(drift, Math.abs(squaredNorm(x) - path.z0));
      centre = Math.max(centre, Math.abs(x.reduce((sum, value) => sum + value)));
    });
    expect(error).toBeLessThan(1e-8);
    expect(drift).toBeLessThan(1e-9);
    expect(centre).toBeLessThan(1e-10);
  });

  it('so does the adaptive integrator', () => {
    const steps = [0, 1, 10, 50, 100];
    integrated(path, steps).forEach((state, i) => expect(largest(state, path.at(steps[i]))).toBeLessThan(1e-8));
  });

  it('an uncentred start drifts by dC/dt = 2 l0 C / Z0²', () => {
    const shifted = start.map((value) => value + 0.7);
    const drifting = flow(ten, training, shifted, 1, { variant: 'paper', rate: 1, normalise: false });
    const sum = (x: ArrayLike<number>) => Array.from(x).reduce((total, value) => total + value);
    const dt = 1e-4;
    for (const t of [0.001, 1, 10]) {
      const measured = (sum(drifting.at(t + dt / 2)) - sum(drifting.at(t - dt / 2))) / dt;
      const here = drifting.at(t);
      const predicted = (2 * effectiveLoss(ten, training, here, 1) * sum(here)) / squaredNorm(here);
      expect(Math.abs(measured / predicted - 1)).toBeLessThan(1e-3);
    }
  });

  it('descends the effective loss', () => {
    const out = new Float64Array(10);
    path.derivative(0, path.initial, out);
    const dt = 1e-6;
    const nudged = path.initial.map((value, i) => value + dt * out[i]);
    const change = (effectiveLoss(ten, training, nudged, 1) - effectiveLoss(ten, training, path.initial, 1)) / dt;
    expect(change).toBeCloseTo(-squaredNorm(out), 4);
  });

  it("the released code's Euler steps agree with their closed form", () => {
    const released = flow(ten, training, start, 1, { variant: 'code', rate: 1e-3 });
    integrated(released, [0, 100, 5000]).forEach((state, i) => expect(largest(state, released.at([0, 100, 5000][i]))).toBeLessThan(1e-10));
    // All parallelograms act, whatever was trained on.
    const other = flow(ten, [0, 1], start, 1, { variant: 'code', rate: 1e-3 });
    expect(largest(other.at(1000), released.at(1000))).toBe(0);
  });
});

describe('where the linear order is forced (check 6)', () => {
  it('the flow ends on a line, about four times 1 / λ3 after its start', () => {
    const times: number[] = [];
    for (const size of [28, 35, 45, 55])
      for (const { training, start } of draws(size, 25, (set) => degreesOfFreedom(ten, set) === 2)) {
        const path = flow(ten, training, start, 1, { variant: 'paper', rate: 1 });
        const slowest = lambda3(ten, training);
        const final = path.at(60 / slowest);
        expect(rqi(ten, final, 1, closeness)).toBe(1);
        expect(Math.abs(pearson(final, order))).toBeGreaterThan(0.9999);
        times.push(slowest * stepsToLinear(ten, path, closeness, 0.95));
      }
    expect(median(times)).toBeGreaterThan(3.3);
    expect(median(times)).toBeLessThan(4.8);
  });
});

describe('where it is not (check 7)', () => {
  it('the effective loss vanishes but the representation is not linear', () => {
    const found = [12, 16, 20].flatMap((size) => draws(size, 40, (set) => degreesOfFreedom(ten, set) > 2));
    let broken = 0;
    for (const { training, start } of found) {
      const path = flow(ten, training, start, 1, { variant: 'paper', rate: 1 });
      const slowest = path.rates.find((rate) => rate > 1e-9)!;
      const final = path.at(60 / slowest);
      expect(effectiveLoss(ten, training, final, 1)).toBeLessThan(1e-10);
      if (rqi(ten, final, 1, closeness) < 1) broken += 1;
    }
    expect(broken / found.length).toBeGreaterThanOrEqual(0.9);
  });
});

it('says where there is no theory', () => {
  const options = { variant: 'paper', rate: 1 } as const;
  expect(() => flow(taskStructure('modular', 10), [0, 1], order, 1, options)).toThrow('addition');
  expect(() => flow(ten, [0], order, 1, options)).toThrow('no parallelogram');
  expect(() => flow(ten, all, new Float64Array(10).fill(2), 1, options)).toThrow('different places');
  expect(effectiveLoss(taskStructure('permutations', 6), [0], new Float64Array(54), 9)).toBeNaN();
});
