import { LotkaError } from '#app/protocol/errors.ts';
import { gradients } from './autodiff.ts';
import type { Graph, Tensor } from './graph.ts';
import { copy } from './ops/copy.ts';
import type { Optimizer } from './optimizers/index.ts';
import { runPasses } from './passes/index.ts';
import { isSource, schedule, type CompiledParameter, type Section } from './schedule.ts';
import { formatShape } from './shapes.ts';
import { lowerProgram, type Tape } from './tape.ts';
import type { AppliedPass, PassName, Precision, ProgramInfo, Shape } from './types.ts';

export interface CompileOptions {
  readonly graph: Graph;
  readonly precision: Precision;
  /** The scalar that training lowers. */
  readonly loss: Tensor;
  /** Scalars to report of every training step, by name. */
  readonly trainOutputs: Readonly<Record<string, Tensor>>;
  /** Scalars to compute on request, by evaluation and name. */
  readonly evaluations?: Readonly<Record<string, Readonly<Record<string, Tensor>>>>;
  /**
   * Results of any shape by evaluation and name, computed with that evaluation and read by `session.read('results/<name>')`.
   * Their names differ across all evaluations; an evaluation may have results only. They are computed as the model states them, without
   * the passes over the graph, so that training runs the same with and without them.
   */
  readonly results?: Readonly<Record<string, Readonly<Record<string, Tensor>>>>;
  readonly optimizer: Optimizer;
  /** False switches a pass off, for comparison. All are on unless told. */
  readonly passes?: Readonly<Partial<Record<PassName, boolean>>>;
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
  /** The same computation with passes switched off, for a backend that cannot run what they put into the graph. */
  readonly without: (...passes: PassName[]) => Program;

  /** Made by `compile` only. */
  constructor(parts: Omit<Program, 'state'>) {
    this.info = parts.info;
    this.parameters = parts.parameters;
    this.train = parts.train;
    this.evaluations = parts.evaluations;
    this.optimizer = parts.optimizer;
    this.tape = parts.tape;
    this.without = parts.without;
  }

  /** Everything a checkpoint holds, parameters first. */
  get state(): StateTensor[] {
    return stateTensors(this.parameters, this.optimizer);
  }
}

/**
 * Compiles a graph for training: runs the passes over it, differentiates the loss, drops what nothing reads, fuses, plans the memory
 * and lowers to tapes.
 * @throws LotkaError if the loss or an output is no scalar, a trainable parameter does not influence the loss,
 *   a parameter's group is unknown to the optimiser, or the program needs more than 2 GiB
 */
export function compile(options: CompileOptions): Program {
  const { graph, optimizer, precision, passes: switches = {} } = options;
  requireGroups(graph, optimizer);
  requireNames(options);
  const { loss, trainOutputs, evaluations: asked = {}, results: kept = {} } = options;
  const wanted: Wanted = { loss, trainOutputs, evaluations: asked };
  const stages = runPasses(rootsOf(wanted), precision, switches);
  const fusion = switches.fusion !== false;
  let step = trainingStep(graph, wanted, fusion);
  const plainFlopsPerStep = flopsOf(step, optimizer);
  let flopsPerStep = plainFlopsPerStep;
  const passes = stages.map(({ name, what, became }): AppliedPass => {
    step = trainingStep(graph, mapWanted(wanted, became), fusion);
    const flops = [flopsPerStep, flopsOf(step, optimizer)] as const;
    flopsPerStep = flops[1];
    return { name, what, flops };
  });
  const { parameters, train } = step;
  const final = mapWanted(wanted, stages.at(-1)?.became ?? ((root) => root));
  const evaluations = new Map(
    [...new Set([...Object.keys(asked), ...Object.keys(kept)])].map((name) => {
      const pinned = new Set<Tensor>();
      const outputs = pinOutputs(final.evaluations[name] ?? {}, pinned);
      const results = pinOutputs(kept[name] ?? {}, pinned);
      return [name, schedule(outputs, pinned, fusion, results)];
    }),
  );
  const tape = lowerProgram({ precision, parameters, train, evaluations, optimizer, inPlace: switches.inPlace !== false });
  const width = precision === 'f64' ? 8 : 4;
  const info: ProgramInfo = {
    precision,
    parameters: parameters.map((parameter) => parameter.info),
    trainOutputs: [...train.outputs.keys()],
    evaluations: Object.fromEntries([...evaluations].map(([name, section]) => [name, [...section.outputs.keys()]])),
    results: [...evaluations].flatMap(([evaluation, { results }]) =>
      [...results].map(([name, { shape, size }]) => ({ name, evaluation, shape, size })),
    ),
    flopsPerStep,
    plainFlopsPerStep,
    passes,
    arenaBytes: tape.arenaBytes,
    stateBytes: stateTensors(parameters, optimizer).reduce((sum, { size }) => sum + size * width, 0),
  };
  const without = (...off: PassName[]): Program =>
    compile({ ...options, passes: { ...switches, ...Object.fromEntries(off.map((name) => [name, false])) } });
  return new Program({ info, parameters, train, evaluations, optimizer, tape, without });
}

