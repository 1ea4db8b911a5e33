import { z } from 'zod';
import type { Experiment, Parameters } from '#app/experiments/experiment.ts';
import { fieldsOf } from '#app/experiments/parameters.ts';
import { LotkaError } from '#app/protocol/errors.ts';

/**
 * Parameters given as `name=value`. Values are JSON, lists may be written with commas (`hiddenWidths=64,64`), and
 * anything else is text.
 * @throws LotkaError `bad-input` for an argument without `=`.
 */
export function parseAssignments(experiment: Experiment, assignments: readonly string[]): Parameters {
  const schemas = new Map(fieldsOf(experiment.parameters).map((entry) => [entry.name, entry.schema]));
  return Object.fromEntries(
    assignments.map((assignment) => {
      const at = assignment.indexOf('=');
      if (at <= 0) throw new LotkaError('bad-input', `--set takes name=value, not "${assignment}".`);
      const name = assignment.slice(0, at);
      return [name, fitting(schemas.get(name), assignment.slice(at + 1))];
    }),
  );
}

function fitting(schema: z.ZodType | undefined, text: string): unknown {
  const single = jsonOrText(text);
  const wantsList = schema !== undefined && z.toJSONSchema(schema, { unrepresentable: 'any' }).type === 'array';
  if (!wantsList || Array.isArray(single)) return single;
  return text.trim() === '' ? [] : text.split(',').map((part) => jsonOrText(part.trim()));
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** What `lotka run --help` says of an experiment's parameters and presets. */
export function describeParameters(experiment: Experiment): string {
  const lines = fieldsOf(experiment.parameters).map(({ name, info }) => {
    const range = info.minimum !== undefined || info.maximum !== undefined ? ` [${info.minimum ?? ''} .. ${info.maximum ?? ''}]` : '';
    const choices = info.choices ? ` (${Object.keys(info.choices).join(' | ')})` : '';
    const paper = info.paper === undefined ? '' : ` Paper: ${typeof info.paper === 'string' ? info.paper : JSON.stringify(info.paper)}.`;
    return `  ${name.padEnd(20)} ${info.help}${info.unit ? ` In ${info.unit}.` : ''}${range}${choices}${paper}`;
  });
  const presets = experiment.presets.map((preset) => `  ${preset.id.padEnd(20)} ${preset.help}`);
  return [`Parameters of ${experiment.id} (--set name=value):`, ...lines, '', `Presets of ${experiment.id} (--preset):`, ...presets].join(
    '\n',
  );
}
