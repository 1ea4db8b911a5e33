import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referenceBackend, wasmBackend } from '#app/engine/index.ts';
import type { Backend } from '#app/engine/index.ts';
import { compileKernels } from '#app/engine/kernels/compile.mjs';
import { openSession } from '#app/runs/session.ts';
import { Trainer } from '#app/runs/trainer.ts';
import { decoderInitials } from './decoders.ts';
import golden from './golden.json' with { type: 'json' };
import inputs from './golden-inputs.json' with { type: 'json' };
import { effectiveTheoryProgram, initialValues, targetsOf } from './model.ts';
import { effectiveTheoryParameters, type EffectiveTheoryParameters } from './parameters.ts';
import { effectiveTheoryTraining, estimateOf, seriesOf } from './recording.ts';
import { sampleCountOf, structureOf } from './samples.ts';
import { batchesOf, splitOf } from './tasks.ts';

const backends: Backend[] = [referenceBackend(), wasmBackend(await readFile((await compileKernels()).wasm))];
const parse = (changes: Partial<EffectiveTheoryParameters>) => effectiveTheoryParameters.parse(changes);

/** Series that are counts divided by a whole number: equal or wrong. */
const exact = new Set(['trainAccuracy', 'testAccuracy', 'accuracy', 'rqi', 'predictedAccuracy']);

describe.each(golden.cases)('$name', ({ parameters: given, train, initial, rows: expected, final }) => {
  const parameters = effectiveTheoryParameters.parse(given);
  const tolerance = parameters.precision === 'f64' ? 1e-10 : 2e-6;
  const near = (value: number, wanted: number) => Math.abs(value - wanted) / Math.max(1, Math.abs(wanted));

  it.each(backends)('takes the same ten steps as PyTorch ($name)', (backend) => {
    const training = { ...effectiveTheoryTraining(parameters), initial: initial as unknown as Record<string, number[]> };
    const session = openSession(training, backend);
    const trainer = new Trainer(training, session, parameters);
    while (trainer.state === 'training') trainer.advance();
    const { rows } = trainer.take();
    expect(Object.keys(rows).sort()).toEqual(Object.keys(expected[0]).sort());
    for (const { name } of training.series) {
      const wanted = expected.flatMap((row) => row[name as keyof typeof row] as number[]);
      expect(rows[name]).toHaveLength(wanted.length);
      wanted.forEach((value, i) => expect(near(rows[name][i], value), `${name}[${i}]`).toBeLessThan(exact.has(name) ? 1e-12 : tolerance));
    }
    Object.entries(final as unknown as Record<string, number[]>).forEach(([name, values]) => {
      // A bias of the keys shifts all scores of a query alike, so its gradient is rounding alone, which AdamW makes large in 32 bits.
      if (parameters.precision === 'f32' && name.endsWith('key.bias')) return;
      const trained = session.read(name);
      values.forEach((value, i) => expect(near(trained[i], value), name).toBeLessThan(tolerance));
    });
    session.dispose();
  });

  it('was made from our split, targets and batches', () => {
    const { first, second } = splitOf(parameters).train;
    const { samples, symbols } = structureOf(parameters);
    const pairs =
      parameters.decoder === 'transformer'
        ? Array.from({ length: symbols ** 2 }, (_, pair) => [Math.floor(pair / symbols), pair % symbols])
        : samples;
    expect(Array.from(first, (i, at) => [i, second[at]])).toEqual(train.map((sample) => pairs[sample]));
    expect(inputs.targets.slice(0, 30 * structureOf(parameters).classes)).toEqual([...targetsOf(parameters)]);
    const batches = batchesOf(parameters);
    if (batches) expect([...batches.lists]).toEqual(inputs.batches.flat());
    else expect(parameters.batchSize).toBe(parameters.trainingPairs);
  });
});

describe('a split', () => {
  it('takes as many samples as told and leaves the rest, each once', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('addition', 'modular', 'permutations'),
        fc.constantFrom('mlp', 'transformer'),
        fc.integer({ min: 3, max: 13 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(99),
        (task, decoder, symbols, share, splitSeed) => {
          const parameters = { task, decoder, symbols, splitSeed, trainingPairs: 0 } as const;
          const count = sampleCountOf(parameters);
          const trainingPairs = 1 + Math.floor(share * (count - 2));
          const { train, test, trained } = splitOf({ ...parameters, trainingPairs });
          expect([train.label.length, test.label.length]).toEqual([trainingPairs, count - trainingPairs]);
          const named = [train, test].flatMap(({ first, second }) => Array.from(first, (i, at) => `${i} ${second[at]}`));
          expect(new Set(named).size).toBe(count);
          const { samples, product } = structureOf(parameters);
          const pairs = new Set(Array.from(trained, (sample) => samples[sample].join(' ')));
          train.first.forEach((i, at) => {
            const j = train.second[at];
            const key = pairs.has(`${i} ${j}`) ? `${i} ${j}` : `${j} ${i}`;
            expect(pairs.has(key)).toBe(true);
            const sample = samples.findIndex((pair) => pair.join(' ') === key);
            expect(train.label[at]).toBe(product[sample]);
          });
        },
      ),
      { numRuns: 60 },
    );
  });
  it('depends on its seed alone', () => {
    expect(splitOf(parse({ embeddingSeed: 5, decoderSeed: 7 })).trained).toEqual(splitOf(parse({})).trained);
    expect(splitOf(parse({ splitSeed: 1 })).trained).not.toEqual(splitOf(parse({})).trained);
  });
});

