/** What a run of tokens on circles keeps. */
import type { FrameInfo, SeriesInfo } from '#app/experiments/experiment.ts';
import { circleCount } from './signals.ts';

/** Losses and accuracies on the pairs trained on and on the others. */
export const curveSeries: readonly SeriesInfo[] = [
  { name: 'trainLoss', label: 'training loss', width: 1, unit: 'nat', symbol: 'L_\\text{train}' },
  { name: 'trainAccuracy', label: 'training accuracy', width: 1, unit: '' },
  { name: 'testLoss', label: 'test loss', width: 1, unit: 'nat', symbol: 'L_\\text{test}' },
  { name: 'testAccuracy', label: 'test accuracy', width: 1, unit: '' },
];

/** Signals: `signals` has a column for every frequency, column i being k = i + 1; `unpaired` those without a partner. */
export function signalSeries(modulus: number): SeriesInfo[] {
  return [
    { name: 'signals', label: 'signals of the circles', width: circleCount(modulus), unit: '', symbol: 's_k' },
    {
      name: 'unpaired',
      label: modulus % 2 === 0 ? 'signals s_0 and s_{p/2}' : 'signal s_0 of the mean',
      width: modulus % 2 === 0 ? 2 : 1,
      unit: '',
      symbol: 's_0',
    },
  ];
}

/** The embedding, tokens x dimensions. */
export function framesOf({ modulus, embeddingWidth }: { readonly modulus: number; readonly embeddingWidth: number }): FrameInfo[] {
  return [{ name: 'embedding', label: 'token embedding', shape: [modulus, embeddingWidth] }];
}

/** Norms of all Fourier vectors: the paired ones (circles) and those without a partner. */
export function splitNorms(norms: Float64Array, modulus: number): { signals: Float64Array; unpaired: Float64Array } {
  const circles = circleCount(modulus);
  return { signals: norms.slice(1, circles + 1), unpaired: Float64Array.from([norms[0], ...norms.slice(circles + 1)]) };
}
