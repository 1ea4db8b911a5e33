import { LotkaError } from '#app/protocol/errors.ts';
import { gradients } from './autodiff.ts';
import type { Graph, Tensor } from './graph.ts';
import { copy } from './ops/copy.ts';
import type { Optimizer } from './optimizers.ts';
import { isSource, schedule, type CompiledParameter, type Section } from './schedule.ts';
import { formatShape } from './shapes.ts';
import { lowerProgram, type Tape } from './tape.ts';
import type { Precision, ProgramInfo, Shape } from './types.ts';

export interface CompileOptions {
  readonly graph: Graph;
  readonly precision: Precision;
  /** The scalar that training lowers. */
  readonly loss: Tensor;
  /** Scalars to report of every training step, by name. */
  readonly trainOutputs: Readonly<Record<string, Tensor>>;
  /** Scalars to compute on request, by evaluation and name. */
  readonly evaluations?: Readonly<Record<string, Readonly<Record<string, Tensor>>>>;
  readonly optimizer: Optimizer;
  /** False keeps every operation by itself, for comparison. */
  readonly fusion?: boolean;
}

/** A tensor kept from step to step. Checkpoints hold exactly these. */
export interface StateTensor {
  /** The parameter's name, or `<moment>/<parameter>`. */
  readonly name: string;
  readonly shape: Shape;
  readonly size: number;
}

/** A compiled program: what to compute, where, and in which order. It holds no values; a backend opens it into a session. */
export class Program {
  readonly info: ProgramInfo;
  readonly parameters: readonly CompiledParameter[];
  readonly train: Section;
  readonly evaluations: ReadonlyMap<string, Section>;
  readonly optimizer: Optimizer;
  /** The same for backends that run kernels over one arena. */
  readonly tape: Tape;

  /** Made by `compile` only. */
  constructor(parts: Omit<Program, 'state'>) {
    this.info = parts.info;
    this.parameters = parts.parameters;
    this.train = parts.train;
    this.evaluations = parts.evaluations;
    this.optimizer = parts.optimizer;
    this.tape = parts.tape;
  }

  /** Everything a checkpoint holds, parameters first. */
  get state(): StateTensor[] {
    return stateTensors(this.parameters, this.optimizer);
  }
}

/**
 * Compiles a graph for training: differentiates the loss, drops what nothing reads, fuses, plans the memory and lowers to tapes.
 * @throws LotkaError if the loss or an output is no scalar, a trainable parameter does not influence the loss,
 *   a parameter's group is unknown to the optimiser, or the program needs more than 2 GiB
 */
export function compile(options: CompileOptions): Program {
  const { graph, loss, optimizer, precision, fusion = true } = options;
  requireGroups(graph, optimizer);
  const gradientOf = gradients(loss);
  const pinned = new Set<Tensor>();
  const parameters = graph.parameters.map((tensor) => {
    const gradient = gradientOf.get(tensor);
    return { tensor, info: tensor.parameter, gradient: gradient && pin(gradient, pinned) };
  });
  const train = schedule(pinOutputs('trainOutputs', options.trainOutputs, pinned), pinned, fusion);
  const evaluations = new Map(
    Object.entries(options.evaluations ?? {}).map(([name, outputs]) => {
      const results = new Set<Tensor>();
      return [name, schedule(pinOutputs(`evaluation "${name}"`, outputs, results), results, fusion)];
    }),
  );
  const tape = lowerProgram({ precision, parameters, train, evaluations, optimizer });
  const width = precision === 'f64' ? 8 : 4;
  const trained = parameters.reduce((size, { info }) => size + (info.trainable ? info.size : 0), 0);
  const info: ProgramInfo = {
    precision,
    parameters: parameters.map((parameter) => parameter.info),
    trainOutputs: [...train.outputs.keys()],
    evaluations: Object.fromEntries([...evaluations].map(([name, section]) => [name, [...section.outputs.keys()]])),
    flopsPerStep: train.steps.reduce((sum, { operation }) => sum + operation.flops, 0) + optimizer.flopsPerElement * trained,
    arenaBytes: tape.arenaBytes,
    stateBytes: stateTensors(parameters, optimizer).reduce((sum, { size }) => sum + size * width, 0),
  };
  return new Program({ info, parameters, train, evaluations, optimizer, tape });
}

function stateTensors(parameters: readonly CompiledParameter[], optimizer: Optimizer): StateTensor[] {
  const trainable = parameters.filter(({ info }) => info.trainable);
  return [
    ...parameters.map(({ info: { name, shape, size } }) => ({ name, shape, size })),
    ...optimizer.moments.flatMap((moment) =>
      trainable.map(({ info: { name, shape, size } }) => ({ name: `${moment}/${name}`, shape, size })),
    ),
  ];
}

/** A tensor with memory of its own among those pinned: sources, views and what is pinned already are copied. */
function pin(tensor: Tensor, pinned: Set<Tensor>): Tensor {
  const own = isSource(tensor) || tensor.operation.view || pinned.has(tensor) ? copy(tensor) : tensor;
  pinned.add(own);
  return own;
}

function pinOutputs(what: string, outputs: Readonly<Record<string, Tensor>>, pinned: Set<Tensor>): Map<string, Tensor> {
  return new Map(
    Object.entries(outputs).map(([name, tensor]) => {
      if (tensor.size !== 1) {
        throw new LotkaError('bad-input', `Output "${name}" of ${what} must be a scalar, not of shape ${formatShape(tensor.shape)}.`);
      }
      return [name, pin(tensor, pinned)];
    }),
  );
}

function requireGroups(graph: Graph, optimizer: Optimizer): void {
  const groups = new Set(graph.parameters.map(({ parameter }) => parameter.group));
  const unknown = optimizer.groups.find((group) => !groups.has(group));
  if (unknown !== undefined) {
    throw new LotkaError(
      'bad-input',
      `${optimizer.name} has settings for the group "${unknown}", but the groups are: ${[...groups].join(', ')}.`,
    );
  }
}
