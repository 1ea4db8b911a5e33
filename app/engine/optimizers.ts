import { LotkaError } from '#app/protocol/errors.ts';
import { ADAM, SGD } from './kernels/opcodes.ts';
import type { RealArray } from './types.ts';

/** What an optimiser needs of a backend that runs tapes: constants and calls. */
export interface UpdateTarget {
  /** Address of the int32 count of steps, this one included. */
  readonly counter: number;
  scalar(value: number): number;
  call(kernel: number, ...parameters: number[]): void;
}

/** Trainable parameters of one group, contiguous in the arena, each with its gradient and moments at the same offset. */
export interface UpdateRange {
  readonly group: string;
  readonly parameters: number;
  readonly gradients: number;
  readonly moments: readonly number[];
  readonly count: number;
}

/** A rule that turns gradients into parameter updates. */
export interface Optimizer {
  readonly name: string;
  /** Names of the state tensors kept beside each trainable parameter; checkpoint keys are `<moment>/<parameter>`. */
  readonly moments: readonly string[];
  readonly flopsPerElement: number;
  /** Groups with settings of their own. */
  readonly groups: readonly string[];
  /** The definition: updates one parameter and its moments in place. `step` counts from 1. */
  update(group: string, step: number, parameter: RealArray, gradient: RealArray, moments: readonly RealArray[]): void;
  lower(range: UpdateRange, target: UpdateTarget): void;
}

interface GroupSettings {
  readonly learningRate?: number;
  readonly weightDecay?: number;
}

export interface AdamOptions extends GroupSettings {
  readonly learningRate: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  /** Settings that differ for a group of parameters. */
  readonly groups?: Readonly<Record<string, GroupSettings>>;
}

export interface SgdOptions extends GroupSettings {
  readonly learningRate: number;
  readonly momentum?: number;
  readonly groups?: Readonly<Record<string, GroupSettings>>;
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
  return adamLike('adamw', options, options.weightDecay ?? 0.01, true);
}

/** Adam (Kingma & Ba 2015) as PyTorch defines it: weight decay, if any, is added to the gradient as wd * p. */
export function adam(options: AdamOptions): Optimizer {
  return adamLike('adam', options, options.weightDecay ?? 0, false);
}

function adamLike(name: string, options: AdamOptions, weightDecay: number, decoupled: boolean): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  requireRange(name, 'beta1', beta1, 0, 1);
  requireRange(name, 'beta2', beta2, 0, 1);
  requireRange(name, 'epsilon', epsilon, 0, Infinity);
  const settings = groupSettings(name, options, weightDecay);
  return {
    name,
    moments: ['adam.m', 'adam.v'],
    flopsPerElement: 14,
    groups: Object.keys(options.groups ?? {}),
    update(group, step, parameter, gradient, [m, v]) {
      const { learningRate, weightDecay } = settings(group);
      const stepSize = learningRate / (1 - integerPower(beta1, step));
      const correction2 = Math.sqrt(1 - integerPower(beta2, step));
      for (let i = 0; i < parameter.length; i++) {
        const p = decoupled ? parameter[i] * (1 - learningRate * weightDecay) : parameter[i];
        const g = decoupled ? gradient[i] : gradient[i] + weightDecay * p;
        m[i] += (1 - beta1) * (g - m[i]);
        v[i] = beta2 * v[i] + (1 - beta2) * g * g;
        parameter[i] = p - (stepSize * m[i]) / (Math.sqrt(v[i]) / correction2 + epsilon);
      }
    },
    lower(range, target) {
      const { learningRate, weightDecay } = settings(range.group);
      target.call(
        ADAM,
        range.parameters,
        range.gradients,
        range.moments[0],
        range.moments[1],
        range.count,
        target.counter,
        decoupled ? 1 : 0,
        target.scalar(learningRate),
        target.scalar(weightDecay),
        target.scalar(beta1),
        target.scalar(beta2),
        target.scalar(epsilon),
      );
    },
  };
}

/**
 * Gradient descent with momentum as PyTorch defines it (no dampening, no Nesterov):
 * g <- g + wd p;  b <- mu b + g (b = g at the first step);  p <- p - lr b.
 */
export function sgd(options: SgdOptions): Optimizer {
  const { momentum = 0 } = options;
  requireRange('sgd', 'momentum', momentum, 0, 1);
  const settings = groupSettings('sgd', options, options.weightDecay ?? 0);
  return {
    name: 'sgd',
    moments: momentum > 0 ? ['sgd.momentum'] : [],
    flopsPerElement: 6,
    groups: Object.keys(options.groups ?? {}),
    update(group, _step, parameter, gradient, [velocity]) {
      const { learningRate, weightDecay } = settings(group);
      for (let i = 0; i < parameter.length; i++) {
        let direction = gradient[i] + weightDecay * parameter[i];
        if (velocity) direction = velocity[i] = momentum * velocity[i] + direction;
        parameter[i] -= learningRate * direction;
      }
    },
    lower(range, target) {
      const { learningRate, weightDecay } = settings(range.group);
      const velocity = range.moments[0] ?? 0;
      target.call(
        SGD,
        range.parameters,
        range.gradients,
        velocity,
        range.count,
        target.scalar(learningRate),
        target.scalar(weightDecay),
        target.scalar(momentum),
      );
    },
  };
}

function groupSettings(
  name: string,
  options: { learningRate: number; groups?: Readonly<Record<string, GroupSettings>> },
  defaultDecay: number,
): (group: string) => Required<GroupSettings> {
  for (const settings of [options, ...Object.values(options.groups ?? {})] as GroupSettings[]) {
    requireRange(name, 'learningRate', settings.learningRate ?? 0, 0, Infinity);
    requireRange(name, 'weightDecay', settings.weightDecay ?? 0, 0, Infinity);
  }
  return (group) => ({
    learningRate: options.groups?.[group]?.learningRate ?? options.learningRate,
    weightDecay: options.groups?.[group]?.weightDecay ?? defaultDecay,
  });
}

function requireRange(optimizer: string, setting: string, value: number, minimum: number, limit: number): void {
  if (!(value >= minimum && value < limit)) {
    throw new LotkaError('bad-input', `${optimizer}: ${setting} must be at least ${minimum} and below ${limit}, not ${value}.`);
  }
}
