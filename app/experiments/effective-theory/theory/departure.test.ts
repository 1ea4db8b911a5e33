import { describe, expect, it } from 'vitest';
import { stream } from '#app/numerics/random.ts';
import { compare, fittedTimeScale, spreadSteps } from './departure.ts';
import { flow } from './flow.ts';
import { normalised, taskStructure } from './parallelograms.ts';

const ten = taskStructure('addition', 10);
const random = stream(7, 'test');
const training = random.subset(55, 45);
const start = Array.from({ length: 10 }, random.normal);
const path = flow(ten, training, start, 1, { variant: 'paper', rate: 1e-2 });
const steps = spreadSteps(5000, 101);

describe('departure from the theory', () => {
  it('never comes to a network that follows it, on the clock that it follows', () => {
    const embeddings = steps.map((step) => path.at(3.5 * step));
    expect(fittedTimeScale({ steps, embeddings }, path)).toBeCloseTo(3.5, 2);
    expect(compare({ steps, embeddings }, path, 0.05, 3.5).departure).toBeNull();
    expect(compare({ steps, embeddings }, path, 0.05).departure).not.toBeNull();
  });

  it('is the first step beyond which it stays away', () => {
    const away = normalised([...start].reverse(), 10, 1);
    const embeddings = steps.map((step) => (step === 1000 || step >= 3000 ? away : path.at(step)));
    const comparison = compare({ steps, embeddings }, path, 0.05);
    expect(comparison.distances[steps.indexOf(1000)]).toBeGreaterThan(0.05);
    expect(comparison.departure).toBe(3000);
  });

  it('spreads steps over a run, both ends among them', () => {
    expect(spreadSteps(3, 100)).toEqual([0, 1, 2, 3]);
    expect(spreadSteps(0, 100)).toEqual([0]);
    expect(spreadSteps(1000, 11)).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
  });
});
