/** Options of a measure as fields of a small form, made from the schema that checks them. */
import { z } from 'zod';
import type { Measure, Parameters } from '#app/experiments/experiment.ts';
import { choicesOf, formatValue, kindOf, parseText, type FieldKind } from './fields.ts';

export interface OptionField {
  readonly name: string;
  readonly kind: FieldKind;
  readonly initial: unknown;
  /** What can be chosen; empty unless it is a choice. */
  readonly choices: readonly string[];
}

/** Options with a value of their own; those without, e.g. the step, follow what is looked at and have no field. */
export function optionFields({ options }: Pick<Measure, 'options'>): OptionField[] {
  if (!(options instanceof z.ZodObject)) return [];
  const defaults = options.safeParse({});
  if (!defaults.success) return [];
  const initial = defaults.data as Parameters;
  return Object.entries(options.shape as Readonly<Record<string, z.ZodType>>).flatMap(([name, schema]) => {
    if (initial[name] === undefined) return [];
    const kind = kindOf(schema);
    return [{ name, kind, initial: initial[name], choices: kind === 'choice' ? choicesOf(schema) : [] }];
  });
}

/** Reads what was typed. @returns the options that differ from the measure's own, or what is wrong with the first wrong one. */
export function readOptions(
  measure: Pick<Measure, 'options'>,
  texts: Readonly<Record<string, string>>,
): { readonly options: Parameters } | { readonly problem: string } {
  const given: Record<string, unknown> = {};
  for (const { name, kind, initial } of optionFields(measure)) {
    const text = texts[name];
    if (text === undefined || text === formatValue(initial)) continue;
    const parsed = parseText(kind, text);
    if ('problem' in parsed) return parsed;
    given[name] = parsed.value;
  }
  const checked = measure.options.safeParse(given);
  return checked.success ? { options: given } : { problem: `${checked.error.issues[0]!.message}.` };
}
