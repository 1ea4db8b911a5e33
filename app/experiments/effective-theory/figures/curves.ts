import { fixed, readable } from '#app/figures/format.ts';
import type { ColourToken, FigureSpec, Mark } from '#app/figures/spec.ts';
import type { EffectiveTheoryRun } from '../measures/recording.ts';
import { structureOf } from '../samples.ts';
import type { StructureResult } from '../measures/structure.ts';
import { passedBy, phaseOf, phases } from '../phases.ts';
import { columnOf, cursor, needsOneStep, rowsOf, stepsOf, type EffectiveTheoryFigure } from './recording.ts';

interface Curve {
  readonly series: string;
  readonly label: string;
  readonly colour: ColourToken;
  readonly dash?: boolean;
}

const accuracies: readonly Curve[] = [
  { series: 'trainAccuracy', label: 'train', colour: 'ink-2' },
  { series: 'testAccuracy', label: 'test', colour: 'accent' },
  { series: 'accuracy', label: 'all', colour: 'f2' },
  { series: 'predictedAccuracy', label: 'predicted', colour: 'f3', dash: true },
];

const losses: readonly Curve[] = [
  { series: 'trainLoss', label: 'train', colour: 'ink-2' },
  { series: 'testLoss', label: 'test', colour: 'accent' },
  { series: 'effectiveLoss', label: 'effective', colour: 'f3' },
];

/** Curves of those series that the run records. */
function curves(run: EffectiveTheoryRun, wanted: readonly Curve[]): Mark[] {
  const shown = wanted.filter(({ series }) => rowsOf(run, series) > 0);
  const rows = Math.min(...shown.map(({ series }) => rowsOf(run, series)));
  const x = stepsOf(rows);
  return shown.map(({ series, label, colour, dash }) => ({
    kind: 'line',
    label,
    x,
    y: columnOf(run, series).subarray(0, rows),
    colour,
    dash,
    legend: true,
  }));
}

/** An upright line at a step; none where it never came. */
const at = (step: number | null, colour: ColourToken): Mark[] =>
  step === null ? [] : [{ kind: 'rule', axis: 'x', at: step, colour, dash: true }];

const when = (what: string, step: number | null): string => (step === null ? `has not ${what}` : `${what} at step ${fixed(step, 0)}`);

/** Accuracies with what the representation predicts and what the training set allows. */
export const accuraciesFigure: EffectiveTheoryFigure = {
  id: 'accuracies',
  title: 'Accuracy',
  explanation:
    'Share of pairs answered rightly. Predicted: trained on, or in a parallelogram that the embedding closes with one that is; the ideal accuracy counts the parallelograms that the training set implies.',
  source: 'Liu et al. 2022, figures 3 and 4 and table 1',
  measures: ['structure'],
  live: true,
  draw({ run, results, step }) {
    const rows = rowsOf(run, 'testAccuracy');
    if (rows < 2) return needsOneStep;
    const { accuracyThreshold } = run.parameters;
    const passed = passedBy(run);
    const phase = phaseOf(run);
    const structure = results.structure as StructureResult | undefined;
    const ideal: Mark[] = structure
      ? [{ kind: 'rule', axis: 'y', at: structure.idealAccuracy, label: 'ideal', colour: 'f3', dash: true }]
      : [];
    return {
      id: 'accuracies',
      title: 'Accuracy',
      aside: phases.find(({ id }) => id === phase)!.label.toLowerCase(),
      x: { label: 'step', unit: '', scale: 'log' },
      y: { label: 'accuracy', unit: '', scale: 'linear', domain: [0, 1.02] },
      marks: [
        { kind: 'rule', axis: 'y', at: accuracyThreshold, colour: 'ink-3', dash: true },
        ...ideal,
        ...at(passed.fits, 'ink-2'),
        ...at(passed.generalises, 'accent'),
        ...curves(run, accuracies),
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

/** Losses of the network beside the effective loss of its embedding. */
export const lossesFigure: EffectiveTheoryFigure = {
  id: 'losses',
  title: 'Loss',
  explanation:
    'Loss on the pairs trained on and on those held out, and the effective loss $\\ell_0 / Z_0$ of the embedding, which no training step sees. Both axes are logarithmic.',
  source: 'Liu et al. 2022, section 3.2',
  measures: [],
  live: true,
  draw({ run, step }) {
    const rows = rowsOf(run, 'trainLoss');
    if (rows < 2) return needsOneStep;
    const { values } = run.series('testLoss');
    return {
      id: 'losses',
      title: 'Loss',
      aside: values.length > 0 ? `test ${readable(values[values.length - 1], 2)}` : undefined,
      x: { label: 'step', unit: '', scale: 'log' },
      y:
        run.parameters.objective === 'regression'
          ? { label: 'mean squared error', unit: '', scale: 'log' }
          : { label: 'cross-entropy', unit: 'nats', scale: 'log' },
      marks: [...curves(run, losses), ...cursor(step, rows)],
    } satisfies FigureSpec;
  },
};

/** Quality of the representation over the run. */
export const qualityFigure: EffectiveTheoryFigure = {
  id: 'quality',
  title: 'Representation quality',
  explanation:
    'Representation quality index: the share of all parallelograms $i+j=m+n$ that the embedding closes, $\\lvert\\tilde E_i+\\tilde E_j-\\tilde E_m-\\tilde E_n\\rvert^2 < 0.01$ per dimension. At 1 the symbols lie on a line in equal steps.',
  source: 'Liu et al. 2022, section 3.1',
  measures: ['structure'],
  live: true,
  draw({ run, results, step }) {
    const rows = rowsOf(run, 'rqi');
    if (rows < 2) return needsOneStep;
    const { count } = structureOf(run.parameters);
    const { linearThreshold } = run.parameters;
    const values = columnOf(run, 'rqi');
    const now = values[Math.min(step, rows - 1)];
    const structure = results.structure as StructureResult | undefined;
    return {
      id: 'quality',
      title: 'Quality (RQI)',
      aside: Number.isNaN(now) ? 'no shape' : `${Math.round(now * count)} of ${count} closed`,
      x: { label: 'step', unit: '', scale: 'linear' },
      y: { label: 'RQI', unit: '', scale: 'linear', domain: [0, 1.02] },
      marks: [
        { kind: 'rule', axis: 'y', at: linearThreshold, label: 'linear', colour: 'ink-3', dash: true },
        ...at(passedBy(run).linear, 'good'),
        { kind: 'line', label: 'RQI', x: stepsOf(rows), y: values, colour: 'accent' },
        ...cursor(step, rows),
      ],
      notes: structure
        ? [
            {
              text: `${structure.trained} of ${structure.all} parallelograms are trained on and imply ${structure.implied}${structure.forced ? ': the structure is forced.' : ': the structure is not forced.'}`,
              tone: structure.forced ? ('good' as const) : ('warn' as const),
            },
          ]
        : [],
    } satisfies FigureSpec;
  },
};
