/**
 * Lines of equal value over a grid of cells (marching squares on the middles of the cells).
 * @param values rows x columns, row-major; NaN where there is none, and no line goes through there
 * @returns pieces, four numbers each: x, y to x, y, in cells from the middle of the first one
 */
export function isoLine(values: ArrayLike<number>, columns: number, level: number): number[] {
  const pieces: number[] = [];
  const rows = Math.floor(values.length / columns);
  for (let row = 0; row + 1 < rows; row += 1) {
    for (let column = 0; column + 1 < columns; column += 1) {
      const at = row * columns + column;
      const corners = [values[at], values[at + 1], values[at + columns + 1], values[at + columns]];
      if (corners.some((value) => Number.isNaN(value))) continue;
      const crossings = crossingsOf(corners, level, column, row);
      if (crossings.length === 2) pieces.push(...crossings[0], ...crossings[1]);
      if (crossings.length < 4) continue;
      // A saddle: the middle says which corners belong together.
      const middle = corners.reduce((sum, value) => sum + value, 0) / 4 >= level;
      const [first, second] = corners[0] >= level === middle ? [1, 3] : [3, 1];
      pieces.push(...crossings[0], ...crossings[first], ...crossings[2], ...crossings[second]);
    }
  }
  return pieces;
}

const sides = [
  [0, 1],
  [1, 2],
  [2, 3],
  [3, 0],
] as const;
const places = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
] as const;

/** Where the level crosses the sides of a square of cells, clockwise from the top. */
function crossingsOf(corners: readonly number[], level: number, column: number, row: number): [number, number][] {
  return sides.flatMap(([from, to]) => {
    if (corners[from] >= level === corners[to] >= level) return [];
    const share = (level - corners[from]) / (corners[to] - corners[from]);
    const [[fromX, fromY], [toX, toY]] = [places[from], places[to]];
    return [[column + fromX + share * (toX - fromX), row + fromY + share * (toY - fromY)] as [number, number]];
  });
}
