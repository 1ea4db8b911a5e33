import { describe, expect, it } from 'vitest';
import { noDatasets } from '#app/datasets/dataset.ts';
import { referenceBackend } from '#app/engine/index.ts';
import { parseParameters } from '#app/experiments/parameters.ts';
import { experimentById } from '#app/experiments/registry.ts';
import { readCheckpoint, writeCheckpoint } from './npz.ts';
import { openSession } from './session.ts';
import { Trainer, type Batch } from './trainer.ts';

const survival = experimentById('survival');
const reference = referenceBackend();

const parametersOf = (changes: Record<string, unknown> = {}) =>
  parseParameters(survival, null, { modulus: 7, embeddingWidth: 6, hiddenWidths: [8], steps: 30, precision: 'f64', ...changes });

function trainerAt(parameters: ReturnType<typeof parametersOf>, checkpoint: Parameters<typeof openSession>[2] = null) {
  const training = survival.build(parameters, noDatasets);
  return {
    training,
    trainer: new Trainer(training, openSession(training, reference, checkpoint), parameters, checkpoint ? 'resumed' : 'new'),
  };
}

function trainOn(trainer: Trainer, until = Infinity): Batch {
  while (trainer.state === 'training' && trainer.step < until) trainer.advance();
  return trainer.take();
}

describe('Trainer', () => {
  it('records a row for every step and one for the end, and frames at their steps', () => {
    const { training, trainer } = trainerAt(parametersOf());
    const batch = trainOn(trainer);
    expect(batch).toMatchObject({ state: 'finished', step: 30, from: 0, count: 31, message: null });
    for (const info of training.series) expect(batch.rows[info.name]!.length).toBe(31 * info.width);
    expect(batch.frames.map((frame) => frame.step)).toEqual([...training.frameSteps]);
    expect(batch.frames[0]!.values).toEqual(Float64Array.from(training.initial.embedding!));
    trainer.advance();
    expect(trainer.take().count).toBe(0);
  });

  it('records in every row the very bits that evaluation at these parameters gives', () => {
    const parameters = parametersOf();
    const { training, trainer } = trainerAt(parameters);
    const { rows } = trainOn(trainer);
    const session = openSession(training, reference);
    for (let step = 0; step <= 30; step++) {
      const outputs = session.evaluate(training.trainEvaluation);
      for (const [series, output] of Object.entries(training.trainSeries)) expect(rows[series]![step]).toBe(outputs[output]!);
      if (step < 30) session.run(1);
    }
  });

  it('goes on from a checkpoint with the same bits, also through a file', () => {
    const parameters = parametersOf();
    const whole = trainOn(trainerAt(parameters).trainer);
    for (const at of [0, 1, 13, 29, 30]) {
      const { trainer: first } = trainerAt(parameters);
      const before = trainOn(first, at);
      const file = writeCheckpoint(first.checkpoint());
      const after = trainOn(trainerAt(parameters, readCheckpoint(file, 'c.npz')).trainer);
      expect(after.from).toBe(at);
      for (const name of Object.keys(whole.rows)) {
        const kept = before.rows[name]!.slice(0, (whole.rows[name]!.length / 31) * at);
        expect(Float64Array.of(...kept, ...after.rows[name]!)).toEqual(whole.rows[name]);
      }
      expect([...before.frames, ...after.frames]).toEqual(whole.frames);
    }
  });

  it('records where it stands when it halts, and goes on to the same bits', () => {
    const whole = trainOn(trainerAt(parametersOf()).trainer);
    const { trainer } = trainerAt(parametersOf());
    const pieces: Batch[] = [];
    for (const at of [0, 1, 2, 17, 29, 30]) {
      while (trainer.step < at) trainer.advance();
      trainer.settle();
      trainer.settle();
      pieces.push(trainer.take());
      expect(pieces.at(-1)!.from + pieces.at(-1)!.count).toBe(at + 1);
    }
    for (const name of Object.keys(whole.rows))
      expect(Float64Array.from(pieces.flatMap((piece) => [...piece.rows[name]!]))).toEqual(whole.rows[name]);
    expect(pieces.flatMap((piece) => piece.frames)).toEqual(whole.frames);
  });

  it('takes what was recorded in pieces', () => {
    const { trainer } = trainerAt(parametersOf());
    const froms: number[] = [];
    let rows = 0;
    while (trainer.state === 'training') {
      trainer.advance();
      const batch = trainer.take();
      froms.push(batch.from);
      rows += batch.count;
    }
    expect(rows).toBe(31);
    expect(froms).toEqual(Array.from({ length: 30 }, (_, i) => i));
  });

  it('stops when a number is no longer finite, and says where and what to try', () => {
    const { trainer } = trainerAt(parametersOf({ learningRate: 10, weightDecay: 10, steps: 5000 }));
    const batch = trainOn(trainer);
    expect(batch.state).toBe('diverged');
    expect(batch.message).toMatch(
      /^Training diverged at step \d+: .+ is no longer a finite number; try a smaller learning rate than 10, for example 1\.$/,
    );
    expect(batch.count).toBe(batch.from + Number(/step (\d+)/.exec(batch.message!)![1]) + 1);
  });
});
