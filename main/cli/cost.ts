import type { BackendName } from '#app/engine/types.ts';
import { costLine, measuredSpeed } from '#app/experiments/cost.ts';
import type { Experiment, Parameters } from '#app/experiments/experiment.ts';
import type { Contract } from '#app/protocol/contract.ts';
import type { Client } from '#app/protocol/define.ts';
import { datasets } from '#main/datasets/source.ts';
import { tell } from './output.ts';

/** Says what a run will cost, before it starts. */
export async function tellCost(
  client: Client<Contract>,
  experiment: Experiment,
  parameters: Parameters,
  backend: BackendName | undefined,
): Promise<void> {
  const [{ runs }, { chosen }] = await Promise.all([
    client.call('runs.list', { experiment: experiment.id }),
    client.call('engine.backends', {}),
  ]);
  const name = backend ?? chosen;
  tell(
    `${costLine(experiment.estimate(parameters, datasets), measuredSpeed(runs, experiment, parameters.precision, name, datasets))}; by ${name}`,
  );
}
