import { expect, it } from 'vitest';
import { DatasetPreview } from '#app/protocol/dataset.ts';
import { ImportChoices } from './choices.ts';
import { openFile, planFor } from './import.ts';
import { previewOf } from './preview.ts';
import { bytesOf, noTurn } from './testing.ts';

async function preview(text: string, told: Partial<ImportChoices> = {}): Promise<DatasetPreview> {
  const choices = ImportChoices.parse(told);
  const opened = await openFile(bytesOf(text), 'data.csv', choices, noTurn);
  return DatasetPreview.parse(previewOf(opened, planFor(opened, choices)));
}

it('shows the first rows as people count them, and the one that is wrong', async () => {
  const rows = Array.from({ length: 50 }, (_, row) => `${row},${row === 40 ? '' : row * 1.5}`);
  const { sample, trouble, columns } = await preview(`x,y\n${rows.join('\n')}`);
  expect(sample).toHaveLength(13);
  expect(sample[0]).toEqual({ row: 2, cells: ['0', '0'] });
  expect(sample.at(-1)).toEqual({ row: 42, cells: ['40', null] });
  expect(trouble).toMatchObject({ row: 42, column: 'y' });
  expect(columns).toMatchObject([
    { name: 'x', use: 'number', range: [0, 49], different: 50 },
    { name: 'y', use: 'target', missing: 1 },
  ]);
  expect(await preview(`x,y\n${rows.join('\n')}`, { missing: 'leave out' })).toMatchObject({ incomplete: true, trouble: null });
});

it('sends no more than can be looked at, but what is learned and what is wrong', async () => {
  const names = Array.from({ length: 300 }, (_, column) => `c${column}`);
  const cells = (row: number) => names.map((_, column) => (row === 5 && column === 200 ? 'oops' : `${row + column}.5`));
  const text = [names, ...Array.from({ length: 20 }, (_, row) => cells(row))].map((row) => row.join(',')).join('\n');
  const { columns, columnCount, sample, trouble } = await preview(text);
  expect(columnCount).toBe(300);
  expect(columns.map(({ name }) => name).slice(62)).toEqual(['c62', 'c63', 'c299', 'c200']);
  expect(sample[5]!.cells.at(-1)).toBe('oops');
  expect(trouble).toMatchObject({ row: 7, column: 'c200' });
  const [long] = (await preview(`x,y\n${'a'.repeat(500)},1\nb,0\na,1\nb,0`)).sample;
  expect(long!.cells[0]).toHaveLength(60);
});
