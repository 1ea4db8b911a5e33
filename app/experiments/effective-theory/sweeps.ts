import type { SweepAxis } from '#app/protocol/sweep.ts';
import type { ReadySweep } from '../experiment.ts';
import type { EffectiveTheoryParameters } from './parameters.ts';

const rates = (parameter: 'embeddingRate' | 'decoderRate', from: number, to: number, count: number): SweepAxis => ({
  kind: 'range',
  parameter,
  scale: 'log',
  from,
  to,
  count,
});
/** Five a decade, as in figure 6 b to d of the paper. */
const decoderRates = rates('decoderRate', 1e-4, 1e-2, 11);
const decays: SweepAxis = { kind: 'range', parameter: 'decoderDecay', scale: 'linear', from: 0, to: 10, count: 11 };
/** A factor of the initial values, around the paper's 1. */
const scales = (parameter: 'embeddingScale' | 'decoderScale', from: number, to: number): SweepAxis => ({
  kind: 'range',
  parameter,
  scale: 'log',
  from,
  to,
  count: 7,
});
const shorter = '20,000 steps instead of 100,000, so what generalises later counts as memorization';

/** The phase diagrams of the paper that were not published cell by cell, and two beyond it, at sizes for one machine. */
export const effectiveTheorySweeps: readonly ReadySweep<EffectiveTheoryParameters>[] = [
  {
    id: 'learning-rates-fine',
    label: 'Learning rates, boundaries twice as fine',
    source: 'Figure 6a of the paper with a value between any two of its own; adaptive, so that only boundaries are trained that finely.',
    preset: 'paper',
    parameters: { steps: 10_000 },
    axes: [rates('embeddingRate', 1e-5, 1e-2, 19), rates('decoderRate', 1e-5, 1e-2, 19)],
    sampling: { kind: 'adaptive', stride: 2, outcome: 'phase' },
    seeds: 1,
  },
  {
    id: 'decay-regression',
    label: 'Decoder rate and weight decay, regression',
    source: `Figure 6b of the paper; ${shorter}.`,
    preset: 'paper',
    parameters: { steps: 20_000 },
    axes: [decoderRates, decays],
    seeds: 3,
  },
  {
    id: 'decay-classification',
    label: 'Decoder rate and weight decay, classification',
    source: `Figure 6c of the paper; ${shorter}.`,
    preset: 'classification',
    parameters: { steps: 20_000 },
    axes: [decoderRates, decays],
    seeds: 3,
  },
  {
    id: 'decay-permutations',
    label: 'Decoder rate and weight decay, permutations of three',
    source: `Figure 6d of the paper with its weight decays; ${shorter}.`,
    preset: 'permutations',
    parameters: { steps: 20_000 },
    axes: [decoderRates, { kind: 'list', parameter: 'decoderDecay', values: [0, 1, 2, 3, 5, 10, 20, 30, 50, 100, 200] }],
    seeds: 3,
  },
  {
    id: 'transformer-decoder',
    label: 'Transformer: decoder rate and weight decay',
    source:
      'After figure 7 of the paper, whose transformer has two blocks of width 256 and adds modulo 53; here one block of width 64 adds modulo 23, in 4,000 steps.',
    preset: 'transformer',
    parameters: { steps: 4000 },
    axes: [rates('decoderRate', 1e-4, 1e-3, 4), { kind: 'range', parameter: 'decoderDecay', scale: 'log', from: 0.25, to: 8, count: 6 }],
    seeds: 3,
  },
  {
    id: 'initial-scale',
    label: 'Initial scale of embedding and decoder',
    source: 'The appendix of the paper says that small initial values help to comprehend; the axes are chosen here.',
    preset: 'paper',
    parameters: { steps: 10_000 },
    axes: [scales('embeddingScale', 0.1, 10), scales('decoderScale', 0.2, 5)],
    seeds: 3,
  },
  {
    id: 'batch-size',
    label: 'Decoder rate and batch size',
    source: 'The appendix of the paper says that small batches grok where full ones comprehend; the axes are chosen here.',
    preset: 'paper',
    parameters: { steps: 10_000 },
    axes: [rates('decoderRate', 1e-5, 1e-2, 10), { kind: 'list', parameter: 'batchSize', values: [5, 9, 15, 22, 30, 45] }],
    seeds: 3,
  },
];
