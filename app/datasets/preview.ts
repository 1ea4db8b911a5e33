/** What people are shown of a file before it is imported. */
import type { DatasetPreview } from '#app/protocol/dataset.ts';
import type { OpenedFile } from './import.ts';
import type { Plan, PlannedColumn } from './plan.ts';

/** Rows and columns that are shown, and characters of a cell. */
const shownRows = 12;
const shownColumns = 64;
const shownCharacters = 60;

/** Sends no more than can be looked at, however large the file is. */
export function previewOf({ file, format, table, profiles, csv, arrays }: OpenedFile, plan: Plan): DatasetPreview {
  const shown = plan.columns.slice(0, shownColumns);
  // What is learned, and what is wrong, are shown in any case.
  const isWrong = ({ profile }: PlannedColumn): boolean => profile.name === plan.trouble?.column;
  for (const needed of [plan.columns.find(({ use }) => use === 'target'), plan.columns.find(isWrong)])
    if (needed && !shown.includes(needed)) shown.push(needed);
  const rows = Array.from({ length: Math.min(shownRows, table.rows) }, (_, row) => row);
  const wrong = (plan.trouble?.row ?? table.firstRow) - table.firstRow;
  if (!rows.includes(wrong)) rows.push(wrong);
  const cells = (row: number): (string | null)[] =>
    shown.map(({ index }) => {
      const cell = table.columns[index]!.cell(row);
      return cell === null ? null : String(cell).slice(0, shownCharacters);
    });
  return {
    file,
    format,
    rows: table.rows,
    features: plan.features,
    columns: shown.map(({ profile, use, why }) => ({
      name: profile.name,
      array: profile.array,
      use,
      why,
      numbers: profile.numbers,
      texts: profile.texts,
      missing: profile.missing,
      range: profile.range && [...profile.range],
      different: profile.values?.length ?? null,
    })),
    columnCount: table.columns.length,
    sample: rows.map((row) => ({ row: row + table.firstRow, cells: cells(row) })),
    targets: [...new Set(profiles.map(({ name, array }) => array ?? name))],
    target: plan.target,
    task: plan.task,
    standardise: plan.standardise,
    incomplete: plan.missing === 'leave out' && plan.columns.some(({ use, profile }) => use !== 'skip' && profile.missing > 0),
    csv,
    arrays: arrays && arrays.map(({ name, shape, read }) => ({ name, shape: [...shape], read })),
    trouble: plan.trouble,
  };
}
