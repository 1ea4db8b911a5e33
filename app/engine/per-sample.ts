import { LotkaError } from '#app/protocol/errors.ts';
import { backward } from './autodiff.ts';
import type { Tensor } from './graph.ts';
import type { RowGradient } from './operation.ts';
import { add } from './ops/add.ts';
import { batchedMatmul } from './ops/batchedMatmul.ts';
import { matmul } from './ops/matmul.ts';
import { multiply } from './ops/multiply.ts';
import { reshape } from './ops/reshape.ts';
import { scale } from './ops/scale.ts';
import { transpose } from './ops/transpose.ts';
import { formatShape } from './shapes.ts';

// A loss that is a mean over n samples, of which sample i is row i of every tensor between the parameters and the loss, has a gradient
// for each sample. For a linear layer it is the outer product of the sample's input and the gradient of its output, so inner products
// of such gradients need no gradient matrix (Goodfellow 2015, arXiv 1510.01799).

/**
 * Inner products of per-sample gradients: G[i, j] = <d l_i / d parameters, d l_j / d parameters> for a loss that is the mean (or sum) of
 * the l_i over n rows; [n, n]. A parameter used several times, as in recurrent networks, is taken as the one parameter it is.
 * Costs n^2 times the widths of the layers, without ever forming a gradient.
 * @param parameters trainable parameters taken together; all of them unless given
 * @throws LotkaError if the loss is no mean or sum over rows, rows mix on the way to it, or a parameter is used by an op for which
 *   gradients of single rows are not known
 */
export function gradientGram(loss: Tensor, parameters?: readonly Tensor[]): Tensor {
  const { share, usesOf } = samples('gradientGram', loss, parameters);
  const terms = usesOf.flatMap(({ uses }) =>
    uses.flatMap((first, index) =>
      uses.slice(index).map((second, distance) => {
        const products = innerProducts(first, second);
        return distance === 0 ? products : add(products, transpose(products));
      }),
    ),
  );
  return scale(
    terms.reduce((sum, term) => add(sum, term)),
    1 / (share * share),
  );
}

/**
 * The gradient of every sample's loss: for each parameter a matrix [n, size] whose row i is d l_i / d parameter, row-major, for a loss
 * that is the mean (or sum) of the l_i over n rows. Holds n numbers for each parameter element: for small networks.
 * @param parameters trainable parameters; all of them, in order of creation, unless given
 * @throws LotkaError as `gradientGram`
 */
export function perSampleGradients(loss: Tensor, parameters?: readonly Tensor[]): Tensor[] {
  const { rows, share, usesOf } = samples('perSampleGradients', loss, parameters);
  return usesOf.map(({ parameter, uses }) => {
    const parts = uses.map(({ left, right }) => {
      if (!left) return right;
      const [columns, rest] = [left, right].map(({ shape }) => shape[1]);
      return reshape(batchedMatmul(reshape(left, [rows, columns, 1]), reshape(right, [rows, 1, rest])), [rows, parameter.size]);
    });
    return scale(
      parts.reduce((sum, part) => add(sum, part)),
      1 / share,
    );
  });
}

/** <left_i (x) right_i, left'_j (x) right'_j> for all i, j. */
function innerProducts(first: RowGradient, second: RowGradient): Tensor {
  const right = matmul(first.right, second.right, { transposeB: true });
  return first.left && second.left ? multiply(right, matmul(first.left, second.left, { transposeB: true })) : right;
}

interface Samples {
  readonly rows: number;
  readonly share: number;
  /** For each parameter the places that use it, with the gradient through each. */
  readonly usesOf: readonly { readonly parameter: Tensor; readonly uses: readonly RowGradient[] }[];
}

function samples(
  what: string,
  loss: Tensor,
  parameters: readonly Tensor[] = loss.graph.parameters.filter(({ parameter }) => parameter.trainable),
): Samples {
  const { rowTerms, name } = loss.operation;
  if (!rowTerms) {
    throw new LotkaError('bad-input', `${what}: the loss must be a mean or sum over rows, such as softmaxCrossEntropy, and not ${name}.`);
  }
  const upstream = backward(loss);
  const [rows] = loss.operation.inputs[rowTerms.inputs[0]].shape;
  const path = [...upstream.keys()].filter((tensor) => !tensor.parameter);
  for (const tensor of path) requireRows(what, tensor, loss, rows, upstream);
  const usesOf = parameters.map((parameter) => {
    const uses = path.flatMap((tensor) =>
      tensor.operation.inputs.flatMap((input, index) => {
        if (input !== parameter) return [];
        const use = tensor.operation.rowGradient?.(upstream.get(tensor)!, index);
        if (use) return [use];
        const place = `${tensor.operation.name} of shape ${formatShape(tensor.shape)}`;
        throw new LotkaError(
          'bad-input',
          `${what}: parameter "${nameOf(parameter)}" is used by ${place}, where gradients of single rows are not known; use it in matmul, addBias, scaleColumns or gather.`,
        );
      }),
    );
    if (uses.length > 0) return { parameter, uses };
    throw new LotkaError('bad-input', `${what}: "${nameOf(parameter)}" is no trainable parameter that influences the loss.`);
  });
  return { rows, share: rowTerms.share, usesOf };
}

/** @throws LotkaError unless row i of the tensor depends on row i only of what is before it on the path */
function requireRows(what: string, tensor: Tensor, loss: Tensor, rows: number, upstream: ReadonlyMap<Tensor, Tensor>): void {
  const { operation, shape } = tensor;
  const alone = tensor === loss ? operation.rowTerms!.inputs : (operation.rowwise ?? []);
  const mixes = operation.inputs.some((input, index) => upstream.has(input) && !input.parameter && !alone.includes(index));
  if (mixes || (tensor !== loss && shape[0] !== rows)) {
    throw new LotkaError(
      'bad-input',
      `${what}: rows are not single samples in ${operation.name} of shape ${formatShape(shape)}; every op between the parameters and the loss must treat its ${rows} rows apart.`,
    );
  }
}

function nameOf(tensor: Tensor): string {
  return tensor.parameter?.name ?? tensor.operation.name;
}
