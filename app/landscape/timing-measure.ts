/** The timing law of one run: what weight decay alone predicts, beside what happened. */
import { z } from 'zod';
import type { LandscapeInfo, Measure, Outcomes, Parameters, RecordedRun } from '#app/experiments/experiment.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { isPinned } from './definition.ts';
import { decayedNorm, generalisationTime } from './timing.ts';

export interface TimingResult {
  readonly initialNorm: number;
  /** η γ: share of its norm that a network loses in a step by decay alone. */
  readonly rate: number;
  /** w_c as given, e.g. of a landscape; null if none was. */
  readonly criticalNorm: number | null;
  /** Steps until decay alone meets it; null without it. */
  readonly predicted: number | null;
  readonly fitted: number | null;
  readonly generalised: number | null;
  readonly normAtGeneralising: number | null;
  /**
   * Largest deviation of the norm from decay alone, relative to it, up to the step of generalising or the last one; and that step.
   * Null where the norm is pinned.
   */
  readonly deviation: number | null;
  readonly deviationUpTo: number;
}

const options = z.object({
  criticalNorm: z.number({ error: 'the critical norm is a number above 0' }).positive('the critical norm is a number above 0').optional(),
});

/** @param outcomesOf of the experiment */
export function timingMeasure<P extends Parameters>(
  info: LandscapeInfo,
  outcomesOf: (run: RecordedRun<P>) => Outcomes,
): Measure<P, TimingResult> {
  return {
    id: 'timing',
    label: 'Timing of generalisation',
    unit: 'steps',
    formula: 't = \\frac{\\ln(w_\\text{init} / w_c)}{\\eta\\,\\gamma}, \\quad w(t) = w_\\text{init}\\,e^{-\\eta\\gamma t}',
    source: 'Liu, Michaud, Tegmark 2023, section 2; Loshchilov, Hutter 2019 for decoupled decay',
    needs: 'recording',
    options,
    compute(run, given) {
      const { criticalNorm = null } = options.parse(given);
      const { rows, values } = run.series(info.normSeries);
      if (rows === 0) throw new LotkaError('conflict', 'Nothing is recorded of this run yet, so it has no norm.');
      const { timing } = info;
      const outcomes = outcomesOf(run);
      const numberOf = (id: string): number | null => {
        const value = outcomes[id];
        return typeof value === 'number' ? value : null;
      };
      const generalised = numberOf(timing.generalised);
      const [learningRate, weightDecay] = [Number(run.parameters[timing.learningRate]), Number(run.parameters[timing.weightDecay])];
      const decay = { initialNorm: values[0], learningRate, weightDecay };
      const upTo = Math.min(generalised ?? rows - 1, rows - 1);
      let deviation = 0;
      for (let step = 0; step <= upTo; step += 1) deviation = Math.max(deviation, Math.abs(values[step] / decayedNorm(decay, step) - 1));
      return {
        initialNorm: values[0],
        rate: learningRate * weightDecay,
        criticalNorm,
        predicted: criticalNorm === null ? null : generalisationTime(decay, criticalNorm),
        fitted: numberOf(timing.fitted),
        generalised,
        normAtGeneralising: numberOf(timing.normAtGeneralising),
        deviation: isPinned(info, run.parameters) ? null : deviation,
        deviationUpTo: upTo,
      };
    },
    quantities: ({ initialNorm, rate, criticalNorm, predicted, fitted, generalised, normAtGeneralising, deviation, deviationUpTo }) => [
      { id: 'initial-norm', label: 'Initial norm', symbol: 'w_\\text{init}', unit: '', value: initialNorm },
      { id: 'rate', label: 'Decay of the norm', symbol: '\\eta\\gamma', unit: '1/step', value: rate },
      ...(criticalNorm === null || predicted === null
        ? []
        : [
            { id: 'critical-norm', label: 'Norm at which the landscape generalises', symbol: 'w_c', unit: '', value: criticalNorm },
            {
              id: 'predicted',
              label: 'Generalises by the law at step',
              unit: '',
              value: Number.isFinite(predicted) ? predicted : 'never',
              note: 'Weight decay alone walks the norm there from its initial value.',
            },
          ]),
      { id: 'fitted', label: 'Fits at step', unit: '', value: fitted ?? 'not yet' },
      { id: 'generalised', label: 'Generalises at step', unit: '', value: generalised ?? 'not yet' },
      {
        id: 'norm-at-generalising',
        label: 'Norm there',
        unit: '',
        value: normAtGeneralising ?? 'not yet',
      },
      ...(deviation === null
        ? []
        : [
            {
              id: 'deviation',
              label: `Largest deviation from decay alone, to step ${deviationUpTo}`,
              unit: '',
              value: deviation,
              note: 'Relative; small as long as the loss leaves the norm alone.',
              ...(deviation > 0.05 ? { tone: 'warn' as const } : {}),
            },
          ]),
    ],
  };
}
