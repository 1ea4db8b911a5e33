import { BLEND_AVERAGE, CLIP, PERPENDICULAR, RESCALE, SUM_OF_SQUARES } from '../kernels/opcodes.ts';
import type { RealArray } from '../types.ts';
import { requireRange, type Optimizer, type UpdateTarget } from './optimizer.ts';

// Changes of the gradients before the update rule, or of the parameters after it.

/**
 * Clips the gradient of all trainable parameters taken together to a Euclidean norm, as PyTorch's `clip_grad_norm_`:
 * g <- g min(1, maximum / (|g| + 1e-6)).
 * @param options.maximum largest norm, above 0
 * @throws LotkaError for a maximum out of range
 */
export function clipNorm({ maximum }: { readonly maximum: number }): Optimizer {
  requireRange('clipNorm', 'maximum', maximum, Number.MIN_VALUE, Infinity);
  return {
    name: 'clipNorm',
    moments: [],
    flopsPerElement: 3,
    groups: [],
    update(parameters) {
      const factor = maximum / (Math.sqrt(sumOfSquares(parameters.map(({ gradient }) => gradient))) + 1e-6);
      // A factor that is no number is passed on, so that the run is seen to diverge.
      if (!(factor > 1)) for (const { gradient } of parameters) multiplyBy(gradient, factor);
    },
    lower(ranges, target) {
      const places = ranges.flatMap(({ members }) => members.map(({ gradients, size }) => [gradients, size] as const));
      const squares = lowerSumOfSquares(places, target);
      for (const { gradients, count } of ranges)
        target.call(RESCALE, gradients, count, squares, target.scalar(maximum), target.scalar(1e-6), 1);
    },
  };
}

/**
 * Clips every element of the gradient to -limit..limit, as PyTorch's `clip_grad_value_`.
 * @param options.limit above 0
 * @throws LotkaError for a limit out of range
 */
export function clipValue({ limit }: { readonly limit: number }): Optimizer {
  requireRange('clipValue', 'limit', limit, Number.MIN_VALUE, Infinity);
  return {
    name: 'clipValue',
    moments: [],
    flopsPerElement: 2,
    groups: [],
    update(parameters) {
      for (const { gradient } of parameters) gradient.forEach((g, i) => (gradient[i] = Math.max(-limit, Math.min(limit, g))));
    },
    lower(ranges, target) {
      for (const { gradients, count } of ranges) target.call(CLIP, gradients, count, target.scalar(limit));
    },
  };
}

/**
 * Amplifies the slow part of the gradient by its exponential moving average (Grokfast-EMA, Lee et al. 2024, arXiv 2405.20233):
 * a <- alpha a + (1 - alpha) g (a = g at the first step);  g <- g + gain a. The average is kept as `grokfast.average/<parameter>`.
 * @param options.alpha memory of the average, 0.98 unless given
 * @param options.gain lambda of the paper, 2 unless given
 * @throws LotkaError for a setting out of range
 */
export function grokfast({ alpha = 0.98, gain = 2 }: { readonly alpha?: number; readonly gain?: number } = {}): Optimizer {
  requireRange('grokfast', 'alpha', alpha, 0, 1);
  requireRange('grokfast', 'gain', gain, 0, Infinity);
  const average = 'grokfast.average';
  return {
    name: 'grokfast',
    moments: [average],
    flopsPerElement: 5,
    groups: [],
    update(parameters, step) {
      for (const { gradient, moments } of parameters) {
        const a = moments[average];
        for (let i = 0; i < gradient.length; i++) {
          a[i] = step === 1 ? gradient[i] : alpha * a[i] + (1 - alpha) * gradient[i];
          gradient[i] += gain * a[i];
        }
      }
    },
    lower(ranges, target) {
      for (const { gradients, moments, count } of ranges) {
        target.call(BLEND_AVERAGE, gradients, moments[average], count, target.counter, target.scalar(alpha), target.scalar(gain));
      }
    },
  };
}

/**
 * Takes from the gradient of each parameter tensor its component along the tensor itself (Prieto et al. 2025, arXiv 2501.04697):
 * g <- g - (p.g / (p.p + 1e-30)) p, then, with `keepNorm`, stretched to the norm that g had.
 * What remains shorter than a millionth of the gradient is rounding and becomes 0: always so for a tensor of one element.
 * @param options.keepNorm true unless given, as the authors do
 */
export function perpendicular({ keepNorm = true }: { readonly keepNorm?: boolean } = {}): Optimizer {
  return {
    name: 'perpendicular',
    moments: [],
    flopsPerElement: 10,
    groups: [],
    update(parameters) {
      for (const { values, gradient } of parameters) {
        let along = 0;
        for (let i = 0; i < values.length; i++) along += values[i] * gradient[i];
        along /= sumOfSquares([values]) + 1e-30;
        const before = sumOfSquares([gradient]);
        for (let i = 0; i < gradient.length; i++) gradient[i] -= along * values[i];
        const after = sumOfSquares([gradient]);
        if (after <= 1e-12 * before) gradient.fill(0);
        else if (keepNorm) multiplyBy(gradient, Math.sqrt(before / after));
      }
    },
    lower(ranges, target) {
      for (const { parameters, gradients, size } of ranges.flatMap(({ members }) => members))
        target.call(PERPENDICULAR, parameters, gradients, size, keepNorm ? 1 : 0);
    },
  };
}

/**
 * Rescales parameters after each step to a fixed Euclidean norm, taken over all of them together (Liu et al. 2023, arXiv 2210.01117):
 * p <- p norm / |p|. Moments are left alone. Stands after the update rule in a `sequence`.
 * @param options.norm above 0
 * @param options.groups the groups it acts on; all trainable parameters unless given
 * @throws LotkaError for a norm out of range
 */
export function pinNorm({ norm, groups }: { readonly norm: number; readonly groups?: readonly string[] }): Optimizer {
  requireRange('pinNorm', 'norm', norm, Number.MIN_VALUE, Infinity);
  const acts = ({ group }: { readonly group: string }): boolean => groups?.includes(group) ?? true;
  return {
    name: 'pinNorm',
    moments: [],
    flopsPerElement: 3,
    groups: groups ?? [],
    update(parameters) {
      const pinned = parameters.filter(acts).map(({ values }) => values);
      const size = Math.sqrt(sumOfSquares(pinned));
      if (size !== 0) for (const values of pinned) multiplyBy(values, norm / size);
    },
    lower(ranges, target) {
      const pinned = ranges.filter(acts);
      const places = pinned.flatMap(({ members }) => members.map(({ parameters, size }) => [parameters, size] as const));
      const squares = lowerSumOfSquares(places, target);
      for (const { parameters, count } of pinned)
        target.call(RESCALE, parameters, count, squares, target.scalar(norm), target.scalar(0), 0);
    },
  };
}

function sumOfSquares(arrays: readonly RealArray[]): number {
  let total = 0;
  for (const values of arrays) for (const value of values) total += value * value;
  return total;
}

function multiplyBy(values: RealArray, factor: number): void {
  for (let i = 0; i < values.length; i++) values[i] *= factor;
}

/** Address of the double that holds the sum of all squares when the calls emitted from here on run. */
function lowerSumOfSquares(places: readonly (readonly [address: number, count: number])[], target: UpdateTarget): number {
  const slot = target.slot();
  places.forEach(([address, count], index) => target.call(SUM_OF_SQUARES, address, count, slot, index === 0 ? 1 : 0));
  return slot;
}
