import { describe, expect, it } from 'vitest';
import golden from './golden.json' with { type: 'json' };
import { principalComponents, project } from './pca.ts';

describe('principalComponents', () => {
  const { rows, columns, matrix, singularValues, axes } = golden.pca;
  it('agrees with NumPy up to sign, and the sign is fixed', () => {
    const components = principalComponents(matrix, rows, columns, 4);
    singularValues.forEach((value, i) => expect(components.singularValues[i]).toBeCloseTo(value, 10));
    axes.forEach((value, i) => expect(Math.abs(components.axes[i])).toBeCloseTo(value, 10));
    for (let axis = 0; axis < 4; axis += 1) {
      const row = [...components.axes.slice(axis * columns, (axis + 1) * columns)];
      expect(Math.max(...row)).toBe(Math.max(...row.map(Math.abs)));
    }
    const mirrored = principalComponents(
      matrix.map((value) => -value),
      rows,
      columns,
      4,
    );
    mirrored.axes.forEach((value, i) => expect(value).toBeCloseTo(components.axes[i], 12));
  });
  it('projects to uncorrelated coordinates whose energy is the singular values', () => {
    const components = principalComponents(matrix, rows, columns, 2);
    const scores = project(components, matrix);
    let [xx, xy] = [0, 0];
    for (let t = 0; t < rows; t += 1) {
      xx += scores[2 * t] ** 2;
      xy += scores[2 * t] * scores[2 * t + 1];
    }
    expect(Math.sqrt(xx)).toBeCloseTo(components.singularValues[0], 10);
    expect(xy).toBeCloseTo(0, 9);
  });
  it('works with more columns than rows', () => {
    const components = principalComponents([1, 2, 3, 4, 5, 9], 2, 3, 5);
    expect(components.count).toBe(2);
    expect(components.singularValues[0]).toBeCloseTo(Math.sqrt((9 + 9 + 36) / 2), 12);
    expect(components.singularValues[1]).toBeCloseTo(0, 12);
  });
});
