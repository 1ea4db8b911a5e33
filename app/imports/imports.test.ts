import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ArrayFile, FoundArray } from '#app/arrays/file.ts';
import { noTurn } from '#app/arrays/testing.ts';
import { writeNpy } from '#app/runs/npy.ts';
import { catalogueOf } from './catalogue.ts';
import { collect, type ImportBatch } from './collect.ts';
import { guessRoles } from './guess.ts';
import { inspect } from './inspect.ts';
import { ImportMapping } from './mapping.ts';
import { assign, planImport } from './plan.ts';
import { catalogue, circles, npz, row, type Arrays } from './testing.ts';

type Told = Parameters<typeof ImportMapping.parse>[0] & object;

async function collected(
  files: Readonly<Record<string, Uint8Array>>,
  told: Told = {},
): Promise<{ rows: Record<string, number[]>; frames: ImportBatch['frames'][number][]; message: string | null }> {
  const mapping = ImportMapping.parse(told);
  const plan = await planImport(assign(await catalogue(files), mapping), mapping, noTurn);
  const rows: Record<string, number[]> = {};
  const frames: ImportBatch['frames'][number][] = [];
  let message: string | null = null;
  for await (const batch of collect(plan, noTurn)) {
    for (const [name, values] of Object.entries(batch.rows)) (rows[name] ??= []).push(...values);
    frames.push(...batch.frames);
    message = batch.message;
  }
  return { rows, frames, message };
}
const looked = async (arrays: Arrays, told: Told = {}) =>
  inspect(await catalogue({ 'a.npz': npz(arrays) }), ImportMapping.parse(told), noTurn);
const trouble = async (arrays: Arrays, told: Told = {}): Promise<string | null> => (await looked(arrays, told)).trouble;
const weights = (steps: number) => ({ shape: [steps, 3, 2], values: new Float32Array(steps * 6).fill(2) });

