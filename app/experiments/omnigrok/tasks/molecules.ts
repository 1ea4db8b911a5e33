/**
 * Synthetic molecules in place of QM9: random graphs of three to nine atoms, whose answer is a sum of what atoms and bonds contribute,
 * as polarizability nearly is. Two rounds of messages along bonds, a sum over atoms, two layers; a bond's kind chooses the matrix of
 * its messages, which is what an edge network over kinds comes to.
 */
import { add, addBias, batchedMatmul, matmul, relu, reshape, scaleRows, sliceColumns, sumColumns } from '#app/engine/index.ts';

import { stream, type RandomStream } from '#app/numerics/random.ts';
import { linearInitials } from '../../initial.ts';
import type { OmnigrokParameters } from '../parameters.ts';
import { normals, perceptron } from './networks.ts';
import type { Network, NetworkTensor, Samples, Task } from './task.ts';

const atoms = { from: 3, to: 9 };
const elements = 5;
/** Share of single, double and triple bonds. */
const bondShares = [0.75, 0.2, 0.05];
const ringShare = 0.3;

/** A row is which element each place holds (9 x 5, none where there is no atom), then for each kind of bond who is bound to whom (9 x 9). */
const atomNumbers = atoms.to * elements;
const bondNumbers = atoms.to ** 2;
const width = atomNumbers + bondShares.length * bondNumbers;

/** Draws one molecule into a row. @returns the sum of contributions, elements first, then kinds of bonds */
function draw(random: RandomStream, row: Float64Array, contributions: Float64Array): number {
  const count = atoms.from + random.below(atoms.to - atoms.from + 1);
  let answer = 0;
  const bind = (i: number, j: number): void => {
    const share = random.uniform();
    const kind = share < bondShares[0] ? 0 : share < bondShares[0] + bondShares[1] ? 1 : 2;
    const taken = bondShares.some((_, other) => row[atomNumbers + other * bondNumbers + i * atoms.to + j] === 1);
    if (i === j || taken) return;
    for (const place of [i * atoms.to + j, j * atoms.to + i]) row[atomNumbers + kind * bondNumbers + place] = 1;
    answer += contributions[elements + kind];
  };
  for (let atom = 0; atom < count; atom += 1) {
    const element = random.below(elements);
    row[atom * elements + element] = 1;
    answer += contributions[element];
    if (atom > 0) bind(atom, random.below(atom));
  }
  if (random.uniform() < ringShare) bind(random.below(count), random.below(count));
  return answer;
}

export function molecules(parameters: OmnigrokParameters): Task {
  const contributions = normals(stream(parameters.teacherSeed, 'contributions'), elements + bondShares.length, 1);
  const random = stream(parameters.dataSeed, 'data');
  const samples = (rows: number): Samples => {
    const inputs = new Float64Array(rows * width);
    // A third keeps answers about as large as 1.
    const values = Float64Array.from(
      { length: rows },
      (_, row) => draw(random, inputs.subarray(row * width, (row + 1) * width), contributions) / 3,
    );
    return { rows, inputs: { kind: 'numbers', width, values: inputs }, values };
  };
  const test = samples(parameters.testSamples);
  return {
    test,
    train: samples(parameters.trainingSamples),
    target: { kind: 'number', width: 1 },
    objective: 'mse',
    network: (outputs) => messages(outputs, parameters),
  };
}

/** Rounds of messages with the hidden widths, each h <- relu(h W + sum over kinds of A_kind h W_kind + b); then layers w, 2 w, outputs. */
function messages(outputs: number, { hiddenWidths, activation }: OmnigrokParameters): Network {
  const last = hiddenWidths[hiddenWidths.length - 1];
  const readout = perceptron([last, 2 * last, outputs], activation, 'readout');
  const rounds = hiddenWidths.map((to, i) => ({ name: `messages.${i}`, from: i > 0 ? hiddenWidths[i - 1] : elements, to }));
  return {
    tensors: [...rounds.flatMap(roundTensors), ...readout.tensors],
    apply(tensor, { rows, numbers }) {
      const present = reshape(sliceColumns(numbers, 0, atomNumbers), [rows * atoms.to, elements]);
      const exists = sumColumns(present);
      const bonds = bondShares.map((_, kind) =>
        reshape(sliceColumns(numbers, atomNumbers + kind * bondNumbers, bondNumbers), [rows, atoms.to, atoms.to]),
      );
      const states = rounds.reduce((state, { name, from }) => {
        const sent = bonds.map((bound, kind) => {
          const heard = batchedMatmul(bound, reshape(state, [rows, atoms.to, from]));
          return matmul(reshape(heard, [rows * atoms.to, from]), tensor(`${name}.bond.${kind}`));
        });
        const own = addBias(matmul(state, tensor(`${name}.own`)), tensor(`${name}.bias`));
        return scaleRows(relu(sent.reduce(add, own)), exists);
      }, present);
      const one = numbers.graph.constant(new Float64Array(rows * atoms.to).fill(1), [rows, 1, atoms.to]);
      return readout.apply(tensor, reshape(batchedMatmul(one, reshape(states, [rows, atoms.to, last])), [rows, last]));
    },
  };
}

function roundTensors({ name, from, to }: { readonly name: string; readonly from: number; readonly to: number }): NetworkTensor[] {
  const matrix = (part: string): NetworkTensor => ({
    name: `${name}.${part}`,
    shape: [from, to],
    draw: (random) => linearInitials(random, from, to).weight,
  });
  const bias: NetworkTensor = { name: `${name}.bias`, shape: [to], draw: (random) => linearInitials(random, from, to).bias };
  return [matrix('own'), bias, ...bondShares.map((_, kind) => matrix(`bond.${kind}`))];
}
