/** Decides what an import makes of every column, and finds what stands in its way. */
import type { ColumnUse, ImportChoices, LearningTask } from './choices.ts';
import { fewestRows, grouped, mostCategories, mostCells, mostClasses } from './limits.ts';
import type { ColumnProfile } from './profile.ts';
import { badFile, quoted, type Table } from './table.ts';

/** What stands in the way of an import: a sentence, and where. Rows as people count them. */
export interface Trouble {
  readonly sentence: string;
  readonly row: number | null;
  readonly column: string | null;
}

export interface PlannedColumn {
  readonly profile: ColumnProfile;
  /** Its place in the table. */
  readonly index: number;
  readonly use: ColumnUse | 'target';
  /** Why it is left out; null if it is not, or if somebody said so. */
  readonly why: string | null;
}

export interface Plan {
  readonly columns: readonly PlannedColumn[];
  /** Name of the column or array to learn. */
  readonly target: string;
  readonly task: LearningTask;
  readonly standardise: boolean;
  readonly missing: ImportChoices['missing'];
  /** Inputs of a network. */
  readonly features: number;
  /** Null if the import can be done. */
  readonly trouble: Trouble | null;
}

/** Whole numbers with no more different values than this are taken for classes. */
const classesOfNumbers = 20;
const targetNames = ['target', 'targets', 'label', 'labels', 'class', 'y', 'y_train', 'output'];

/**
 * A plan for a table.
 * @throws LotkaError `bad-input` for choices that name what the table does not have
 */
export function planImport(table: Table, profiles: readonly ColumnProfile[], choices: ImportChoices): Plan {
  const groupsOf = (profile: ColumnProfile): string => profile.array ?? profile.name;
  const groups = [...new Set(profiles.map(groupsOf))];
  // A column may be called `constructor`.
  const toldOf = (name: string): ColumnUse | undefined => (Object.hasOwn(choices.columns, name) ? choices.columns[name] : undefined);
  const known = new Set([...groups, ...profiles.map(({ name }) => name)]);
  for (const name of [...(choices.target === undefined ? [] : [choices.target]), ...Object.keys(choices.columns)])
    if (!known.has(name)) throw badFile(table.file, '', `it has no column ${quoted(name)}; it has ${listed(groups)}.`);
  const target =
    choices.target ?? targetNames.map((name) => groups.find((group) => group.toLowerCase() === name)).find(Boolean) ?? groups.at(-1)!;
  const isTarget = (profile: ColumnProfile): boolean => profile.name === target || profile.array === target;
  const targets = profiles.filter(isTarget);
  const task = choices.task ?? guessTask(targets);
  const columns = profiles.map((profile, index): PlannedColumn => {
    if (isTarget(profile)) return { profile, index, use: 'target', why: null };
    const told = toldOf(profile.name) ?? toldOf(groupsOf(profile));
    return { profile, index, ...(told ? { use: told, why: null } : guessUse(profile)) };
  });
  const inputs = columns.filter(({ use }) => use === 'number' || use === 'category');
  const features = inputs.reduce((sum, { use, profile }) => sum + (use === 'category' ? (profile.values?.length ?? 0) : 1), 0);
  return {
    columns,
    target,
    task,
    standardise: choices.standardise ?? inputs.some(({ profile }) => profile.array === null),
    missing: choices.missing,
    features,
    trouble: findTrouble(table, columns, inputs, targets, task, choices, features),
  };
}

const listed = (names: readonly string[]): string =>
  names.slice(0, 8).map(quoted).join(', ') + (names.length > 8 ? ` and ${grouped(names.length - 8)} more` : '');

/** Texts are classes, and so are a few whole numbers. */
function guessTask(targets: readonly ColumnProfile[]): LearningTask {
  const [only] = targets;
  if (targets.length !== 1 || !only) return 'regression';
  if (only.texts > only.numbers) return 'classification';
  return only.whole && only.values !== null && only.values.length <= classesOfNumbers ? 'classification' : 'regression';
}

const isConstant = ({ values, missing }: ColumnProfile): boolean => values !== null && values.length <= 1 && missing === 0;

