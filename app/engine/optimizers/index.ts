// Update rules, changes of gradients and parameters around them, and learning rates that depend on the step.
export { adam, adamw } from './adam.ts';
export type { AdamGroupSettings, AdamOptions } from './adam.ts';
export { sequence } from './optimizer.ts';
export type { Optimizer, ParameterState, UpdateRange, UpdateTarget } from './optimizer.ts';
export { Schedule } from './schedule.ts';
export type { LearningRate } from './schedule.ts';
export { sgd } from './sgd.ts';
export type { SgdOptions } from './sgd.ts';
export { clipNorm, clipValue, grokfast, perpendicular, pinNorm } from './transforms.ts';
