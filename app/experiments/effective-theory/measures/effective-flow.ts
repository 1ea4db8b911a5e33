import { z } from 'zod';
import { LotkaError } from '#app/protocol/errors.ts';
import type { Measure } from '../../experiment.ts';
import type { EffectiveTheoryParameters } from '../parameters.ts';
import { structureOf } from '../samples.ts';
import { compare, fittedTimeScale } from '../theory/departure.ts';
import { flow, integrated, stepsToLinear, type FlowVariant } from '../theory/flow.ts';
import { countOf, normalised, predictedAccuracy, realised, rqi, trainedParallelograms } from '../theory/parallelograms.ts';
import { linesOf, requireAddition, trainingOf } from './recording.ts';

const flowOptions = z.object({
  variant: z.enum(['paper', 'code'], { error: 'the variant is paper or code' }).default('paper'),
  /**
   * `rate`: one training step is η of theory time; `fitted`: the pace at which theory and network agree best. Adam moves an
   * embedding tens of times as fast as the flow at its learning rate, so only the fitted clock shows where shapes differ.
   */
  clock: z.enum(['rate', 'fitted'], { error: 'the clock is rate or fitted' }).default('fitted'),
  /** Distance, in units of the spread of the symbols, beyond which theory and network have parted. */
  tolerance: z.number({ error: 'the tolerance is a number above 0' }).positive('the tolerance is a number above 0').default(0.25),
});

/** Steps at which theory and network are compared. */
const comparedSteps = 401;

export interface EffectiveFlowResult {
  readonly variant: FlowVariant;
  readonly clock: 'rate' | 'fitted';
  readonly tolerance: number;
  readonly symbols: number;
  readonly width: number;
  readonly steps: readonly number[];
  /** Ẽ of the theory at those steps on the chosen clock, row-major (steps x symbols x width). */
  readonly theory: Float64Array;
  /** Root mean square distance from the network at those steps. */
  readonly distances: Float64Array;
  /** Where they part on the chosen clock; null if they end within the tolerance. */
  readonly departure: number | null;
  /** Theory steps per training step on the chosen clock, and the fitted one. */
  readonly timeScale: number;
  readonly fittedTimeScale: number;
  /** Where they part on either clock. */
  readonly departures: { readonly rate: number | null; readonly fitted: number | null };
  /** Largest difference of the closed form from the integrated equation at those steps. */
  readonly integrationError: number;
  /** Theory steps until the representation counts as linear; Infinity if never. */
  readonly stepsToLinear: number;
  /** RQI and accuracy that the theory ends at, at the last recorded step on the chosen clock. */
  readonly finalRqi: number;
  readonly finalAccuracy: number;
}

export const effectiveFlowMeasure: Measure<EffectiveTheoryParameters, EffectiveFlowResult> = {
  id: 'effective-flow',
  label: 'Effective theory',
  unit: '',
  formula:
    '\\frac{d\\tilde E}{dt} = -\\eta\\,\\nabla \\frac{\\ell_0}{Z_0}, \\quad \\tilde E(t) = \\sqrt{Z_0}\\,\\frac{y}{\\lvert y\\rvert}, \\quad y = e^{-(2\\eta/Z_0) M t}\\,\\tilde E(0)',
  source: 'Liu et al. 2022, section 3.2; closed form of the flow of a Rayleigh quotient',
  needs: 'recording',
  options: flowOptions,
  compute(run, options) {
    const { variant, clock, tolerance } = flowOptions.parse(options);
    requireAddition(run);
    const structure = structureOf(run.parameters);
    const training = trainingOf(run);
    const { embeddingRate, embeddingWidth: width, closeness, linearThreshold } = run.parameters;
    if (countOf(trainedParallelograms(structure, training)) === 0)
      throw new LotkaError(
        'conflict',
        'No two pairs trained on have the same sum, so there is nothing for the effective theory to act on.',
      );
    const lines = linesOf(run, comparedSteps);
    const { steps } = lines;
    if (steps.length === 0)
      throw new LotkaError('conflict', 'The effective theory starts from the first recorded step; none is recorded yet.');
    const path = flow(structure, training, lines.embeddings[0], width, { variant, rate: embeddingRate });
    const fitted = fittedTimeScale(lines, path);
    const comparisons = { rate: compare(lines, path, tolerance), fitted: compare(lines, path, tolerance, fitted) };
    const chosen = comparisons[clock];
    const theory = new Float64Array(steps.length * structure.symbols * width);
    chosen.theory.forEach((state, i) => theory.set(state, i * state.length));
    let integrationError = 0;
    integrated(path, steps).forEach((state, i) => {
      const closed = path.at(steps[i]);
      for (let at = 0; at < state.length; at += 1) integrationError = Math.max(integrationError, Math.abs(state[at] - closed[at]));
    });
    const final = normalised(path.at(chosen.timeScale * steps[steps.length - 1]), structure.symbols, width);
    return {
      variant,
      clock,
      tolerance,
      symbols: structure.symbols,
      width,
      steps,
      theory,
      distances: chosen.distances,
      departure: chosen.departure,
      timeScale: chosen.timeScale,
      fittedTimeScale: fitted,
      departures: { rate: comparisons.rate.departure, fitted: comparisons.fitted.departure },
      integrationError,
      stepsToLinear: stepsToLinear(structure, path, closeness, linearThreshold),
      finalRqi: rqi(structure, final, width, closeness),
      finalAccuracy: predictedAccuracy(structure, training, realised(structure, final, width, closeness)),
    };
  },
  quantities(result) {
    const part = (step: number | null): number | string => step ?? 'do not part';
    return [
      {
        id: 'variant',
        label: 'Effective loss',
        unit: '',
        value: result.variant === 'paper' ? 'of the paper' : 'of the released code',
        note:
          result.variant === 'paper'
            ? 'The mean over the parallelograms trained on, divided by the present Z0.'
            : 'The sum over all parallelograms, divided by the initial Z0, in Euler steps.',
      },
      {
        id: 'departure',
        label: 'Network and theory part, t = η · step',
        unit: 'step',
        value: part(result.departures.rate),
        note: `First step from which on their root mean square distance stays above ${result.tolerance} of the spread of the symbols.`,
      },
      {
        id: 'departure-fitted',
        label: 'Network and theory part, fitted clock',
        unit: 'step',
        value: part(result.departures.fitted),
        note: 'The clock is fitted to the whole run: agreement on it is no prediction.',
      },
      { id: 'time-scale', label: 'Theory steps per training step, fitted', unit: '', value: result.fittedTimeScale },
      { id: 'steps-to-linear', label: 'Theory steps to a line', unit: 'steps', value: result.stepsToLinear },
      { id: 'final-rqi', label: 'RQI at which the theory stands', unit: '', value: result.finalRqi },
      { id: 'final-accuracy', label: 'Accuracy that it predicts', unit: '', value: result.finalAccuracy },
      { id: 'integration-error', label: 'Closed form against integration', unit: '', value: result.integrationError },
    ];
  },
};
