/** Checks shared by the tests of ops. */
import { stream, type RandomStream } from '#app/numerics/random.ts';
import { expect } from 'vitest';
import { reachable } from './autodiff.ts';
import { compile, directionalDerivatives, Graph, multiply, referenceBackend, sgd, sum, wasmBackend } from './index.ts';
import type { Backend, Precision, RealArray, Session, Shape, Tensor } from './index.ts';
import { sizeOf } from './shapes.ts';

/** An op applied to some inputs. */
export interface OpCase {
  readonly inputs: readonly Shape[];
  readonly build: (tensors: Tensor[], graph: Graph) => Tensor;
  /** Draws one input value; standard normal unless given. */
  readonly draw?: (random: RandomStream) => number;
  readonly seed?: number;
}

/** The op's result, and for a fixed upstream gradient the gradients of its inputs. */
export interface OpResult {
  readonly value: RealArray;
  readonly gradients: readonly RealArray[];
}

/** The arguments of an op case: values of the inputs and the upstream gradient, the same in every call. */
export interface OpArguments {
  readonly inputs: readonly Float64Array[];
  readonly upstream: Float64Array;
  readonly shape: Shape;
}

/**
 * Opens loss = sum(op(x0, x1, ...) * probe) with the inputs and the probe as parameters.
 * The probe's gradient is the op's result and the probe is the upstream gradient.
 */
function openCase(backend: Backend, precision: Precision, { inputs, build }: OpCase): { session: Session; shape: Shape } {
  const graph = new Graph();
  const result = build(
    inputs.map((shape, index) => graph.parameter(`x${index}`, shape)),
    graph,
  );
  const loss = sum(multiply(result, graph.parameter('probe', result.shape)));
  // The op itself is on trial, not what a pass would make of it.
  const passes = { constants: false, repeats: false, duplicates: false, tables: false, columns: false };
  const optimizer = sgd({ learningRate: 0 });
  const options = { graph, precision, loss, trainOutputs: { loss }, evaluations: { now: { loss } }, optimizer, passes };
  return { session: backend.open(compile(options)), shape: result.shape };
}

/** Draws the arguments of an op case, rounded to f32 so that both precisions see the same numbers. */
export function drawArguments(opCase: OpCase): OpArguments {
  const random = stream(opCase.seed ?? 1, 'op');
  const draw = opCase.draw ?? ((source) => source.normal());
  const inputs = opCase.inputs.map((shape) => Float64Array.from({ length: sizeOf(shape) }, () => Math.fround(draw(random))));
  const { session, shape } = openCase(referenceBackend(), 'f64', opCase);
  session.dispose();
  return { inputs, shape, upstream: Float64Array.from({ length: sizeOf(shape) }, () => Math.fround(random.normal())) };
}

function write(session: Session, { inputs, upstream }: OpArguments): void {
  inputs.forEach((values, index) => session.write(`x${index}`, values));
  session.write('probe', upstream);
}

/** Computes an op case on a backend. */
export function runOp(backend: Backend, precision: Precision, opCase: OpCase, given: OpArguments): OpResult {
  const { session } = openCase(backend, precision, opCase);
  write(session, given);
  session.run(1);
  return { value: session.read('gradient/probe'), gradients: given.inputs.map((_, index) => session.read(`gradient/x${index}`)) };
}

/** Fails unless every element is within `tolerance` of the expected one, relative to the largest expected size (at least 1). */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string): void {
  expect(actual.length, `${what}: number of elements`).toBe(expected.length);
  let scale = 1;
  for (let i = 0; i < expected.length; i++) scale = Math.max(scale, Math.abs(expected[i]));
  for (let i = 0; i < expected.length; i++) {
    if (!(Math.abs(actual[i] - expected[i]) <= tolerance * scale)) {
      expect.fail(`${what}: element ${i} is ${actual[i]}, expected ${expected[i]} within ${tolerance} of ${scale}`);
    }
  }
}

/** Central differences of the reference backend's loss with respect to every input element, in f64. */
function differences(opCase: OpCase, given: OpArguments): Float64Array[] {
  const step = 1e-5;
  const { session } = openCase(referenceBackend(), 'f64', opCase);
  write(session, given);
  return given.inputs.map((values, index) => {
    const moved = values.slice();
    const lossAt = (element: number, value: number): number => {
      moved[element] = value;
      session.write(`x${index}`, moved);
      return session.evaluate('now').loss;
    };
    const slopes = values.map((value, element) => {
      const slope = (lossAt(element, value + step) - lossAt(element, value - step)) / (2 * step);
      moved[element] = value;
      return slope;
    });
    session.write(`x${index}`, values);
    return slopes;
  });
}

/**
 * The derivative of the loss along directions of the inputs, in forward mode, beside that from the gradients: <u, J d> and <J^T u, d>.
 * Undefined if the op, or one it is made of, has no derivatives along directions.
 */
function alongDirections(backend: Backend, opCase: OpCase, given: OpArguments, { gradients }: OpResult): [number, number] | undefined {
  const graph = new Graph();
  const inputs = opCase.inputs.map((shape, index) => graph.parameter(`x${index}`, shape));
  const result = opCase.build(inputs, graph);
  if (reachable([result]).some(({ operation }) => operation.gradient && !operation.linear && !operation.tangent)) return undefined;
  const probe = graph.parameter('probe', result.shape);
  const random = stream(opCase.seed ?? 1, 'directions');
  const directions = inputs.map(({ size }) => Float64Array.from({ length: size }, () => random.normal()));
  const constants = inputs.map(({ shape }, index) => graph.constant(directions[index], shape));
  const [slope] = directionalDerivatives([result], new Map(inputs.map((input, index) => [input, constants[index]])));
  const along = slope ? sum(multiply(slope, probe)) : graph.constant([0], []);
  const loss = sum(multiply(result, probe));
  const options = {
    graph,
    precision: 'f64',
    loss,
    trainOutputs: {},
    evaluations: { now: { along } },
    optimizer: sgd({ learningRate: 0 }),
  } as const;
  const session = backend.open(compile(options));
  write(session, given);
  const expected = gradients.reduce((total, part, index) => total + directions[index].reduce((s, d, i) => s + d * part[i], 0), 0);
  return [session.evaluate('now').along, expected];
}

/**
 * Checks an op: gradients against central differences (f64, 1e-7), the kernels against the reference in both precisions,
 * and derivatives along directions, where the op has them, against the gradients.
 * @param kernels bytes of the WASM module
 */
export function checkOp(kernels: Uint8Array, opCase: OpCase): void {
  const given = drawArguments(opCase);
  const reference = runOp(referenceBackend(), 'f64', opCase, given);
  differences(opCase, given).forEach((slopes, index) =>
    expectClose(reference.gradients[index], slopes, 1e-7, `gradient of input ${index}`),
  );
  const wasm = wasmBackend(kernels);
  for (const backend of [referenceBackend(), wasm]) {
    const [along, expected] = alongDirections(backend, opCase, given, reference) ?? [0, 0];
    expectClose([along], [expected], 1e-11, 'derivative along a direction');
  }
  for (const [precision, tolerance] of [
    ['f64', 1e-13],
    ['f32', 2e-6],
  ] as const) {
    const actual = runOp(wasm, precision, opCase, given);
    expectClose(actual.value, reference.value, tolerance, `value in ${precision}`);
    actual.gradients.forEach((gradient, index) =>
      expectClose(gradient, reference.gradients[index], tolerance, `gradient ${index} in ${precision}`),
    );
  }
}