describe('batches', () => {
  it('hold distinct training samples, all alike often, and a longer run begins as a shorter one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 54 }), fc.integer({ min: 1, max: 60 }), fc.nat(99), (trainingPairs, batchSize, batchSeed) => {
        const rule = { trainingPairs, batchSize, batchSeed };
        const batches = batchesOf({ ...rule, steps: 20 });
        expect(batches === null).toBe(batchSize >= trainingPairs);
        if (!batches) return;
        const { size, lists } = batches;
        expect([size, lists.length]).toEqual([batchSize, 20 * batchSize]);
        for (let at = 0; at < lists.length; at += size) {
          const list = lists.subarray(at, at + size);
          expect(new Set(list).size).toBe(size);
          expect(list.every((sample) => sample >= 0 && sample < trainingPairs)).toBe(true);
        }
        expect(batchesOf({ ...rule, steps: 50 })!.lists.subarray(0, lists.length)).toEqual(lists);
      }),
    );
    const often = new Float64Array(50);
    for (const sample of batchesOf({ trainingPairs: 50, batchSize: 10, batchSeed: 4, steps: 5000 })!.lists) often[sample] += 1;
    often.forEach((times) => expect(Math.abs(times - 1000)).toBeLessThan(150));
  });
  it('are bounded in memory however long the run is', () => {
    const lists = batchesOf(parse({ trainingPairs: 50, steps: 1_000_000 }))!.lists.length;
    expect(lists).toBeLessThanOrEqual(2 ** 17);
    expect(lists % 45).toBe(0);
    expect(effectiveTheoryProgram(parse({ trainingPairs: 50, steps: 1_000_000 })).info.arenaBytes).toBeLessThan(8e6);
  });
});

describe('initial values', () => {
  it('have the distributions of the paper, each purpose from its own seed', () => {
    const parameters = parse({ symbols: 100, embeddingWidth: 40, hiddenWidths: [300, 200], trainingPairs: 45, decoderScale: 2 });
    const values = initialValues(parameters);
    const largest = (name: string) => values[name].reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(largest('embedding')).toBeLessThan(0.5);
    expect(largest('embedding')).toBeGreaterThan(0.499);
    for (const [name, inputs] of [
      ['decoder.0.weight', 40],
      ['decoder.1.weight', 300],
      ['decoder.2.weight', 200],
    ] as const) {
      expect(largest(name)).toBeLessThan(2 / Math.sqrt(inputs));
      expect(largest(name)).toBeGreaterThan(1.99 / Math.sqrt(inputs));
    }
    expect(initialValues({ ...parameters, embeddingScale: 0.1 }).embedding).toEqual(values.embedding.map((value) => 0.1 * value));
    const other = initialValues({ ...parameters, embeddingSeed: 1 });
    expect(other.embedding).not.toEqual(values.embedding);
    expect({ ...other, embedding: 0 }).toEqual({ ...values, embedding: 0 });
    expect(decoderInitials({ ...parameters, decoderSeed: 1 })['decoder.0.weight']).not.toEqual(values['decoder.0.weight']);
    const targets = targetsOf(parameters);
    expect(targets.reduce((sum, value) => sum + value ** 2, 0) / targets.length).toBeCloseTo(1, 1);
    expect(targetsOf({ ...parameters, targetSeed: 1 })).not.toEqual(targets);
  });
});

describe('what a run costs', () => {
  it('is the network of the paper and little more, known beforehand', () => {
    const parameters = parse({});
    const estimate = estimateOf(parameters);
    // Forward on 45 and 10 pairs and twice backward: 6 * 45 and 2 * 10 times 46,200 weights; 14 operations of AdamW a weight.
    const least = (6 * 45 + 2 * 10) * 46_200 + 14 * 46_200;
    expect(estimate.flopsPerStep).toBeGreaterThan(0.98 * least);
    expect(estimate.flopsPerStep).toBeLessThan(1.08 * least);
    const columns = seriesOf(parameters).reduce((sum, { width }) => sum + width, 0);
    expect(columns).toBe(20);
    expect(estimate.rowBytes).toBe(8 * 20 * 5001);
    expect(estimate.arenaBytes).toBe(effectiveTheoryProgram(parameters).info.arenaBytes);
  });
  it('leaves out the lines of wide embeddings', () => {
    const names = (changes: Partial<EffectiveTheoryParameters>) => seriesOf(parse(changes)).map(({ name }) => name);
    expect(names({ embeddingWidth: 2 })).toContain('embedding');
    expect(names({ embeddingWidth: 64 })).not.toContain('embedding');
    expect(names({ task: 'permutations', trainingPairs: 24 })).toEqual([
      'trainLoss',
      'testLoss',
      'trainAccuracy',
      'testAccuracy',
      'accuracy',
      'rqi',
      'predictedAccuracy',
    ]);
  });
});