/** What a program computes. */
interface Wanted {
  readonly loss: Tensor;
  readonly trainOutputs: Readonly<Record<string, Tensor>>;
  readonly evaluations: Readonly<Record<string, Readonly<Record<string, Tensor>>>>;
}

function rootsOf({ loss, trainOutputs, evaluations }: Wanted): Tensor[] {
  const sections = [trainOutputs, ...Object.values(evaluations)];
  return [...new Set([loss, ...sections.flatMap((outputs) => Object.values(outputs))])];
}

function mapWanted({ loss, trainOutputs, evaluations }: Wanted, became: (root: Tensor) => Tensor): Wanted {
  const mapAll = <T, U>(record: Readonly<Record<string, T>>, to: (value: T) => U): Record<string, U> =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [name, to(value)]));
  return {
    loss: became(loss),
    trainOutputs: mapAll(trainOutputs, became),
    evaluations: mapAll(evaluations, (outputs) => mapAll(outputs, became)),
  };
}

/** Forward and backward pass of a training step. */
function trainingStep(
  graph: Graph,
  { loss, trainOutputs }: Wanted,
  fusion: boolean,
): { readonly parameters: readonly CompiledParameter[]; readonly train: Section } {
  const gradientOf = gradients(loss);
  const pinned = new Set<Tensor>();
  const parameters = graph.parameters.map((tensor) => {
    const gradient = gradientOf.get(tensor);
    return { tensor, info: tensor.parameter, gradient: gradient && pin(gradient, pinned) };
  });
  return { parameters, train: schedule(pinOutputs(trainOutputs, pinned), pinned, fusion) };
}

function flopsOf({ parameters, train }: ReturnType<typeof trainingStep>, optimizer: Optimizer): number {
  const trained = parameters.reduce((size, { info }) => size + (info.trainable ? info.size : 0), 0);
  return train.steps.reduce((sum, { operation }) => sum + operation.flops, 0) + optimizer.flopsPerElement * trained;
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

function pinOutputs(outputs: Readonly<Record<string, Tensor>>, pinned: Set<Tensor>): Map<string, Tensor> {
  return new Map(Object.entries(outputs).map(([name, tensor]) => [name, pin(tensor, pinned)]));
}

/** @throws LotkaError if an output is no scalar or a result's name is used twice */
function requireNames({ trainOutputs, evaluations = {}, results = {} }: CompileOptions): void {
  const names = Object.values(results).flatMap((of) => Object.keys(of));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new LotkaError('bad-input', `Result "${twice}" belongs to two evaluations; names of results must differ.`);
  const sections = [
    ['trainOutputs', trainOutputs] as const,
    ...Object.entries(evaluations).map(([name, of]) => [`evaluation "${name}"`, of] as const),
  ];
  for (const [what, outputs] of sections) {
    for (const [name, { size, shape }] of Object.entries(outputs)) {
      if (size !== 1)
        throw new LotkaError('bad-input', `Output "${name}" of ${what} must be a scalar, not of shape ${formatShape(shape)}.`);
    }
  }
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
