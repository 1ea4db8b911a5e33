import {
  ACCURACY, ADAM, ADD, ADD_BIAS, ADD_GATHERED, ADVANCE, COPY, COPY_COLUMNS, CROSS_ENTROPY, FILL, GATHER, GELU, GEMM, MULTIPLY, RELU, SCALE, SCALE_BY,
  SELECT, SGD, SIGMOID, SILU, SQUARED_ERROR, SQUARE_ROOT, SUBTRACT, SUM, SUM_GATHERED, SUM_OF_SQUARES, SUM_ROWS, TANH, TRANSPOSE,
  FRACTION_BELOW, NEAREST_ACCURACY, STANDARDIZE_COLUMNS,
  FILL_ROWS, SPARSE_PRODUCT, SPARSE_TRANSPOSED_PRODUCT, WEIGHTED_ACCURACY, WEIGHTED_CROSS_ENTROPY, WEIGHTED_SQUARED_ERROR, WEIGHTED_SUM,
  AFFINE, BATCHED_GEMM, BLEND_AVERAGE, CLIP, HALF_LOG_SQUARED_ERROR, LOOKUP, NORMALIZE_GRADIENT, NORMALIZE_ROWS, PAD_COLUMNS,
  PERPENDICULAR, REPEAT_ROW, RESCALE, ROUNDING_ACCURACY, SCALE_COLUMNS, SCALE_ROWS, SOFTMAX, SOFTMAX_GRADIENT,
  STABLE_MAX_CROSS_ENTROPY, SUM_COLUMNS, SWAP_MIDDLE, TOP_K,
} from '../opcodes';
import { gelu, relu, sigmoid, silu, tanh } from './activations';
import { batchedGemm } from './batched';
import { affine, scaleColumns, scaleRows, sumColumns } from './broadcast';
import { normalizeGradient, normalizeRows, softmax, softmaxGradient } from './normalize';
import { topK } from './selection';
import { add, addBias, fill, multiply, scale, scaleBy, subtract } from './elementwise';
import { gemm } from './gemm';
import { fractionBelow, nearestAccuracy, standardizeColumns } from './measures';
import {
  accuracy, crossEntropy, fillRows, squaredError, squareRoot, sum, sumOfSquares, weightedSquaredError, weightedSum,
} from './reductions';
import { padColumns, repeatRow, swapMiddle } from './placement';
import { halfLogSquaredError, roundingAccuracy } from './regression';
import { addGathered, copyColumns, gather, sumGathered, sumRows, transpose } from './rows';
import { sparseProduct, sparseTransposedProduct } from './sparse';
import { stableMaxCrossEntropy } from './stable-max';
import { blendAverage, clip, lookUp, perpendicular, rescale } from './transforms';
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

