import { z } from 'zod';
import { LotkaError } from '#app/protocol/errors.ts';
import type { Experiment, FieldInfo, Parameters } from './experiment.ts';
import { partOf } from './parts.ts';

const registry = z.registry<FieldInfo>();

/** Attaches what forms, flags and docs say of a field to its schema. */
export function field<T extends z.ZodType>(schema: T, info: FieldInfo): T {
  registry.add(schema, info);
  return schema;
}

/** Fields of a parameter schema in declaration order. @throws TypeError for a field made without `field()`. */
export function fieldsOf(schema: z.ZodObject): { name: string; schema: z.ZodType; info: FieldInfo }[] {
  return Object.entries(schema.shape).map(([name, fieldSchema]) => {
    const info = registry.get(fieldSchema as z.ZodType);
    if (!info) throw new TypeError(`parameter ${name} has no field() description`);
    return { name, schema: fieldSchema as z.ZodType, info };
  });
}

/**
 * Completes and checks parameters: preset first, then overrides.
 * @throws LotkaError `bad-input`: one sentence naming the parameter, the value given and what would be right.
 */
export function parseParameters(experiment: Experiment, presetId: string | null, overrides: Parameters): Parameters {
  const preset = presetId === null ? null : partOf(experiment, 'presets', presetId, 'bad-input');
  const unknown = Object.keys(overrides).find((name) => !(name in experiment.parameters.shape));
  if (unknown !== undefined) {
    throw new LotkaError(
      'bad-input',
      `${experiment.id} has no parameter "${unknown}"; it has ${Object.keys(experiment.parameters.shape).join(', ')}.`,
    );
  }
  const result = experiment.parameters.safeParse({ ...preset?.parameters, ...overrides });
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const name = issue.path.map(String).join('.') || 'parameters';
  const given = issue.path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], {
    ...preset?.parameters,
    ...overrides,
  });
  throw new LotkaError('bad-input', `${name} = ${JSON.stringify(given) ?? 'nothing'} cannot be used: ${issue.message}.`);
}
