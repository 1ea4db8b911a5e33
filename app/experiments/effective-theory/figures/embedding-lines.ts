import { slotColour } from '#app/figures/colours.ts';
import { fixed } from '#app/figures/format.ts';
import type { FigureSpec, Mark } from '#app/figures/spec.ts';
import type { EffectiveFlowResult } from '../measures/effective-flow.ts';
import { hasSeries } from '../measures/recording.ts';
import { structureOf } from '../samples.ts';
import { symbolKey, symbolNames } from '../tasks.ts';
import { columnOf, cursor, needsOneStep, rowsOf, stepsOf, type EffectiveTheoryFigure } from './recording.ts';

/** Where every symbol lies over the run, and where the effective theory says it should. */
export const embeddingLinesFigure: EffectiveTheoryFigure = {
  id: 'embedding-lines',
  title: 'Embedding and effective theory',
  explanation:
    'Solid: the normalised embedding $\\tilde E_k$ of every symbol. Dashed: the effective theory from the same start; the upright line is where they part.',
  source: 'Liu et al. 2022, figures 4c and 4d',
  measures: ['effective-flow'],
  live: true,
  draw({ run, results, step }) {
    if (!hasSeries(run, 'embedding')) return 'This run does not record its embedding as lines at every step.';
    const rows = rowsOf(run, 'embedding');
    if (rows < 2) return needsOneStep;
    const structure = structureOf(run.parameters);
    const { symbols } = structure;
    const names = symbolNames(structure);
    const width = run.series('embedding').width / symbols;
    const theory = results['effective-flow'] as EffectiveFlowResult | undefined;
    const x = stepsOf(rows);
    const each = Array.from({ length: symbols }, (_, symbol) => symbol);
    const network = each.map((symbol): Mark => ({
      kind: 'line',
      key: symbolKey(symbol),
      label: names[symbol],
      x,
      y: columnOf(run, 'embedding', symbol * width),
      colour: slotColour(symbol),
      legend: true,
    }));
    const dashed = theory
      ? each.map((symbol): Mark => ({
          kind: 'line',
          key: symbolKey(symbol),
          label: `${names[symbol]}, theory`,
          x: theory.steps,
          y: Float64Array.from(theory.steps, (_, i) => theory.theory[(i * symbols + symbol) * width]),
          colour: slotColour(symbol),
          width: 1,
          dash: true,
        }))
      : [];
    const part: Mark[] =
      theory && theory.departure !== null
        ? [{ kind: 'rule', axis: 'x', at: theory.departure, label: 'theory and network part', colour: 'warn', dash: true }]
        : [];
    const notes = [...(width > 1 ? [{ text: `First of ${width} dimensions.` }] : []), ...(theory ? [{ text: clockSentence(theory) }] : [])];
    return {
      id: 'embedding-lines',
      title: theory ? 'Embedding and theory' : 'Embedding',
      aside: theory ? (theory.departure === null ? 'do not part' : `part at step ${fixed(theory.departure, 0)}`) : undefined,
      x: { label: 'step', unit: '', scale: 'linear' },
      y: { label: 'Ẽₖ', unit: '', scale: 'linear' },
      marks: [...network, ...dashed, ...part, ...cursor(step, rows)],
      notes,
    } satisfies FigureSpec;
  },
};

function clockSentence({ clock, timeScale, variant }: EffectiveFlowResult): string {
  const loss = variant === 'paper' ? "the paper's loss" : "the released code's loss";
  return clock === 'rate'
    ? `Theory: ${loss}, t = η · step, nothing fitted.`
    : `Theory: ${loss}, its clock fitted to this run (${timeScale.toPrecision(3)} theory steps a training step), so agreement is no prediction.`;
}
