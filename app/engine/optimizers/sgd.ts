import { SGD } from '../kernels/opcodes.ts';
import { requireRange, type Optimizer } from './optimizer.ts';
import { lowerRate, rateAt, type LearningRate } from './schedule.ts';
import { requireSettings, settingsOf, type GroupSettings } from './settings.ts';

export interface SgdOptions extends GroupSettings {
  readonly learningRate: LearningRate;
  readonly momentum?: number;
  /** Settings that differ for a group of parameters. */
  readonly groups?: Readonly<Record<string, GroupSettings>>;
}

/**
 * Gradient descent with momentum as PyTorch defines it (no dampening, no Nesterov):
 * g <- g + wd p;  b <- mu b + g (b = g at the first step);  p <- p - lr b.
 * @throws LotkaError for a setting out of range
 */
export function sgd(options: SgdOptions): Optimizer {
  const { momentum = 0 } = options;
  requireRange('sgd', 'momentum', momentum, 0, 1);
  for (const given of [options, ...Object.values(options.groups ?? {})]) requireSettings('sgd', given);
  const defaults = { learningRate: options.learningRate, weightDecay: 0 };
  const settings = (group: string): Required<GroupSettings> => settingsOf<GroupSettings>(options, defaults, group);
  return {
    name: 'sgd',
    moments: momentum > 0 ? ['sgd.momentum'] : [],
    flopsPerElement: 6,
    groups: Object.keys(options.groups ?? {}),
    update(parameters, step) {
      for (const { group, values, gradient, moments } of parameters) {
        const { learningRate, weightDecay } = settings(group);
        const rate = rateAt(learningRate, step);
        const velocity = momentum > 0 ? moments['sgd.momentum'] : undefined;
        for (let i = 0; i < values.length; i++) {
          let direction = gradient[i] + weightDecay * values[i];
          if (velocity) direction = velocity[i] = momentum * velocity[i] + direction;
          values[i] -= rate * direction;
        }
      }
    },
    lower(ranges, target) {
      for (const { group, parameters, gradients, moments, count } of ranges) {
        const { learningRate, weightDecay } = settings(group);
        const rate = lowerRate(learningRate, target);
        const velocity = momentum > 0 ? moments['sgd.momentum'] : 0;
        target.call(SGD, parameters, gradients, velocity, count, rate, target.scalar(weightDecay), target.scalar(momentum));
      }
    },
  };
}
