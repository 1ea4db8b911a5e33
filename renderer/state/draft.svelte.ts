import { fieldsOf } from '#app/experiments/parameters.ts';
import type { Experiment, FieldInfo, Parameters, Preset } from '#app/experiments/experiment.ts';
import { formatValue, kindOf, parseText, type FieldKind } from './fields.ts';

export interface DraftField {
  readonly name: string;
  readonly kind: FieldKind;
  readonly schema: ReturnType<typeof fieldsOf>[number]['schema'];
  readonly info: FieldInfo;
}

/** JSON equality: parameters are plain JSON. */
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/**
 * The form: what is typed for each parameter, what it means, and what is wrong with it.
 * `base` is the preset or the run it started from; a field differs from it or does not.
 */
export class Draft {
  readonly experiment: Experiment;
  readonly fields: readonly DraftField[];
  preset = $state<string | null>(null);
  base = $state.raw<Parameters>({});
  texts = $state<Record<string, string>>({});

  constructor(experiment: Experiment, preset: string | null, parameters?: Parameters) {
    this.experiment = experiment;
    this.fields = fieldsOf(experiment.parameters).map((field) => ({ ...field, kind: kindOf(field.schema, field.info) }));
    const known = experiment.presets.find((candidate) => candidate.id === preset) ?? experiment.presets[0];
    if (parameters) this.startFrom(parameters, preset);
    else if (known) this.startFrom(known.parameters, known.id);
  }

  /** Fills the form anew. */
  startFrom(parameters: Parameters, preset: string | null): void {
    this.base = parameters;
    this.preset = preset;
    this.texts = Object.fromEntries(this.fields.map(({ name }) => [name, formatValue(parameters[name])]));
  }

  choosePreset(id: string): void {
    const preset = this.experiment.presets.find((candidate) => candidate.id === id);
    if (preset) this.startFrom(preset.parameters, preset.id);
  }

  readonly #read = $derived.by(() => {
    const values: Record<string, unknown> = {};
    const problems: Record<string, string> = {};
    for (const { name, kind } of this.fields) {
      const parsed = parseText(kind, this.texts[name] ?? '');
      if ('problem' in parsed) problems[name] = parsed.problem;
      else values[name] = parsed.value;
    }
    const checked = this.experiment.parameters.safeParse({ ...this.base, ...values });
    for (const issue of checked.error?.issues ?? []) {
      const name = String(issue.path[0] ?? '');
      problems[name] ??= sentence(issue.message);
    }
    const parameters = checked.success && Object.keys(problems).length === 0 ? (checked.data as Parameters) : null;
    return { values, problems, parameters };
  });

  /** What is wrong, by field; `''` for what concerns several at once. */
  get problems(): Readonly<Record<string, string>> {
    return this.#read.problems;
  }

  /** Complete, checked parameters; null while something is wrong. */
  get parameters(): Parameters | null {
    return this.#read.parameters;
  }

  /** The preset the form equals now, or null for the user's own values. */
  get matchingPreset(): Preset<Parameters> | null {
    const { parameters } = this;
    if (!parameters) return null;
    const equal = this.experiment.presets.filter((preset) =>
      this.fields.every(({ name }) => same(preset.parameters[name], parameters[name])),
    );
    return equal.find((preset) => preset.id === this.preset) ?? equal[0] ?? null;
  }

  differs(name: string): boolean {
    const field = this.fields.find((candidate) => candidate.name === name);
    if (!field) return false;
    const parsed = parseText(field.kind, this.texts[name] ?? '');
    return 'problem' in parsed || !same(parsed.value, this.base[name]);
  }

  /** Parameters that differ from the base, as an override. */
  get changes(): Record<string, unknown> {
    const { parameters } = this;
    if (!parameters) return {};
    return Object.fromEntries(
      this.fields.flatMap(({ name }) => (same(parameters[name], this.base[name]) ? [] : [[name, parameters[name]]])),
    );
  }

  revert(name: string): void {
    this.texts[name] = formatValue(this.base[name]);
  }

  /** Why a field has no effect now, or null if it has. */
  idleReason(name: string): string | null {
    const rule = this.fields.find((field) => field.name === name)?.info.appliesWhen;
    if (!rule) return null;
    const other = this.fields.find((field) => field.name === rule.field);
    const value = this.#read.values[rule.field];
    if (rule.is.some((allowed) => same(allowed, value))) return null;
    const allowed = rule.is.map((choice) => other?.info.choices?.[String(choice)] ?? formatValue(choice)).join(' or ');
    return `Applies when ${other?.info.label ?? rule.field} is ${allowed}.`;
  }
}

/** Makes an issue's words a sentence. */
function sentence(message: string): string {
  const start = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}
