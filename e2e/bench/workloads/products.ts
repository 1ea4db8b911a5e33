/** W5: matrix products alone, of the shapes that W1 to W3 compute, and 512 cubed. */
import { add, compile, gather, Graph, matmul, sgd, sum } from '#app/engine/index.ts';
import type { Backend, Precision, Session } from '#app/engine/index.ts';
import { stream } from '#app/numerics/random.ts';
import type { Runner } from '../runner.ts';
import { real, whole, wholeNumbers, type Shared } from '../shared.ts';

export interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposed: 'none' | 'left' | 'right';
  readonly from: string;
}

const transpositions = ['none', 'left', 'right'] as const;

const product = (from: string, m: number, k: number, n: number, transposed: Product['transposed'] = 'none'): Product => ({
  m,
  n,
  k,
  transposed,
  from,
});

export const products: readonly Product[] = [
  product('square', 512, 512, 512),
  product('W1 forward', 2784, 100, 100),
  product('W1 logits', 2784, 100, 59),
  product('W1 weights', 100, 2784, 100, 'left'),
  product('W1 signals', 2784, 59, 100, 'right'),
  product('W2 forward', 45, 200, 200),
  product('W2 weights', 200, 45, 200, 'left'),
  product('W2 signals', 45, 200, 200, 'right'),
  product('W3 forward', 200, 784, 200),
  product('W3 weights', 784, 200, 200, 'left'),
  product('W3 hidden', 200, 200, 200),
];

export const flopsOf = ({ m, n, k }: Product): number => 2 * m * n * k;

export function describeProduct({ m, n, k, transposed, from }: Product): string {
  return `${from} ${m}×${k}×${n}${transposed === 'none' ? '' : `, ${transposed} factor transposed`}`;
}

export function productsShared(precision: Precision): Shared {
  const rows = products.flatMap(({ m, n, k, transposed }) => [m, n, k, transpositions.indexOf(transposed)]);
  return {
    workload: `w5-${precision}`,
    precision,
    settings: {},
    arrays: { shapes: whole(rows, [products.length, 4]), 'init/none': real(precision, [0], [1]) },
  };
}

/** A session whose evaluation is one product and the sum of its first row, so that it has a result to ask for. */
function openProduct(backend: Backend, precision: Precision, [m, n, k, transposed]: ArrayLike<number> & Iterable<number>): Session {
  const graph = new Graph();
  const transposeA = transposed === 1;
  const transposeB = transposed === 2;
  const a = graph.parameter('a', transposeA ? [k, m] : [m, k]);
  const b = graph.parameter('b', transposeB ? [n, k] : [k, n]);
  const result = sum(gather(matmul(a, b, { transposeA, transposeB }), graph.indices([0], m)));
  const program = compile({
    graph,
    precision,
    loss: add(sum(a), sum(b)),
    trainOutputs: {},
    evaluations: { product: { result } },
    optimizer: sgd({ learningRate: 0 }),
  });
  const session = backend.open(program);
  for (const { name, size } of program.info.parameters) {
    const random = stream(0, name);
    session.write(
      name,
      Float64Array.from({ length: size }, () => random.normal()),
    );
  }
  return session;
}

/** One step is one product of the chosen shape. */
export function openProducts(backend: Backend, shared: Shared): Runner {
  const rows = wholeNumbers(shared, 'shapes');
  const sessions = new Map<number, Session>();
  const sessionAt = (index: number): Session => {
    let session = sessions.get(index);
    if (!session) sessions.set(index, (session = openProduct(backend, shared.precision, rows.subarray(index * 4, index * 4 + 4))));
    return session;
  };
  let session = sessionAt(0);
  return {
    run: (steps) => {
      for (let step = 0; step < steps; step++) session.evaluate('product');
    },
    outputs: () => ({ loss: session.evaluate('product').result }),
    choose: (index) => {
      session = sessionAt(index);
    },
  };
}
