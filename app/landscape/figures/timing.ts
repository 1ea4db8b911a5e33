/** Steps to fit and to generalise against weight decay, beside the law. */
import { fixed, readable } from '#app/figures/format.ts';
import type { FigureSpec, Mark } from '#app/figures/spec.ts';
import { median } from '#app/numerics/statistics.ts';
import { generalisationTime, timingLaw, type TimedRun } from '../timing.ts';

/**
 * @param criticalNorm w_c of a landscape, for a prediction that uses nothing of the runs; null: where the runs generalised themselves
 * @returns a spec, or a sentence saying why there is nothing to draw
 */
export function timingFigure(runs: readonly TimedRun[], criticalNorm: number | null = null): FigureSpec | string {
  const law = timingLaw(runs);
  const norm = criticalNorm ?? law.criticalNorm?.median ?? null;
  const decays = [...new Set(runs.map(({ weightDecay }) => weightDecay))].filter((decay) => decay > 0).sort((a, b) => a - b);
  if (decays.length === 0) return 'Needs runs with weight decay.';
  const there = runs.filter(({ weightDecay }) => weightDecay > 0);
  const curve = (which: 'fitted' | 'generalised'): Float64Array =>
    Float64Array.from(decays, (decay) =>
      median(there.flatMap((run) => (run.weightDecay === decay && run[which] !== null ? [run[which]] : []))),
    );
  const cloud = (which: 'fitted' | 'generalised', colour: 'ink-2' | 'accent'): Mark => ({
    kind: 'points',
    points: there.flatMap((run) => (run[which] === null ? [] : [{ x: run.weightDecay, y: run[which], colour, filled: false }])),
  });
  const predicted = Float64Array.from(decays, (decay) =>
    norm === null
      ? Number.NaN
      : median(there.filter(({ weightDecay }) => weightDecay === decay).map((run) => generalisationTime(run, norm))),
  );
  const spread =
    law.slopes && law.slopes.count > 1
      ? `; ${fixed(law.slopes.low, 2)} to ${fixed(law.slopes.high, 2)} over ${law.slopes.count} seeds`
      : '';
  return {
    id: 'timing',
    title: 'Steps to generalise against weight decay',
    aside: Number.isNaN(law.slope) ? undefined : `slope ${fixed(law.slope, 2)}`,
    x: { label: 'weight decay γ', unit: '', scale: 'log' },
    y: { label: 'steps', unit: '', scale: 'log' },
    marks: [
      { kind: 'line', label: 'ln(w₀/w_c)/ηγ', x: decays, y: predicted, colour: 'ink-3', dash: true, legend: true },
      { kind: 'line', label: 'fits', x: decays, y: curve('fitted'), colour: 'ink-2', legend: true },
      { kind: 'line', label: 'generalises', x: decays, y: curve('generalised'), colour: 'accent', legend: true },
      cloud('fitted', 'ink-2'),
      cloud('generalised', 'accent'),
    ],
    notes: [
      ...(Number.isNaN(law.slope) ? [] : [{ text: `Slope of ln t against ln γ: ${fixed(law.slope, 2)}${spread}; the law says −1.` }]),
      ...(norm === null
        ? []
        : [
            {
              text: `w_c ${readable(norm)}, ${criticalNorm === null ? 'the median norm at which these runs generalised, so only the slope is a prediction' : 'of the landscape'}.`,
            },
          ]),
      ...(law.never > 0 ? [{ text: `${law.never} of ${runs.length} runs never generalised.`, tone: 'warn' as const }] : []),
    ],
  };
}
