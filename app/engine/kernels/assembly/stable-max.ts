import { storeInRow } from './reductions';
import { constant, firstLanes, lanes, sumLanes } from './vectors';

/** x + 1 for x >= 0, 1 / (1 - x) below: grows like x instead of e^x. */
@inline
function weight<T>(x: v128): v128 {
  const one = constant<T>(1.0);
  return v128.bitselect(v128.add<T>(x, one), v128.div<T>(one, v128.sub<T>(one, x)), v128.ge<T>(x, constant<T>(0.0)));
}

/**
 * out = mean over rows of log sum_j s(z_j) - log s(z_label) with the weights s above; unless `slope` is 0, its derivative. Rows of
 * `slope` are written in ascending order as whole vectors that may run into the rows to come.
 */
export function stableMaxCrossEntropy<T>(z: usize, labels: usize, out: usize, slope: usize, rows: i32, classes: i32): void {
  const one = constant<T>(1.0);
  const share = 1.0 / <f64>rows;
  let result = 0.0;
  for (let i = 0; i < rows; i++) {
    let masses = v128.splat<T>(0);
    for (let j = 0; j < classes; j += lanes<T>()) {
      masses = v128.add<T>(masses, v128.and(weight<T>(v128.load(z + <usize>j * sizeof<T>())), firstLanes<T>(classes - j)));
    }
    const mass = sumLanes<T>(masses);
    const label = <usize>load<i32>(labels + (<usize>i << 2)) * sizeof<T>();
    const x = <f64>load<T>(z + label);
    const chosen = x >= 0.0 ? x + 1.0 : 1.0 / (1.0 - x);
    result += Math.log(mass) - Math.log(chosen);
    if (slope) {
      const factor = constant<T>(share / mass);
      for (let j = 0; j < classes; j += lanes<T>()) {
        const at = <usize>j * sizeof<T>();
        const value = v128.load(z + at);
        const s = weight<T>(value);
        const steepness = v128.bitselect(one, v128.mul<T>(s, s), v128.ge<T>(value, constant<T>(0.0)));
        storeInRow<T>(slope + at, v128.mul<T>(factor, steepness), classes - j, (rows - 1 - i) * classes);
      }
      const steepness = x >= 0.0 ? 1.0 : chosen * chosen;
      store<T>(slope + label, <T>(<f64>load<T>(slope + label) - (share * steepness) / chosen));
      slope += <usize>classes * sizeof<T>();
    }
    z += <usize>classes * sizeof<T>();
  }
  store<T>(out, <T>(result * share));
}
