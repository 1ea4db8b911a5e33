/** The part of TensorFlow.js that is used here. Stated by shape: `@tensorflow/tfjs-core`, `tfjs` and `tfjs-node` all have it. */

/** A tensor of TensorFlow.js. */
export interface TfTensor {
  readonly shape: number[];
  dataSync(): ArrayLike<number>;
  dispose(): void;
}

type Operand = TfTensor | number;

export interface TensorFlow {
  readonly memory: () => { numTensors: number };
  /** Row-major values; `float32` unless told. The array is read when the tensor is first used. */
  tensor(values: Float32Array | Int32Array, shape: number[], dtype?: 'float32' | 'int32'): TfTensor;

  /** Frees what was made inside, except what is returned. */
  tidy<T extends TfTensor | TfTensor[] | void>(work: () => T): T;

  add(a: Operand, b: Operand): TfTensor;
  sub(a: Operand, b: Operand): TfTensor;
  mul(a: Operand, b: Operand): TfTensor;
  div(a: Operand, b: Operand): TfTensor;
  matMul(a: TfTensor, b: TfTensor, transposeA?: boolean, transposeB?: boolean): TfTensor;

  square(x: TfTensor): TfTensor;
  sqrt(x: TfTensor): TfTensor;
  exp(x: TfTensor): TfTensor;
  log(x: TfTensor): TfTensor;
  log1p(x: TfTensor): TfTensor;
  tanh(x: TfTensor): TfTensor;
  sigmoid(x: TfTensor): TfTensor;
  relu(x: TfTensor): TfTensor;
  round(x: TfTensor): TfTensor;
  softmax(x: TfTensor): TfTensor;
  logSoftmax(x: TfTensor): TfTensor;
  isNaN(x: TfTensor): TfTensor;

  greater(a: Operand, b: Operand): TfTensor;
  less(a: Operand, b: Operand): TfTensor;
  equal(a: Operand, b: Operand): TfTensor;
  logicalAnd(a: TfTensor, b: TfTensor): TfTensor;
  logicalNot(x: TfTensor): TfTensor;
  where(condition: TfTensor, a: Operand, b: Operand): TfTensor;
  cast(x: TfTensor, dtype: 'float32' | 'bool'): TfTensor;

  sum(x: TfTensor, axis?: number, keepDims?: boolean): TfTensor;
  mean(x: TfTensor, axis?: number, keepDims?: boolean): TfTensor;
  argMax(x: TfTensor, axis: number): TfTensor;
  argMin(x: TfTensor, axis: number): TfTensor;

  clone(x: TfTensor): TfTensor;
  reshape(x: TfTensor, shape: number[]): TfTensor;
  transpose(x: TfTensor, axes?: number[]): TfTensor;
  concat(parts: TfTensor[], axis: number): TfTensor;
  slice(x: TfTensor, begin: number[], size: number[]): TfTensor;
  pad(x: TfTensor, paddings: [number, number][]): TfTensor;
  fill(shape: number[], value: number): TfTensor;
  tile(x: TfTensor, times: number[]): TfTensor;
  gather(x: TfTensor, indices: TfTensor, axis?: number): TfTensor;
  unsortedSegmentSum(x: TfTensor, segments: TfTensor, count: number): TfTensor;
  topk(x: TfTensor, k: number): { readonly indices: TfTensor };
  oneHot(indices: TfTensor, depth: number): TfTensor;
}
