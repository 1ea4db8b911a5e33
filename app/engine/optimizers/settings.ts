import { requireRange } from './optimizer.ts';
import type { LearningRate } from './schedule.ts';

/** Settings that a group of parameters may have of its own. */
export interface GroupSettings {
  readonly learningRate?: LearningRate;
  readonly weightDecay?: number;
}

/** The settings of a group: its own where it has any, else the common ones, else the defaults. */
export function settingsOf<S extends object>(
  options: S & { readonly groups?: Readonly<Record<string, Partial<S>>> },
  defaults: Required<S>,
  group: string,
): Required<S> {
  const own = options.groups?.[group];
  const keys = Object.keys(defaults) as (keyof S)[];
  return Object.fromEntries(keys.map((key) => [key, own?.[key] ?? options[key] ?? defaults[key]])) as Required<S>;
}

/** @throws LotkaError if a learning rate or weight decay is negative or not finite */
export function requireSettings(optimizer: string, settings: GroupSettings): void {
  const { learningRate = 0, weightDecay = 0 } = settings;
  if (typeof learningRate === 'number') requireRange(optimizer, 'learningRate', learningRate, 0, Infinity);
  requireRange(optimizer, 'weightDecay', weightDecay, 0, Infinity);
}
