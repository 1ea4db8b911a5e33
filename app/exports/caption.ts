/** Words under a figure, made of what it shows and of how it came about. */
import type { Experiment, Parameters } from '#app/experiments/experiment.ts';
import { fieldsOf } from '#app/experiments/parameters.ts';
import type { FigureSpec } from '#app/figures/spec.ts';
import type { RunRecord } from '#app/protocol/contract.ts';

export type CaptionKind = 'plain' | 'latex';

export interface CaptionOf {
  readonly experiment: Experiment;
  readonly record: RunRecord;
  readonly figure: { readonly id: string; readonly title: string; readonly explanation: string };
  /** Drawn; its notes are measured of this run. */
  readonly spec: Pick<FigureSpec, 'notes'> | null;
  /** Step that it shows. */
  readonly step: number;
}

/**
 * What is seen and how to read it, what was measured, then experiment, parameters that differ from its usual ones, seeds, run and
 * program. As LaTeX a `\caption` and a `\label`, formulas kept; as plain text formulas lose their dollars.
 */
export function captionOf({ experiment, record, figure, spec, step }: CaptionOf, kind: CaptionKind): string {
  const { paper } = experiment;
  const authors = paper.authors.map((author) => author.split(' ').at(-1)).join(', ');
  const { seeds, others } = chosen(experiment, record, kind);
  const sentences = [
    mathematics(`${ended(figure.title)} ${figure.explanation}`, kind),
    ...(spec?.notes ?? []).map(({ text }) => mathematics(ended(text), kind)),
    `${words(experiment.title, kind)} (${words(authors, kind)} ${paper.year})${others.length > 0 ? `: ${others.join(', ')}` : ''}.`,
    ...(seeds.length > 0 ? [`Seeds: ${seeds.join(', ')}.`] : []),
    words(
      `Run ${record.id} at step ${step} of ${record.steps}, Lotka ${record.provenance.lotka}, engine ${record.provenance.engine} (${record.provenance.backend}, ${record.provenance.precision}).`,
      kind,
    ),
  ];
  const text = sentences.join(' ').replace(/\s+/g, ' ').trim();
  return kind === 'plain' ? text : `\\caption{${text}}\n\\label{fig:${figure.id}-${record.id}}`;
}

/** Parameters that apply and differ from the usual ones, and all seeds, each as `name value`. */
function chosen(experiment: Experiment, { parameters }: RunRecord, kind: CaptionKind): { seeds: string[]; others: string[] } {
  const usual = experiment.parameters.safeParse({}).data as Parameters | undefined;
  const seeds: string[] = [];
  const others: string[] = [];
  for (const { name, info } of fieldsOf(experiment.parameters)) {
    const value = parameters[name];
    const { appliesWhen } = info;
    if (value === undefined || (appliesWhen && !appliesWhen.is.some((one) => same(one, parameters[appliesWhen.field])))) continue;
    const isSeed = /seed$/i.test(name);
    if (!isSeed && same(value, usual?.[name])) continue;
    const shown = words(`${info.choices?.[String(value)] ?? display(value)}${info.unit ? ` ${info.unit}` : ''}`, kind);
    const label = words(info.label.charAt(0).toLowerCase() + info.label.slice(1), kind);
    const said = kind === 'latex' && info.symbol ? `${label} $${info.symbol} = ${shown}$` : `${label} ${shown}`;
    (isSeed ? seeds : others).push(said);
  }
  return { seeds, others };
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

const display = (value: unknown): string =>
  Array.isArray(value) ? value.map(display).join(', ') : typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);

const ended = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** Text with formulas between dollars. */
function mathematics(text: string, kind: CaptionKind): string {
  const parts = text.split('$');
  if (kind === 'plain') return parts.map((part, index) => (index % 2 === 0 ? part : unmarked(part))).join('');
  return parts.map((part, index) => (index % 2 === 0 ? words(part, kind) : `$${part}$`)).join('');
}

/** A formula as one says it: without backslashes and braces. */
const unmarked = (formula: string): string =>
  formula.replace(/\\(?:text|mathrm|bigl|bigr|lVert|rVert)|[{}]/g, '').replace(/\\([a-zA-Z]+)/g, '$1');

const specials: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '%': '\\%',
  '#': '\\#',
  _: '\\_',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};

const words = (text: string, kind: CaptionKind): string =>
  kind === 'plain' ? text : text.replace(/[\\{}$&%#_~^]/g, (letter) => specials[letter]!);