function guessUse(profile: ColumnProfile): { use: ColumnUse; why: string | null } {
  const { numbers, texts, values } = profile;
  if (numbers + texts === 0) return { use: 'skip', why: 'nothing is in it' };
  // Columns of an array belong together; one that never changes does no harm there.
  if (profile.array !== null && texts === 0) return { use: 'number', why: null };
  if (isConstant(profile)) return { use: 'skip', why: 'it is the same in every row' };
  // A few texts among numbers are mistakes to be told of, not categories.
  if (numbers > texts) return { use: 'number', why: null };
  if (values !== null && values.length <= mostCategories) return { use: 'category', why: null };
  return { use: 'skip', why: `it has more than ${mostCategories} different texts` };
}

function findTrouble(
  table: Table,
  columns: readonly PlannedColumn[],
  inputs: readonly PlannedColumn[],
  targets: readonly ColumnProfile[],
  task: LearningTask,
  choices: ImportChoices,
  features: number,
): Trouble | null {
  const trouble = (what: string, column: string | null = null, row: number | null = null): Trouble => {
    const person = row === null ? null : row + table.firstRow;
    const where = [person === null ? [] : [`row ${grouped(person)}`], column === null ? [] : [`column ${quoted(column)}`]]
      .flat()
      .join(', ');
    return { sentence: badFile(table.file, where, what).message, row: person, column };
  };
  if (columns.length === 1)
    return trouble(
      `it has one column only; one to learn and at least one to learn it from are needed${table.delimited ? ': check the delimiter' : ''}.`,
    );
  if (table.rows < fewestRows)
    return trouble(`it has ${table.rows} ${table.rows === 1 ? 'row' : 'rows'}; at least ${fewestRows} are needed to train and test.`);
  const used = columns.filter(({ use }) => use !== 'skip');
  for (const { profile, use } of used) {
    const numeric = use === 'number' || (use === 'target' && task === 'regression');
    if (numeric && profile.firstText) {
      const helps = use === 'target' ? 'learn classes instead' : 'use the column as categories, or leave it out';
      return trouble(`${quoted(profile.firstText.text)} is not a number; correct it, ${helps}.`, profile.name, profile.firstText.row);
    }
    if (profile.numbers + profile.texts === 0) return trouble('nothing is in this column.', profile.name);
    if (profile.firstMissing !== null && choices.missing === 'refuse') {
      const count = profile.missing === 1 ? '' : `, nor in ${grouped(profile.missing - 1)} more rows`;
      const helps = use === 'target' ? '' : ', leave the column out,';
      return trouble(`there is no value${count}; fill it in${helps} or leave such rows out.`, profile.name, profile.firstMissing);
    }
  }
  for (const { profile, use } of inputs) {
    if (isConstant(profile) && profile.array === null)
      return trouble('it is the same in every row and tells nothing; leave it out.', profile.name);
    if (use === 'category' && (profile.values === null || profile.values.length > mostCategories))
      return trouble(`it has more than ${mostCategories} categories; leave it out, or write fewer.`, profile.name);
  }
  if (inputs.length === 0) return trouble('no column is left to learn from; use at least one besides the one to learn.');
  if (inputs.every(({ profile }) => isConstant(profile))) return trouble('its inputs are the same in every row.');
  if (task === 'classification') {
    const [only] = targets;
    if (targets.length > 1 || !only)
      return trouble(`classes are in one column, and ${grouped(targets.length)} are to be learned; choose one, or regression.`);
    if (only.values === null || only.values.length > mostClasses)
      return trouble(
        `it has more than ${grouped(mostClasses)} different values, too many for classes; choose regression, or another column.`,
        only.name,
      );
    if (only.values.length === 1)
      return trouble(
        `there is one class only, ${quoted(String(only.values[0]))}, so nothing is to be learned; choose another column.`,
        only.name,
      );
  } else if (targets.every(isConstant))
    return trouble('it is the same in every row, so nothing is to be learned; choose another column.', targets[0]!.name);
  if (features * table.rows > mostCells)
    return trouble(
      `with its categories, ${grouped(table.rows)} rows of ${grouped(features)} inputs are more than the ${grouped(mostCells)} numbers that Lotka imports.`,
    );
  return null;
}
