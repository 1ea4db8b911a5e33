import { lanes, multiplyAdd, splatFrom, storePartial } from './vectors';

// Products with a matrix that is mostly zero, in compressed sparse rows: row r has the numbers values[starts[r] .. starts[r + 1] - 1] in
// the columns given beside them. Columns are counted among those that are not zero throughout; `live` says which they are.
// The dense factor is copied panel by panel into scratch memory, so that the few vectors that each non-zero number meets lie together in
// the first-level cache. TILE accumulators are what V8's x64 code keeps in registers here; with 8 it spills and takes twice as long.
// Every element is summed over non-zero numbers in ascending order of their position in the row.

const TILE = 5;

/** Bytes of a row of a panel. */
const PANEL_ROW: usize = 16 * TILE;

/**
 * c = x b (+ bias on every row) for the chosen rows of a sparse x, in order; all rows in order if `chosen` is 0. b is as high as x is
 * wide, counting dead columns; c is m x n.
 */
export function sparseProduct<T>(
  values: usize, columns: usize, starts: usize, chosen: usize, live: usize, width: i32, b: usize, c: usize, m: i32, n: i32, bias: usize,
  scratch: usize,
): void {
  const rowB = <usize>n * sizeof<T>();
  for (let j = 0; j < n; j += TILE * lanes<T>()) {
    const shift = <usize>j * sizeof<T>();
    for (let l = 0; l < width; l++) {
      pack<T>(b + shift + <usize>load<i32>(live + (<usize>l << 2)) * rowB, scratch + <usize>l * PANEL_ROW, n - j);
    }
    for (let i = 0; i < m; i++) {
      const row = starts + (<usize>(chosen ? load<i32>(chosen + (<usize>i << 2)) : i) << 2);
      rowTimesPanel<T>(values, columns, load<i32>(row), load<i32>(row, 4), scratch, c + <usize>i * rowB + shift, n - j, bias ? bias + shift : 0);
    }
  }
}

/**
 * c = x^T g for the chosen rows of a sparse x: the gradient of `sparseProduct` with respect to b. Rows of c for dead columns are zero.
 * The chosen rows are first turned into sparse columns: `turned` has room for width + 2 starts, and beside each other a row number and a
 * value for every number that is not zero.
 * @param height rows of c, dead ones included
 */
export function sparseTransposedProduct<T>(
  values: usize, columns: usize, starts: usize, chosen: usize, live: usize, width: i32, g: usize, c: usize, m: i32, n: i32, height: i32,
  turned: usize, turnedRows: usize, turnedValues: usize, scratch: usize,
): void {
  turn<T>(values, columns, starts, chosen, width, m, turned, turnedRows, turnedValues);
  const rowC = <usize>n * sizeof<T>();
  memory.fill(c, 0, <usize>height * rowC);
  for (let j = 0; j < n; j += TILE * lanes<T>()) {
    const shift = <usize>j * sizeof<T>();
    for (let i = 0; i < m; i++) pack<T>(g + shift + <usize>i * rowC, scratch + <usize>i * PANEL_ROW, n - j);
    for (let l = 0; l < width; l++) {
      const column = turned + (<usize>l << 2);
      const to = c + <usize>load<i32>(live + (<usize>l << 2)) * rowC + shift;
      rowTimesPanel<T>(turnedValues, turnedRows, load<i32>(column), load<i32>(column, 4), scratch, to, n - j, 0);
    }
  }
}

/** Copies the vectors of a row that hold its next `left` numbers, TILE at most. */
@inline
function pack<T>(from: usize, to: usize, left: i32): void {
  for (let v = 0; v < TILE && v * lanes<T>() < left; v++) v128.store(to + (<usize>v << 4), v128.load(from + (<usize>v << 4)));
}

function rowTimesPanel<T>(
  values: usize, columns: usize, begin: i32, end: i32, panel: usize, c: usize, left: i32, bias: usize,
): void {
  let value = values + <usize>begin * sizeof<T>();
  const last = columns + (<usize>end << 2);
  let c0 = v128.splat<T>(0), c1 = c0, c2 = c0, c3 = c0, c4 = c0;
  for (let column = columns + (<usize>begin << 2); column < last; column += 4) {
    const x = splatFrom<T>(value);
    const b = panel + <usize>load<i32>(column) * PANEL_ROW;
    c0 = multiplyAdd<T>(x, v128.load(b), c0);
    c1 = multiplyAdd<T>(x, v128.load(b, 16), c1);
    c2 = multiplyAdd<T>(x, v128.load(b, 32), c2);
    c3 = multiplyAdd<T>(x, v128.load(b, 48), c3);
    c4 = multiplyAdd<T>(x, v128.load(b, 64), c4);
    value += sizeof<T>();
  }
  put<T>(c, c0, bias, left, 0);
  put<T>(c, c1, bias, left, 1);
  put<T>(c, c2, bias, left, 2);
  put<T>(c, c3, bias, left, 3);
  put<T>(c, c4, bias, left, 4);
}

@inline
function put<T>(c: usize, sum: v128, bias: usize, left: i32, vector: i32): void {
  const rest = left - vector * lanes<T>();
  const shift = <usize>vector << 4;
  if (rest > 0) storePartial<T>(c + shift, bias ? v128.add<T>(sum, v128.load(bias + shift)) : sum, rest);
}

/** Transposes the chosen rows by counting: columns in ascending order, in each the positions of the rows in ascending order. */
function turn<T>(
  values: usize, columns: usize, starts: usize, chosen: usize, width: i32, m: i32, turned: usize, turnedRows: usize, turnedValues: usize,
): void {
  // The count of column l goes to place l + 2 and becomes where it begins in place l + 1, which filling moves on to where it ends.
  memory.fill(turned, 0, <usize>(width + 2) << 2);
  for (let i = 0; i < m; i++) {
    const row = starts + (<usize>(chosen ? load<i32>(chosen + (<usize>i << 2)) : i) << 2);
    const end = columns + (<usize>load<i32>(row, 4) << 2);
    for (let column = columns + (<usize>load<i32>(row) << 2); column < end; column += 4) {
      const count = turned + (<usize>load<i32>(column) << 2);
      store<i32>(count, load<i32>(count, 8) + 1, 8);
    }
  }
  let sum = 0;
  for (let l = 2; l < width + 2; l++) {
    const place = turned + (<usize>l << 2);
    sum += load<i32>(place);
    store<i32>(place, sum);
  }
  for (let i = 0; i < m; i++) {
    const row = starts + (<usize>(chosen ? load<i32>(chosen + (<usize>i << 2)) : i) << 2);
    const end = load<i32>(row, 4);
    for (let at = load<i32>(row); at < end; at++) {
      const next = turned + (<usize>load<i32>(columns + (<usize>at << 2)) << 2);
      const to = <usize>load<i32>(next, 4);
      store<i32>(next, <i32>to + 1, 4);
      store<i32>(turnedRows + (to << 2), i);
      store<T>(turnedValues + to * sizeof<T>(), load<T>(values + <usize>at * sizeof<T>()));
    }
  }
}
