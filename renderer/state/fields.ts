import type { z } from 'zod';

/** How a parameter is edited. */
export type FieldKind = 'number' | 'integer' | 'numbers' | 'choice' | 'boolean' | 'text';

interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly entries?: Readonly<Record<string, string | number>>;
}

const definitionOf = (schema: z.ZodType) => schema.def as unknown as Definition;

function unwrapped(schema: z.ZodType): z.ZodType {
  const { innerType, in: input } = definitionOf(schema);
  const inner = innerType ?? input;
  return inner ? unwrapped(inner) : schema;
}

/** Finds out how a parameter is edited; defaults, optionals and pipes are looked through. A number in whole steps is an integer. */
export function kindOf(schema: z.ZodType, info: { readonly step?: number } = {}): FieldKind {
  switch (definitionOf(unwrapped(schema)).type) {
    case 'number':
    case 'int':
      return info.step !== undefined && Number.isInteger(info.step) ? 'integer' : 'number';
    case 'boolean':
      return 'boolean';
    case 'array':
      return 'numbers';
    case 'enum':
      return 'choice';
    default:
      return 'text';
  }
}

/** Values an enumeration allows, in order. */
export const choicesOf = (schema: z.ZodType): string[] => Object.values(definitionOf(unwrapped(schema)).entries ?? {}).map(String);

/** A parameter as people write it. */
export function formatValue(value: unknown): string {
  if (Array.isArray(value)) return value.map(formatValue).join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value === null || value === undefined ? '' : String(value);
}

/** Reads what was typed. Numbers may carry a decimal exponent; lists are separated by commas or spaces. */
export function parseText(kind: FieldKind, text: string): { readonly value: unknown } | { readonly problem: string } {
  const trimmed = text.trim();
  if (kind === 'text' || kind === 'choice') return { value: trimmed };
  if (kind === 'boolean') return { value: trimmed === 'yes' || trimmed === 'true' };
  if (kind === 'numbers') {
    const parts = trimmed.split(/[\s,;]+/).filter(Boolean);
    const wrong = parts.find((part) => !isNumeral(part));
    return wrong === undefined
      ? { value: parts.map(Number) }
      : { problem: `"${wrong}" is not a number; write numbers separated by commas.` };
  }
  if (trimmed === '') return { problem: 'A number is needed here.' };
  return isNumeral(trimmed) ? { value: Number(trimmed) } : { problem: `"${trimmed}" is not a number.` };
}

const isNumeral = (text: string) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);

export interface Stepping {
  readonly scale?: 'linear' | 'log';
  readonly minimum?: number;
  readonly maximum?: number;
  readonly step?: number;
}

/**
 * The next value up (+1) or down (-1) from `value`: by `step` on a linear scale, along 1, 2, 5, 10, ... on a logarithmic one.
 * Clamped to the range; whole for integers.
 */
export function stepValue(value: number, direction: 1 | -1, kind: FieldKind, stepping: Stepping, coarse = false): number {
  let next: number;
  if (stepping.scale === 'log' && value > 0) next = nextRound(value, direction, coarse);
  else next = value + direction * (stepping.step ?? (kind === 'integer' ? 1 : 0.01)) * (coarse ? 10 : 1);
  if (kind === 'integer') next = direction > 0 ? Math.max(value + 1, Math.round(next)) : Math.min(value - 1, Math.round(next));
  const clamped = Math.min(stepping.maximum ?? Infinity, Math.max(stepping.minimum ?? -Infinity, next));
  return Number(clamped.toPrecision(12));
}

function nextRound(value: number, direction: 1 | -1, coarse: boolean): number {
  const decade = Math.floor(Math.log10(value) + 1e-9);
  const rounds = coarse ? [1, 10, 0.1] : [0.1, 0.2, 0.5, 1, 2, 5, 10];
  const candidates = rounds.map((round) => Number((round * 10 ** decade).toPrecision(6)));
  const tolerance = value * 1e-9;
  return direction > 0
    ? Math.min(...candidates.filter((candidate) => candidate > value + tolerance))
    : Math.max(...candidates.filter((candidate) => candidate < value - tolerance));
}
