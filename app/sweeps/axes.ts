/** Values of the axes of a sweep, and how people write them. */
import type { z } from 'zod';
import type { Experiment, FieldInfo } from '#app/experiments/experiment.ts';
import { fieldsOf } from '#app/experiments/parameters.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { SweepAxis } from '#app/protocol/sweep.ts';

/** A parameter's value as JSON has it. */
export type Json = Extract<SweepAxis, { kind: 'list' }>['values'][number];
type Range = Extract<SweepAxis, { kind: 'range' }>;

export interface ParameterField {
  readonly name: string;
  readonly schema: z.ZodType;
  readonly info: FieldInfo;
  /** True if only whole numbers are accepted. */
  readonly whole: boolean;
}

const known = new WeakMap<Experiment, ReadonlyMap<string, ParameterField>>();

/** @throws LotkaError `bad-input` naming the parameters that the experiment has */
export function parameterField(experiment: Experiment, name: string): ParameterField {
  let fields = known.get(experiment);
  if (!fields) {
    fields = new Map(fieldsOf(experiment.parameters).map((field) => [field.name, { ...field, whole: isWhole(field) }]));
    known.set(experiment, fields);
  }
  const found = fields.get(name);
  if (!found)
    throw new LotkaError('bad-input', `${experiment.id} has no parameter "${name}" for an axis; it has ${[...fields.keys()].join(', ')}.`);
  return found;
}

function isWhole({ schema, info }: { schema: z.ZodType; info: FieldInfo }): boolean {
  const { minimum = 0, maximum = Infinity } = info;
  const between = [minimum + 0.5, 0.5, 1.5, 10.5].filter((value) => value > minimum && value < maximum);
  return between.some((value) => !schema.safeParse(value).success && schema.safeParse(Math.ceil(value)).success);
}

/**
 * Twelve digits: powers of ten come out as people write them, and the same on every machine although the mathematical
 * functions of two machines may differ in the last digit.
 */
const tidy = (value: number): number => Number(value.toPrecision(12));

/** The value at a share 0 .. 1 of the way along a range. */
export function valueAlong({ from, to, scale }: Pick<Range, 'from' | 'to' | 'scale'>, share: number): number {
  if (share <= 0) return from;
  if (share >= 1) return to;
  return tidy(scale === 'log' ? from * (to / from) ** share : from + (to - from) * share);
}

/** Values of an axis in its order: ends exact; whole numbers, each once, where the parameter wants them. */
export function axisValues(experiment: Experiment, axis: SweepAxis): readonly Json[] {
  if (axis.kind === 'list') return axis.values;
  const { whole } = parameterField(experiment, axis.parameter);
  const values = Array.from({ length: axis.count }, (_, i) => valueAlong(axis, axis.count === 1 ? 0 : i / (axis.count - 1)));
  return whole ? [...new Set(values.map(Math.round))] : values;
}

/** True if the values are numbers that grow or fall along the axis: only then are there neighbours and values between. */
export function isOrdered(values: readonly Json[]): values is readonly number[] {
  const numbers = values.filter((value): value is number => typeof value === 'number');
  if (numbers.length !== values.length) return false;
  const signs = numbers.slice(1).map((value, i) => Math.sign(value - numbers[i]));
  return signs.every((sign) => sign !== 0 && sign === signs[0]);
}

/** An axis as people write it: `learningRate=1e-5..1e-2:10:log`, `steps=100..500:5`, `weightDecay=0,1,2`. */
export function formatAxis(axis: SweepAxis): string {
  if (axis.kind === 'list')
    return `${axis.parameter}=${axis.values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(',')}`;
  return `${axis.parameter}=${axis.from}..${axis.to}:${axis.count}${axis.scale === 'log' ? ':log' : ''}`;
}

const rangeForm = /^([^,]+?)\.\.([^,:]+):(\d+)(?::(log|linear))?$/;

/**
 * Reads what `formatAxis` writes.
 * @param read reads one value of a parameter from text; numbers, true and false, JSON, or text unless told
 * @throws LotkaError `bad-input` showing the two forms
 */
export function parseAxis(text: string, read: (parameter: string, value: string) => Json = readValue): SweepAxis {
  const at = text.indexOf('=');
  const [parameter, values] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  if (at <= 0 || values === '') throw malformed(text);
  const range = rangeForm.exec(values);
  if (range) {
    const [from, to, count] = [Number(range[1]), Number(range[2]), Number(range[3])];
    if (!Number.isFinite(from) || !Number.isFinite(to)) throw malformed(text);
    return { kind: 'range', parameter, scale: range[4] === 'log' ? 'log' : 'linear', from, to, count };
  }
  if (values.includes('..')) throw malformed(text);
  return { kind: 'list', parameter, values: splitValues(values).map((value) => read(parameter, value)) };
}

/** Commas separate values, but not those inside brackets: `[64,64],[128,128]` are two. */
function splitValues(text: string): string[] {
  const parts: string[] = [];
  let [depth, start] = [0, 0];
  for (let i = 0; i <= text.length; i += 1) {
    if (text[i] === '[' || text[i] === '{') depth += 1;
    if (text[i] === ']' || text[i] === '}') depth -= 1;
    if (i === text.length || (text[i] === ',' && depth === 0)) {
      parts.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  return parts;
}

function readValue(_parameter: string, text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

const malformed = (text: string): LotkaError =>
  new LotkaError(
    'bad-input',
    `"${text}" is no axis; write parameter=from..to:count, with :log behind it for a logarithmic one, or parameter=value,value,value.`,
  );

/** The first value of each of some axes, by parameter. */
export const firstValues = (experiment: Experiment, axes: readonly SweepAxis[]): Record<string, Json> =>
  Object.fromEntries(axes.map((axis) => [axis.parameter, axisValues(experiment, axis)[0]]));
