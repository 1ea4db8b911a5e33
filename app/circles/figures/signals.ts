import { circleCount, circleKey } from '../signals.ts';
import { stepsOf } from '../steps.ts';
import { circleColours, columnOf, cursor, needsSteps, type CircleFigure } from './recording.ts';

/** Every circle's signal over the run: the competition at a glance. */
export const signalsFigure: CircleFigure = {
  id: 'signals',
  title: 'Signals',
  explanation:
    'The norm $s_k$ of every Fourier component of the embedding over the steps; survivors in colour, circles that die in grey. ' +
    'The axis is logarithmic from step 1; step 0, the random start, is left of it and is in the exported data.',
  source: 'Ding et al. 2024, signal evolution',
  measures: [],
  live: true,
  draw({ run, step }) {
    const series = run.series('signals');
    if (series.rows < 2) return needsSteps(1, series.rows - 1);
    const colours = circleColours(run);
    const x = stepsOf(run, series.rows);
    const circles = Array.from({ length: circleCount(run.parameters.modulus) }, (_, index) => ({
      k: index + 1,
      colour: colours(index + 1),
    }));
    const survivors = circles.filter(({ colour }) => colour !== 'dead');
    const ordered = [...circles.filter(({ colour }) => colour === 'dead'), ...survivors];
    return {
      id: 'signals',
      title: `Signals sₖ(t) of ${circles.length} frequencies`,
      aside: survivors.length === 0 ? undefined : `${survivors.length} ahead`,
      x: { label: 'step', unit: '', scale: 'log' },
      y: { label: 'signal sₖ', unit: '', scale: 'linear' },
      marks: [
        ...ordered.map(({ k, colour }) => ({
          kind: 'line' as const,
          key: circleKey(k),
          label: `k = ${k}`,
          x,
          y: columnOf(series, k - 1),
          colour,
          width: colour === 'dead' ? 1 : 1.75,
          legend: colour !== 'dead',
        })),
        ...cursor(run, step, series.rows),
      ],
    };
  },
};
