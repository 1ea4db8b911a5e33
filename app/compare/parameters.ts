/** Parameters of several runs beside each other. */
import type { Experiment, Parameters } from '#app/experiments/experiment.ts';
import { fieldsOf } from '#app/experiments/parameters.ts';

export interface ParameterRow {
  readonly name: string;
  readonly label: string;
  readonly symbol?: string;
  readonly unit?: string;
  /** One value a run; undefined where its experiment has no such parameter. */
  readonly values: readonly unknown[];
  /** True unless all values are the same as JSON. */
  readonly differs: boolean;
}

/**
 * A row for every parameter that any of the runs has, in the order of the experiments' forms.
 * Runs of one experiment compare all of them; a parameter that only some experiments have differs.
 */
export function parameterRows(runs: readonly { readonly experiment: Experiment; readonly parameters: Parameters }[]): ParameterRow[] {
  const rows = new Map<string, Omit<ParameterRow, 'values' | 'differs'>>();
  for (const experiment of new Set(runs.map((run) => run.experiment))) {
    for (const { name, info } of fieldsOf(experiment.parameters)) {
      if (!rows.has(name)) rows.set(name, { name, label: info.label, symbol: info.symbol, unit: info.unit });
    }
  }
  return [...rows.values()].map((row) => {
    const values = runs.map(({ experiment, parameters }) => (row.name in experiment.parameters.shape ? parameters[row.name] : undefined));
    return { ...row, values, differs: new Set(values.map((value) => JSON.stringify(value))).size > 1 };
  });
}
