/** Losses, accuracies and what cross-entropy does to gradients, over the steps of a run. */
import { fixed, readable } from '#app/figures/format.ts';
import type { ColourToken, FigureSpec, Mark } from '#app/figures/spec.ts';
import type { Figure, RecordedRun } from '../../experiment.ts';
import { lastLook } from '../outcomes.ts';
import type { OmnigrokParameters } from '../parameters.ts';
import { passedBy, phaseOf, phases } from '../phases.ts';

type OmnigrokFigure = Figure<OmnigrokParameters>;
type Run = RecordedRun<OmnigrokParameters>;

interface Curve {
  readonly series: string;
  readonly label: string;
  readonly colour: ColourToken;
}

/** The values of a series at the steps at which there was a look. */
function curve(run: Run, { series, label, colour }: Curve): Mark {
  const { values } = run.series(series);
  const looks = [...values.keys()].filter((step) => !Number.isNaN(values[step]));
  return {
    kind: 'line',
    label,
    x: Float64Array.from(looks),
    y: Float64Array.from(looks, (step) => values[step]),
    colour,
    legend: true,
  };
}

/** The step that is looked at; nothing at the ends, where it would only cover the edge. */
const cursor = (step: number, rows: number): Mark[] =>
  step > 0 && step < rows - 1 ? [{ kind: 'rule', axis: 'x', at: step, colour: 'accent' }] : [];

const needsOneStep = 'Needs 1 step; none is recorded.';
const steps = { label: 'step', unit: '', scale: 'log' } as const;

/** An upright line at a step; none where it never came. */
const at = (step: number | null, colour: ColourToken): Mark[] =>
  step === null ? [] : [{ kind: 'rule', axis: 'x', at: step, colour, dash: true }];

const when = (what: string, step: number | null): string => (step === null ? `has not ${what}` : `${what} at step ${fixed(step, 0)}`);

export const accuraciesFigure: OmnigrokFigure = {
  id: 'accuracies',
  title: 'Accuracy',
  explanation:
    'Share of training and test samples answered rightly; where numbers are learned, those whose mean squared error is small. Between the dashed upright lines the network has fitted and does not generalise yet.',
  source: 'Liu, Michaud, Tegmark 2023, figures 2b, 3d and 6',
  measures: [],
  live: true,
  draw({ run, step }) {
    const { rows } = run.series('norm');
    if (rows < 2) return needsOneStep;
    const passed = passedBy(run);
    const phase = phaseOf(run);
    const { accuracyThreshold } = run.parameters;
    return {
      id: 'accuracies',
      title: 'Accuracy',
      aside: phases.find(({ id }) => id === phase)!.label.toLowerCase(),
      x: steps,
      y: { label: 'accuracy', unit: '', scale: 'linear', domain: [0, 1.02] },
      marks: [
        { kind: 'rule', axis: 'y', at: accuracyThreshold, colour: 'ink-3', dash: true },
        ...at(passed.fits, 'ink-2'),
        ...at(passed.generalises, 'accent'),
        curve(run, { series: 'trainAccuracy', label: 'train', colour: 'ink-2' }),
        curve(run, { series: 'testAccuracy', label: 'test', colour: 'accent' }),
        ...cursor(step, rows),
      ],
      notes: [
        {
          text: `Threshold ${accuracyThreshold} (dashed lines): ${when('fitted', passed.fits)}, ${when('generalised', passed.generalises)}.`,
        },
      ],
    } satisfies FigureSpec;
  },
};

export const lossesFigure: OmnigrokFigure = {
  id: 'losses',
  title: 'Loss',
  explanation: 'Loss on training and on test samples; both axes are logarithmic.',
  source: 'Liu, Michaud, Tegmark 2023, figure 2',
  measures: [],
  live: true,
  draw({ run, step }) {
    const { rows } = run.series('norm');
    if (rows < 2) return needsOneStep;
    const last = lastLook(run)('testLoss');
    const unit = run.seriesInfo.find(({ name }) => name === 'trainLoss')!.unit;
    return {
      id: 'losses',
      title: 'Loss',
      aside: last === null ? undefined : `test ${readable(last, 2)}`,
      x: steps,
      y: { label: unit === '' ? 'mean squared error' : 'cross-entropy', unit: unit === '' ? '' : 'nats', scale: 'log' },
      marks: [
        curve(run, { series: 'trainLoss', label: 'train', colour: 'ink-2' }),
        curve(run, { series: 'testLoss', label: 'test', colour: 'accent' }),
        ...cursor(step, rows),
      ],
    } satisfies FigureSpec;
  },
};

export const alignmentFigure: OmnigrokFigure = {
  id: 'alignment',
  title: 'Softmax collapse',
  explanation:
    'Cosine of the angle between the negative gradient and the weights: at 1 the loss falls by scaling all weights up. And the share of training samples whose loss is exactly 0 in 32 bits, which teach nothing any more.',
  source: 'Prieto et al. 2025, arXiv 2501.04697',
  measures: [],
  live: true,
  draw({ run, step }) {
    if (!run.seriesInfo.some(({ name }) => name === 'alignment')) return 'Squared errors do not collapse: this is of cross-entropy only.';
    const { rows } = run.series('norm');
    if (rows < 2) return needsOneStep;
    return {
      id: 'alignment',
      title: 'Softmax collapse',
      x: steps,
      y: { label: 'share, cosine', unit: '', scale: 'linear' },
      marks: [
        curve(run, { series: 'alignment', label: 'alignment', colour: 'accent' }),
        curve(run, { series: 'softmaxCollapse', label: 'collapsed', colour: 'ink-2' }),
        ...cursor(step, rows),
      ],
    } satisfies FigureSpec;
  },
};