describe('what arrays are', () => {
  it('guesses by names and shapes, and says why', async () => {
    const found = await looked({
      embedding: circles(20, 7),
      train_loss: row(20),
      test_loss: row(20),
      val_acc: row(20),
      acc: row(20),
      step: row(20),
      'mlp.weight': weights(20),
      seed: row(1),
    });
    expect(found.arrays.map(({ key, role }) => [key, role])).toEqual([
      ['embedding', 'embedding'],
      ['train_loss', 'trainLoss'],
      ['test_loss', 'testLoss'],
      ['val_acc', 'testAccuracy'],
      ['acc', 'trainAccuracy'],
      ['step', 'steps'],
      ['mlp.weight', 'weights'],
      ['seed', 'ignore'],
    ]);
    expect(found.arrays[0]!.why).toBe('its name says so, and it has 20 steps of 7 × 4 numbers');
    expect(found.sentence).toBe(
      '20 steps of an embedding of 7 tokens in 4 dimensions, with training loss, test loss, training accuracy, test accuracy and the norms of 1 weight.',
    );
  });

  it('takes the only array of steps, tokens and dimensions, whatever its name; not positions, not the unembedding', async () => {
    expect((await looked({ x: circles(20, 7), y: row(20) })).arrays[0]).toMatchObject({ role: 'embedding' });
    const transformer = await looked({ 'unembed.W_U': circles(9, 7), 'pos_embed.W_pos': circles(9, 5), 'embed.W_E': circles(9, 7) });
    expect(transformer.arrays.map(({ role }) => role)).toEqual(['weights', 'weights', 'embedding']);
  });

  it('joins a file for every step, by the last number of its name', async () => {
    const one = (step: number) =>
      npz({
        'embed.weight': { shape: [7, 4], values: circles(20, 7).values.slice(28 * step, 28 * step + 28) },
        loss: { shape: [], values: Float64Array.of(step) },
      });
    const files = { 'run_2_step_000100.npz': one(1), 'run_2_step_20.npz': one(0), 'run_2_step_000300.npz': one(2) };
    const found = await catalogue(files);
    expect(found.map(({ key, shape, steps }) => [key, shape, steps])).toEqual([
      ['embed.weight', [3, 7, 4], [20, 100, 300]],
      ['loss', [3], [20, 100, 300]],
    ]);
    const { rows, frames } = await collected(files);
    expect(rows.trainingStep).toEqual([20, 100, 300]);
    expect(rows.trainLoss).toEqual([0, 1, 2]);
    expect([...frames[1]!.values]).toEqual([...circles(20, 7).values.slice(28, 56)]);
  });

  it('joins names of steps in one file, and files of .npy, but no layers', async () => {
    const flat = { shape: [7, 4], values: new Float32Array(28) };
    expect(
      (await catalogue({ 'a.npz': npz({ 'step_1/embedding': flat, 'step_10/embedding': flat }) })).map(({ key, steps }) => [key, steps]),
    ).toEqual([['step_#/embedding', [1, 10]]]);
    expect(
      (await catalogue({ 'emb_1.npy': writeNpy(flat.values, [7, 4]), 'emb_2.npy': writeNpy(flat.values, [7, 4]) })).map(
        ({ key, shape }) => [key, shape],
      ),
    ).toEqual([['emb_#', [2, 7, 4]]]);
    expect((await catalogue({ 'a.npz': npz({ 'layers.0.weight': flat, 'layers.1.weight': flat }) })).map(({ key }) => key)).toEqual([
      'layers.0.weight',
      'layers.1.weight',
    ]);
  });

  it('says which step has another shape', async () => {
    const files = {
      's_1.npz': npz({ embedding: { shape: [7, 4], values: new Float32Array(28) } }),
      's_2.npz': npz({ embedding: { shape: [7, 2], values: new Float32Array(14) } }),
    };
    const found = await inspect(await catalogue(files), ImportMapping.parse({ roles: { embedding: 'embedding' } }), noTurn);
    expect(found.trouble).toBe('"embedding" is 7 × 4 of <f4 at step 1 and 7 × 2 of <f4 at step 2; it should be the same at every step.');
  });

  it('whatever arrays are called and shaped: one of each at most, and a sentence or a reason', async () => {
    const words = fc.constantFrom(
      'embedding',
      'embed',
      'loss',
      'test_loss',
      'train',
      'acc',
      'val',
      'step',
      'steps',
      'w',
      'pos',
      'step_1',
      'step_2',
      '0',
      '/',
      '#',
      'ü',
      '__proto__',
    );
    const array = fc.record({
      name: fc.array(words, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('_')),
      shape: fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            file: fc.constantFrom('a.npz', 's_1.npz', 's_2.npz', 'b.npy', 'c3.safetensors'),
            arrays: fc.array(array, { maxLength: 6 }),
          }),
          { maxLength: 4 },
        ),
        fc.integer({ min: 1, max: 50 }),
        fc.boolean(),
        async (files, modulus, transposed) => {
          const opened = files.map(({ file, arrays }, i): ArrayFile => ({
            file: `${i}${file}`,
            format: file.endsWith('npy') ? 'npy' : 'npz',
            arrays: arrays.map(({ name, shape }): FoundArray => ({
              name,
              shape,
              dtype: '<f4',
              trouble: null,
              load: () => Promise.resolve(new Float32Array(shape.reduce((a, b) => a * b, 1))),
            })),
          }));
          const found = catalogueOf(opened);
          expect(found.reduce((sum, { parts }) => sum + parts.length, 0)).toBe(opened.reduce((sum, { arrays }) => sum + arrays.length, 0));
          expect(new Set(found.map(({ key }) => key)).size).toBe(found.length);
          const guesses = [...guessRoles(found).values()].map(({ role }) => role).filter((role) => role !== 'weights' && role !== 'ignore');
          expect(new Set(guesses).size).toBe(guesses.length);
          const { sentence, trouble: why } = await inspect(found, ImportMapping.parse({ modulus, transposed }), noTurn);
          expect((sentence === null) !== (why === null)).toBe(true);
          expect(sentence ?? why).toMatch(/^[^\n]+\.$/);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('what an import comes to', () => {
  it('has the signals of its circles, their norms, and what was chosen', async () => {
    const { rows, frames } = await collected({ 'a.npz': npz({ embedding: circles(10, 7), w: weights(10), loss: row(10) }) });
    // A circle of radius r with p tokens: |sum of r exp(2 i k t)| in each of two axes is p r / 2, together p r / sqrt(2).
    const [s1, s2] = [rows.signals![0]!, rows.signals![1]!];
    expect(s1).toBeCloseTo((7 * 1) / Math.SQRT2, 5);
    expect(s2).toBeCloseTo((7 * 1) / Math.SQRT2, 5);
    expect(rows.signals!.slice(27, 29)[1]! / s2).toBeCloseTo(1.9, 5);
    expect(rows.norms!.filter((_, i) => i % 2 === 1)).toEqual(Array(10).fill(Math.sqrt(24)));
    expect(frames).toHaveLength(10);
    expect(frames[3]!.values).toBeInstanceOf(Float32Array);
    expect(rows.trainingStep).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('turns a transposed embedding round, leaves tokens out, keeps every so-many-th', async () => {
    const { shape, values } = circles(10, 7);
    const turned = new Float32Array(values.length);
    for (let s = 0; s < 10; s++)
      for (let t = 0; t < 7; t++) for (let j = 0; j < 4; j++) turned[s * 28 + j * 7 + t] = values[s * 28 + t * 4 + j]!;
    const straight = await collected({ 'a.npz': npz({ embedding: { shape, values } }) }, { modulus: 5, every: 3 });
    const round = await collected(
      { 'a.npz': npz({ embedding: { shape: [10, 4, 7], values: turned } }) },
      { modulus: 5, every: 3, transposed: true },
    );
    expect(round.rows).toEqual(straight.rows);
    expect(straight.rows.trainingStep).toEqual([0, 3, 6, 9]);
    expect(straight.frames[0]!.shape).toEqual([5, 4]);
  });

  it('takes losses of every training step at the recorded steps', async () => {
    const { rows } = await collected({
      'a.npz': npz({ embedding: circles(4, 7), step: row(4, (i) => 10 * i), loss: row(40, (i) => i / 2) }),
    });
    expect(rows.trainLoss).toEqual([0, 5, 10, 15]);
  });

  it('ends before numbers that are not finite, and refuses what never was', async () => {
    const broken = circles(10, 7);
    broken.values[6 * 28 + 3] = NaN;
    const { rows, message } = await collected({ 'a.npz': npz({ embedding: broken }) });
    expect(rows.trainingStep).toHaveLength(6);
    expect(message).toBe('The embedding ends before step 6: 1 of its 28 numbers are not finite at step 6.');
    const never = { shape: [10, 7, 4], values: new Float32Array(280).fill(NaN) };
    await expect(collected({ 'a.npz': npz({ embedding: never }) })).rejects.toThrow(
      '28 of its 28 numbers are not finite at step 0, the first; there is nothing to watch.',
    );
  });

  it.each([
    ['no embedding', { loss: row(10) }, {}, 'None of the arrays is an embedding over steps'],
    [
      'a loss too short',
      { embedding: circles(100, 7), loss: row(99) },
      {},
      '"loss", the training loss, has 99 numbers and the embedding 100 steps; there should be as many',
    ],
    ['steps too few', { embedding: circles(10, 7), step: row(9) }, {}, '"step" has 9 steps, and the embedding "embedding" has 10.'],
    [
      'steps that fall',
      { embedding: circles(3, 7), step: row(3, (i) => -i) },
      {},
      '"step" has -1 in place 1; steps are whole numbers that increase',
    ],
    ['steps that are fractions', { embedding: circles(3, 7), step: row(3, (i) => i / 2) }, {}, 'has 0.5 in place 1'],
    [
      'two embeddings',
      { a: circles(3, 7), b: circles(3, 7) },
      { roles: { a: 'embedding', b: 'embedding' } },
      '"a" and "b" cannot both be the embedding; choose one.',
    ],
    ['a modulus too large', { embedding: circles(3, 7) }, { modulus: 8 }, 'The modulus is 8, and "embedding" has only 7 tokens.'],
    ['two tokens', { embedding: circles(3, 2) }, {}, 'has 2 tokens; a circle has at least 3'],
    ['a flat embedding', { x: row(10) }, { roles: { x: 'embedding' } }, '"x" is 10, and an embedding has three axes'],
    [
      'weights of other steps',
      { embedding: circles(3, 7), w: weights(4) },
      { roles: { w: 'weights' } },
      '"w" is 4 × 3 × 2, and weights need one array for each of the 3 steps',
    ],
    [
      'tokens that are dimensions',
      { embedding: { shape: [1, 1200, 2], values: new Float32Array(2400) } },
      {},
      'has 1,200 tokens, more than the 1,000 that are watched',
    ],
  ] as const)('refuses %s', async (_, arrays: Arrays, told, sentence) => {
    expect(await trouble(arrays, told)).toContain(sentence);
  });

  it('names an array that is not there', async () => {
    await expect(looked({ embedding: circles(3, 7) }, { roles: { emb: 'embedding' } })).rejects.toThrow(
      'There is no array "emb"; there are: embedding.',
    );
  });

  it('notes a token for "=", steps that are only counted, and steps that are not evenly spaced', async () => {
    expect((await looked({ embedding: circles(3, 8) })).notes).toEqual([
      'No array says which steps they are; they are counted from 0.',
      'There are 8 tokens, and 7 is a prime: if the last token stands for "=", set the modulus to 7.',
    ]);
    expect((await looked({ embedding: circles(3, 7), step: row(3, (i) => i * i) })).notes[0]).toContain('not evenly spaced');
  });
});

it('takes text tables alone: a matrix for every step, and a log beside them', async () => {
  const text = (lines: readonly string[]): Uint8Array => new TextEncoder().encode(`${lines.join('\n')}\n`);
  const matrix = (step: number): Uint8Array => text(Array.from({ length: 5 }, (_, token) => `${step + token},${token / 7},1e-3`));
  const files = {
    'embedding_0000.csv': matrix(0),
    'embedding_0100.csv': matrix(100),
    'embedding_0200.csv': matrix(200),
    'log.csv': text(['step,train_loss,test_acc', '0,2,0', '100,1,0.5', '200,0.5,1']),
  };
  const found = inspect(await catalogue(files), ImportMapping.parse({}), noTurn);
  expect((await found).sentence).toBe(
    '3 steps (0 to 200) of an embedding of 5 tokens in 3 dimensions, with training loss and test accuracy.',
  );
  const { rows, frames } = await collected(files);
  expect(rows.trainingStep).toEqual([0, 100, 200]);
  expect(rows.trainLoss).toEqual([2, 1, 0.5]);
  expect(Array.from(frames[1]!.values).slice(0, 3)).toEqual([100, 0, 1e-3]);
});

it('puts the numbers of a log at the steps that it tells, however many it has', async () => {
  const text = (lines: readonly string[]): Uint8Array => new TextEncoder().encode(`${lines.join('\n')}\n`);
  const log = (steps: readonly number[]): Uint8Array => text(['step,train_loss', ...steps.map((step) => `${step},${step}`)]);
  const losses = async (steps: readonly number[]) => {
    const files = { 'run.npz': npz({ embedding: circles(4, 7), step: row(4, (i) => 10 * i) }), 'log.csv': log(steps) };
    return (await collected(files)).rows.trainLoss;
  };
  const every = (by: number, from: number, to: number): number[] => Array.from({ length: (to - from) / by + 1 }, (_, i) => from + i * by);
  expect(await losses(every(2, 0, 60))).toEqual([0, 10, 20, 30]);
  expect(await losses(every(5, 0, 30))).toEqual([0, 10, 20, 30]);
  expect(await losses(every(1, 1, 40))).toEqual([NaN, 10, 20, 30]);
  expect(await losses(every(10, 10, 40))).toEqual([NaN, 10, 20, 30]);
  await expect(losses([1, 2, 3])).rejects.toThrow(
    '"log: train_loss", the training loss, has no number at any step of the embedding, by the steps that "step" tells beside it.',
  );
  const found = await inspect(
    await catalogue({ 'run.npz': npz({ embedding: circles(4, 7), step: row(4, (i) => 10 * i) }), 'log.csv': log(every(5, 10, 40)) }),
    ImportMapping.parse({}),
    noTurn,
  );
  expect(found.notes.join(' ')).toContain('at 1 of them, the first 0, there is none');
  // Lightning writes a row for training and one for validation.
  const turns = text(['step,train_loss,val_loss', '0,1,', '0,,2', '10,3,', '10,,4', '20,5,', '20,,6', '30,7,', '30,,8']);
  const both = await collected({ 'run.npz': npz({ embedding: circles(4, 7), step: row(4, (i) => 10 * i) }), 'log.csv': turns });
  expect([both.rows.trainLoss, both.rows.testLoss]).toEqual([
    [1, 3, 5, 7],
    [2, 4, 6, 8],
  ]);
});
