import { ADAM } from '../kernels/opcodes.ts';
import { requireRange, type Optimizer } from './optimizer.ts';
import { lowerRate, rateAt, type LearningRate } from './schedule.ts';
import { requireSettings, settingsOf, type GroupSettings } from './settings.ts';

export interface AdamGroupSettings extends GroupSettings {
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

export interface AdamOptions extends AdamGroupSettings {
  readonly learningRate: LearningRate;
  /** Settings that differ for a group of parameters. */
  readonly groups?: Readonly<Record<string, AdamGroupSettings>>;
}

/** b^n for a whole n >= 0 by repeated squaring: the same bits wherever IEEE 754 doubles are multiplied. */
export function integerPower(base: number, exponent: number): number {
  let result = 1;
  for (let square = base, rest = exponent; rest > 0; rest = Math.floor(rest / 2), square *= square) {
    if (rest % 2 === 1) result *= square;
  }
  return result;
}

/**
 * AdamW as PyTorch defines it (Loshchilov & Hutter 2019, epsilon outside the root):
 * p <- p (1 - lr wd);  m <- m + (1 - b1)(g - m);  v <- b2 v + (1 - b2) g^2;
 * p <- p - lr / (1 - b1^t) * m / (sqrt(v) / sqrt(1 - b2^t) + eps).
 * Weight decay acts on every trainable parameter, biases and embeddings included. Defaults are PyTorch's.
 * @throws LotkaError for a setting out of range
 */
export function adamw(options: AdamOptions): Optimizer {
  return adamLike('adamw', options, 0.01, true);
}

/** Adam (Kingma & Ba 2015) as PyTorch defines it: weight decay, if any, is added to the gradient as wd * p. */
export function adam(options: AdamOptions): Optimizer {
  return adamLike('adam', options, 0, false);
}

function adamLike(name: string, options: AdamOptions, weightDecay: number, decoupled: boolean): Optimizer {
  const defaults = { learningRate: options.learningRate, weightDecay, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
  const settings = (group: string): Required<AdamGroupSettings> => settingsOf<AdamGroupSettings>(options, defaults, group);
  for (const given of [options, ...Object.values(options.groups ?? {})]) {
    requireSettings(name, given);
    requireRange(name, 'beta1', given.beta1 ?? 0, 0, 1);
    requireRange(name, 'beta2', given.beta2 ?? 0, 0, 1);
    requireRange(name, 'epsilon', given.epsilon ?? 0, 0, Infinity);
  }
  return {
    name,
    moments: ['adam.m', 'adam.v'],
    flopsPerElement: 14,
    groups: Object.keys(options.groups ?? {}),
    update(parameters, step) {
      for (const { group, values, gradient, moments } of parameters) {
        const { learningRate, weightDecay, beta1, beta2, epsilon } = settings(group);
        const rate = rateAt(learningRate, step);
        const [m, v] = [moments['adam.m'], moments['adam.v']];
        const stepSize = rate / (1 - integerPower(beta1, step));
        const correction2 = Math.sqrt(1 - integerPower(beta2, step));
        for (let i = 0; i < values.length; i++) {
          const p = decoupled ? values[i] * (1 - rate * weightDecay) : values[i];
          const g = decoupled ? gradient[i] : gradient[i] + weightDecay * p;
          m[i] += (1 - beta1) * (g - m[i]);
          v[i] = beta2 * v[i] + (1 - beta2) * g * g;
          values[i] = p - (stepSize * m[i]) / (Math.sqrt(v[i]) / correction2 + epsilon);
        }
      }
    },
    lower(ranges, target) {
      for (const { group, parameters, gradients, moments, count } of ranges) {
        const { learningRate, weightDecay, beta1, beta2, epsilon } = settings(group);
        const rate = lowerRate(learningRate, target);
        target.call(
          ADAM,
          parameters,
          gradients,
          moments['adam.m'],
          moments['adam.v'],
          count,
          target.counter,
          decoupled ? 1 : 0,
          rate,
          target.scalar(weightDecay),
          target.scalar(beta1),
          target.scalar(beta2),
          target.scalar(epsilon),
        );
      }
    },
  };
}
