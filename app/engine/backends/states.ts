import type { Program } from '../compile.ts';
import type { ParameterState } from '../optimizers/index.ts';
import type { RealArray } from '../types.ts';

/**
 * The trainable parameters as `Optimizer.update` takes them, for backends that update by the definition.
 * @param state parameters and moments by their names in checkpoints
 * @param gradients by the parameter's name
 */
export function parameterStates(
  program: Program,
  state: ReadonlyMap<string, RealArray>,
  gradients: ReadonlyMap<string, RealArray>,
): ParameterState[] {
  return program.info.parameters
    .filter(({ trainable }) => trainable)
    .map(({ name, group }) => ({
      name,
      group,
      values: state.get(name)!,
      gradient: gradients.get(name)!,
      moments: Object.fromEntries(program.optimizer.moments.map((moment) => [moment, state.get(`${moment}/${name}`)!])),
    }));
}
