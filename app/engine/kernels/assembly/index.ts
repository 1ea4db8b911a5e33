import {
  ACCURACY, ADAM, ADD, ADD_BIAS, ADVANCE, COPY, COPY_COLUMNS, CROSS_ENTROPY, FILL, GATHER, GELU, GEMM, MULTIPLY, RELU, SCALE, SCALE_BY,
  SGD, SIGMOID, SILU, SQUARED_ERROR, SQUARE_ROOT, SUBTRACT, SUM, SUM_GATHERED, SUM_OF_SQUARES, SUM_ROWS, TANH, TRANSPOSE,
} from '../opcodes';
import { gelu, relu, sigmoid, silu, tanh } from './activations';
import { add, addBias, fill, multiply, scale, scaleBy, subtract } from './elementwise';
import { gemm } from './gemm';
import { accuracy, crossEntropy, squaredError, squareRoot, sum, sumOfSquares } from './reductions';
import { copyColumns, gather, sumGathered, sumRows, transpose } from './rows';
import { adam, sgd } from './updates';

/** First byte that static data leaves free. */
export const heapBase: usize = __heap_base;

/** Runs a tape of `length` int32 words `times` times, in f32. */
export function run32(tape: usize, length: i32, times: i32): void {
  for (let time = 0; time < times; time++) interpret<f32>(tape, length);
}

/** Runs a tape of `length` int32 words `times` times, in f64. */
export function run64(tape: usize, length: i32, times: i32): void {
  for (let time = 0; time < times; time++) interpret<f64>(tape, length);
}

@inline
function word(call: usize, index: usize): i32 {
  return load<i32>(call + 8 + (index << 2));
}

@inline
function setting(call: usize, index: usize): f64 {
  return load<f64>(word(call, index));
}

function interpret<T>(tape: usize, length: i32): void {
  const end = tape + (<usize>length << 2);
  for (let c = tape; c < end; c += 8 + (<usize>load<i32>(c, 4) << 2)) {
    switch (load<i32>(c)) {
      case GEMM:
        gemm<T>(
          word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4), word(c, 5), word(c, 6),
          word(c, 7), word(c, 8), word(c, 9), word(c, 10),
        );
        break;
      case TRANSPOSE: transpose<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4)); break;
      case COPY: memory.copy(word(c, 1), word(c, 0), word(c, 2)); break;
      case COPY_COLUMNS: copyColumns<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4), word(c, 5)); break;
      case ADD: add<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3)); break;
      case SUBTRACT: subtract<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3)); break;
      case MULTIPLY: multiply<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3)); break;
      case SCALE: scale<T>(word(c, 0), word(c, 1), word(c, 2), v128.splat<T>(<T>setting(c, 3))); break;
      case SCALE_BY: scaleBy<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3)); break;
      case ADD_BIAS: addBias<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4)); break;
      case SUM: sum<T>(word(c, 0), word(c, 1), word(c, 2), setting(c, 3)); break;
      case SUM_ROWS: sumRows<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3)); break;
      case FILL: fill<T>(word(c, 1), word(c, 2), v128.splat<T>(<T>(<f64>load<T>(word(c, 0)) * setting(c, 3)))); break;
      case GATHER: gather<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4)); break;
      case SUM_GATHERED: sumGathered<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4), word(c, 5)); break;
      case SILU: silu<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3)); break;
      case RELU: relu<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3)); break;
      case TANH: tanh<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3)); break;
      case SIGMOID: sigmoid<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3)); break;
      case GELU: gelu<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3)); break;
      case SQUARED_ERROR: squaredError<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4)); break;
      case CROSS_ENTROPY: crossEntropy<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4), word(c, 5)); break;
      case ACCURACY: accuracy<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4)); break;
      case SUM_OF_SQUARES: sumOfSquares<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3) != 0); break;
      case SQUARE_ROOT: squareRoot<T>(word(c, 0), word(c, 1)); break;
      case ADVANCE: store<i32>(word(c, 0), load<i32>(word(c, 0)) + 1); break;
      case ADAM:
        adam<T>(
          word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4), load<i32>(word(c, 5)), word(c, 6) != 0,
          setting(c, 7), setting(c, 8), setting(c, 9), setting(c, 10), setting(c, 11),
        );
        break;
      case SGD:
        sgd<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3), setting(c, 4), setting(c, 5), setting(c, 6));
        break;
      default: unreachable();
    }
  }
}
