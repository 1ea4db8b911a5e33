import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stream } from '#app/numerics/random.ts';
import { dot, filterNormalized, layoutOf, planeOfPath } from './weights.ts';

const parameter = (name: string, shape: readonly number[], trainable = true) => ({
  name,
  shape,
  size: shape.reduce((a, b) => a * b, 1),
  trainable,
  group: 'default',
});

describe('the vector of all weights', () => {
  it('has trainable parameters one after the other', () => {
    const layout = layoutOf([parameter('a', [2, 3]), parameter('frozen', [9], false), parameter('b', [4])]);
    expect(layout.size).toBe(10);
    expect(layout.parts.map(({ name, from, to }) => [name, from, to])).toEqual([
      ['a', 0, 6],
      ['b', 6, 10],
    ]);
  });
});

describe('a filter-normalised direction', () => {
  const layout = layoutOf([parameter('embedding', [3, 4]), parameter('weight', [4, 5]), parameter('bias', [5])]);
  const weights = Float64Array.from({ length: layout.size }, (_, i) => ((i * 7) % 11) - 5);
  const direction = filterNormalized(weights, layout, 3, 'test', ['embedding']);
  const length = (values: Float64Array, places: number[]) => Math.hypot(...places.map((place) => values[place]));

  it('has rows of tables and columns of matrices as long as those of the network', () => {
    for (let row = 0; row < 3; row += 1) {
      const places = [0, 1, 2, 3].map((column) => 4 * row + column);
      expect(length(direction, places)).toBeCloseTo(length(weights, places), 12);
    }
    for (let column = 0; column < 5; column += 1) {
      const places = [0, 1, 2, 3].map((row) => 12 + 5 * row + column);
      expect(length(direction, places)).toBeCloseTo(length(weights, places), 12);
    }
  });

  it('leaves biases alone, and grows with the network', () => {
    expect([...direction.subarray(32)]).toEqual([0, 0, 0, 0, 0]);
    const larger = filterNormalized(
      weights.map((value) => 3 * value),
      layout,
      3,
      'test',
      ['embedding'],
    );
    larger.forEach((value, i) => expect(value).toBeCloseTo(3 * direction[i], 12));
  });

  it('is another for every seed and purpose, and the same again', () => {
    expect(filterNormalized(weights, layout, 3, 'test', ['embedding'])).toEqual(direction);
    expect(filterNormalized(weights, layout, 4, 'test', ['embedding'])).not.toEqual(direction);
    expect(filterNormalized(weights, layout, 3, 'other', ['embedding'])).not.toEqual(direction);
  });

  it('does not move filters that are zero', () => {
    expect(filterNormalized(new Float64Array(layout.size), layout, 3, 'test').every((value) => value === 0)).toBe(true);
  });
});

describe('the plane of a path', () => {
  it('holds a path that lies in a plane, whatever the plane', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 3, max: 40 }), fc.integer({ min: 3, max: 9 }), (seed, size, points) => {
        const random = stream(seed, 'plane');
        const draw = () => Float64Array.from({ length: size }, () => random.normal());
        const [origin, a, b] = [draw(), draw(), draw()];
        const path = Array.from({ length: points }, () => {
          const [s, t] = [random.normal(), random.normal()];
          return origin.map((value, i) => value + s * a[i] + t * b[i]);
        });
        const { axes, explained } = planeOfPath(path, origin)!;
        expect(explained[0] + explained[1]).toBeCloseTo(1, 9);
        expect(explained[0]).toBeGreaterThanOrEqual(explained[1]);
        expect(dot(axes[0], axes[0])).toBeCloseTo(1, 9);
        expect(dot(axes[0], axes[1])).toBeCloseTo(0, 6);
        for (const weights of path) {
          const difference = weights.map((value, i) => value - origin[i]);
          const [x, y] = axes.map((axis) => dot(difference, axis));
          difference.forEach((value, i) => expect(value).toBeCloseTo(x * axes[0][i] + y * axes[1][i], 6));
        }
      }),
    );
  });

  it('of a straight way has no second direction, and there is none without a way', () => {
    const origin = Float64Array.of(0, 0, 0);
    const plane = planeOfPath([Float64Array.of(1, 2, -2), Float64Array.of(2, 4, -4), origin], origin)!;
    expect([...plane.axes[0]].map((value) => Number(value.toFixed(12)))).toEqual(
      [1 / 3, 2 / 3, -2 / 3].map((value) => Number(value.toFixed(12))),
    );
    expect([...plane.axes[1]]).toEqual([0, 0, 0]);
    expect(plane.explained).toEqual([expect.closeTo(1, 12), 0]);
    expect(planeOfPath([origin, origin], origin)).toBeNull();
  });
});