/** Copies the step's part of a list of equal parts: `bytes` bytes of part (step mod period). */
function select(from: usize, to: usize, bytes: i32, period: i32, step: i32): void {
  memory.copy(to, from + <usize>(step % period) * <usize>bytes, bytes);
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
      case ADD_GATHERED:
        addGathered<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4), word(c, 5), word(c, 6), word(c, 7));
        break;
      case SUM_GATHERED: sumGathered<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4), word(c, 5)); break;
      case SILU: silu<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3)); break;
      case RELU: relu<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3)); break;
      case TANH: tanh<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3)); break;
      case SIGMOID: sigmoid<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3)); break;
      case GELU: gelu<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3)); break;
      case SQUARED_ERROR: squaredError<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4)); break;
      case CROSS_ENTROPY:
        crossEntropy<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4), word(c, 5), 0, <f64>word(c, 4));
        break;
      case ACCURACY: accuracy<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4), 0, <f64>word(c, 3)); break;
      case WEIGHTED_CROSS_ENTROPY:
        crossEntropy<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4), word(c, 5), word(c, 6), setting(c, 7));
        break;
      case WEIGHTED_ACCURACY:
        accuracy<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4), word(c, 5), setting(c, 6));
        break;
      case WEIGHTED_SQUARED_ERROR:
        weightedSquaredError<T>(
          word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4), word(c, 5), word(c, 6), setting(c, 7),
        );
        break;
      case WEIGHTED_SUM: weightedSum<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4), setting(c, 5)); break;
      case FILL_ROWS:
        fillRows<T>(word(c, 1), word(c, 2), word(c, 3), word(c, 4), <f64>load<T>(word(c, 0)) * setting(c, 5));
        break;
      case SPARSE_PRODUCT:
        sparseProduct<T>(
          word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4), word(c, 5), word(c, 6), word(c, 7),
          word(c, 8), word(c, 9), word(c, 10), word(c, 11),
        );
        break;
      case SPARSE_TRANSPOSED_PRODUCT:
        sparseTransposedProduct<T>(
          word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4), word(c, 5), word(c, 6), word(c, 7),
          word(c, 8), word(c, 9), word(c, 10), word(c, 11), word(c, 12), word(c, 13), word(c, 14),
        );
        break;
      case SUM_OF_SQUARES: sumOfSquares<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3) != 0); break;
      case SQUARE_ROOT: squareRoot<T>(word(c, 0), word(c, 1)); break;
      case SELECT: select(word(c, 0), word(c, 1), word(c, 2), word(c, 3), load<i32>(word(c, 4))); break;
      case NEAREST_ACCURACY:
        nearestAccuracy<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4), word(c, 5), word(c, 6));
        break;
      case STANDARDIZE_COLUMNS: standardizeColumns<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3)); break;
      case FRACTION_BELOW: fractionBelow<T>(word(c, 0), word(c, 1), word(c, 2), setting(c, 3)); break;
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
      case HALF_LOG_SQUARED_ERROR:
        halfLogSquaredError<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4), word(c, 5));
        break;
      case ROUNDING_ACCURACY: roundingAccuracy<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3)); break;
      case AFFINE:
        affine<T>(word(c, 0), word(c, 1), word(c, 2), v128.splat<T>(<T>setting(c, 3)), v128.splat<T>(<T>setting(c, 4)));
        break;
      case SCALE_COLUMNS: scaleColumns<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4)); break;
      case SCALE_ROWS: scaleRows<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4)); break;
      case SUM_COLUMNS: sumColumns<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3)); break;
      case PAD_COLUMNS: padColumns<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4), word(c, 5)); break;
      case REPEAT_ROW: repeatRow<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3)); break;
      case RESCALE: rescale<T>(word(c, 0), word(c, 1), word(c, 2), setting(c, 3), setting(c, 4), word(c, 5) != 0); break;
      case CLIP: clip<T>(word(c, 0), word(c, 1), setting(c, 2)); break;
      case BLEND_AVERAGE:
        blendAverage<T>(word(c, 0), word(c, 1), word(c, 2), load<i32>(word(c, 3)), setting(c, 4), setting(c, 5));
        break;
      case PERPENDICULAR: perpendicular<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3) != 0); break;
      case LOOKUP: lookUp(word(c, 0), word(c, 1), load<i32>(word(c, 2)), word(c, 3)); break;
      case STABLE_MAX_CROSS_ENTROPY:
        stableMaxCrossEntropy<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4), word(c, 5));
        break;
      case SOFTMAX: softmax<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4)); break;
      case SOFTMAX_GRADIENT: softmaxGradient<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4)); break;
      case NORMALIZE_ROWS:
        normalizeRows<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4), setting(c, 5));
        break;
      case NORMALIZE_GRADIENT:
        normalizeGradient<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4), word(c, 5));
        break;
      case BATCHED_GEMM:
        batchedGemm<T>(
          word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4), word(c, 5), word(c, 6), word(c, 7) != 0, word(c, 8) != 0,
          word(c, 9), word(c, 10),
        );
        break;
      case TOP_K: topK<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4), word(c, 5)); break;
      case SWAP_MIDDLE: swapMiddle<T>(word(c, 0), word(c, 1), word(c, 2), word(c, 3), word(c, 4), word(c, 5)); break;
      default: unreachable();
    }
  }
}
