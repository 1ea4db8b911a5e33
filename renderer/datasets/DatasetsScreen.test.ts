import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import type { Component } from 'svelte';
import { afterEach, expect, it } from 'vitest';
import { LotkaError } from '#app/protocol/errors.ts';
import type { DatasetPreview, DatasetRecord } from '#app/protocol/dataset.ts';
import { Workbench } from '#renderer/state/workbench.svelte.ts';
import { RecordedService } from '#renderer/testing/recorded-service.ts';
import WithTooltips from '#renderer/testing/WithTooltips.svelte';
import DatasetsScreen from './DatasetsScreen.svelte';

afterEach(cleanup);

const bundled: DatasetRecord = {
  format: 1,
  id: 'digits-14',
  name: 'Handwritten digits, 14 × 14',
  source: 'bundled',
  licence: 'MIT licence',
  rows: 10_000,
  features: 196,
  target: { kind: 'class', classes: ['0', '1', '2', '3', '4', '5'] },
  hash: 'ab',
  created: null,
  transformation: null,
};
const houses: DatasetRecord = {
  ...bundled,
  id: 'houses-12345678',
  name: 'Houses',
  source: 'imported',
  licence: null,
  rows: 1200,
  features: 5,
  target: { kind: 'number', width: 1 },
  created: '2026-01-01T00:00:00.000Z',
  transformation: { file: 'houses.csv', inputs: [], target: [], leftOut: [{ column: 'id', why: 'x' }], rowsLeftOut: 3 },
};
const counts = { array: null, why: null, texts: 0, missing: 0, different: 4 };
const preview: DatasetPreview = {
  file: 'houses.csv',
  format: 'csv',
  rows: 1200,
  features: 2,
  columns: [
    { ...counts, name: 'rooms', use: 'number', numbers: 1199, missing: 1, range: [1, 9] },
    { ...counts, name: 'town', use: 'category', numbers: 0, texts: 1200, range: null },
    { ...counts, name: 'price', use: 'target', numbers: 1200, range: [100, 900] },
  ],
  columnCount: 3,
  sample: [
    { row: 2, cells: ['3', 'Bonn', '210'] },
    { row: 3, cells: [null, 'Köln', '330'] },
  ],
  targets: ['rooms', 'town', 'price'],
  target: 'price',
  task: 'regression',
  standardise: true,
  incomplete: false,
  csv: { delimiter: ';', header: true, decimal: '.' },
  arrays: null,
  trouble: { sentence: '"houses.csv", row 3, column "rooms": there is no value.', row: 3, column: 'rooms' },
};

async function show() {
  let list = [bundled];
  const service = new RecordedService({
    'datasets.list': () => ({ datasets: list, unreadable: [] }),
    'datasets.upload': () => ({ upload: 'upload-1' }),
    'datasets.add': () => ({}),
    'datasets.preview': ({ choices }) => ({
      ...preview,
      target: choices.target ?? 'price',
      trouble: choices.missing === 'leave out' ? null : preview.trouble,
      incomplete: choices.missing === 'leave out',
    }),
    'datasets.import': () => {
      list = [bundled, houses];
      return { dataset: houses };
    },
    'datasets.discard': () => ({}),
    'datasets.remove': () => {
      list = [bundled];
      return {};
    },
    'datasets.restore': () => {
      list = [bundled, houses];
      return {};
    },
  });
  const workbench = new Workbench(service);
  workbench.router.go({ screen: 'datasets' });
  render(WithTooltips, { shown: DatasetsScreen as Component<Record<string, unknown>>, given: { workbench } });
  await screen.findByRole('rowheader', { name: /Handwritten digits/ });
  return { service, workbench, have: (records: DatasetRecord[]) => (list = records) };
}

const file = (name: string, text: string) => Object.assign(new File([text], name));
const drop = (dropped: File) =>
  fireEvent.drop(screen.getByRole('group', { name: 'Import a dataset' }), { dataTransfer: { files: [dropped] } });

it('lists what comes with Lotka with its licence, and nothing to delete there', async () => {
  await show();
  const row = screen.getByRole('row', { name: /Handwritten digits/ });
  expect(row.textContent).toMatch(/digits-14.*MIT licence.*10,000.*196.*6 classes: 0, 1, 2, 3, ….*with Lotka/s);
  expect(within(row).queryByRole('button')).toBeNull();
});

it('sends a dropped file, shows its first rows with guessed uses, and where it is wrong', async () => {
  const { service } = await show();
  await drop(file('houses.csv', 'rooms;town;price\n3;Bonn;210'));
  await screen.findByRole('region', { name: 'First rows of houses.csv' });
  expect(service.inputsOf('datasets.upload')).toEqual([{ file: 'houses.csv', bytes: 27 }]);
  expect(service.inputsOf('datasets.add')).toEqual([
    { upload: 'upload-1', offset: 0, bytes: new TextEncoder().encode('rooms;town;price\n3;Bonn;210') },
  ]);
  expect(screen.getByLabelText('Use of rooms').textContent).toContain('Number');
  expect(screen.getByLabelText('Use of town').textContent).toContain('Categories');
  expect(screen.getByRole('alert').textContent).toBe('"houses.csv", row 3, column "rooms": there is no value.');
  const wrong = screen.getByText('missing', { selector: 'td' });
  expect(wrong.className).toContain('wrong');
  expect(screen.getByRole('rowheader', { name: '3' }).className).toContain('wrong');
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Import' }).disabled).toBe(true);
  expect(screen.getByText('and 1,198 more rows')).toBeDefined();
});

it('imports once what stood in the way is dealt with, and offers to train on it', async () => {
  const { service, workbench } = await show();
  await drop(file('houses.csv', 'x'));
  await fireEvent.click(await screen.findByRole('switch', { name: 'Leave incomplete rows out' }));
  await screen.findByText('1,200 rows of 2 inputs, to learn numbers in “price”; of them, incomplete ones are left out.');
  await fireEvent.click(screen.getByRole('radio', { name: 'Classes' }));
  await waitFor(() => expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Import' }).disabled).toBe(false));
  await fireEvent.input(screen.getByRole('textbox', { name: 'Name' }), { target: { value: 'Houses' } });
  await fireEvent.click(screen.getByRole('button', { name: 'Import' }));
  const row = await screen.findByRole('row', { name: /Houses/ });
  expect(service.inputsOf('datasets.import')).toEqual([
    { upload: 'upload-1', choices: expect.objectContaining({ missing: 'leave out', task: 'classification', name: 'Houses' }) as object },
  ]);
  expect(row.textContent).toMatch(/from houses\.csv, without 3 rows and 1 column.*1,200.*a number/s);
  expect(workbench.toasts.shown.at(-1)?.text).toBe('Imported "Houses".');
  await fireEvent.click(within(row).getByRole('button', { name: 'Train on it' }));
  expect(workbench.router.current).toEqual({ screen: 'new', experiment: 'omnigrok', preset: null });
  expect(workbench.settings.stored.drafts.omnigrok?.parameters).toMatchObject({ task: 'dataset', dataset: 'houses-12345678' });
});

it('forgets targets and uses when cells are read anew, and the file when one cancels', async () => {
  const { service } = await show();
  await drop(file('houses.csv', 'x'));
  await fireEvent.click(await screen.findByRole('radio', { name: 'Classes' }));
  await fireEvent.click(screen.getByRole('switch', { name: 'First row has names' }));
  await waitFor(() => expect(service.inputsOf('datasets.preview')).toHaveLength(3));
  expect(service.inputsOf('datasets.preview').slice(1)).toEqual([
    { upload: 'upload-1', choices: expect.objectContaining({ task: 'classification' }) as object },
    { upload: 'upload-1', choices: { header: false, name: undefined } },
  ]);
  await fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(service.inputsOf('datasets.discard')).toEqual([{ upload: 'upload-1' }]);
  expect(screen.getByRole('group', { name: 'Import a dataset' })).toBeDefined();
});

it('says why a file is none, and takes another', async () => {
  const { service } = await show();
  service.answers['datasets.upload'] = () => {
    throw new LotkaError('bad-input', '"a.pdf": Lotka imports .csv (also .tsv and .txt), .npz and .parquet; save it as one of them.');
  };
  await drop(file('a.pdf', 'x'));
  expect((await screen.findByRole('alert')).textContent).toContain('Lotka imports .csv');
  expect(service.inputsOf('datasets.add')).toEqual([]);
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Import' }).disabled).toBe(true);
});

it('lets another delimiter be chosen where the one found out makes no table, and after one that made none', async () => {
  const { service } = await show();
  const answer = service.answers['datasets.preview']!;
  service.answers['datasets.preview'] = (input) => {
    if (input.choices.delimiter === ';') return answer(input);
    throw new LotkaError('bad-input', `"houses.csv", row 3: it has 2 cells.`);
  };
  await drop(file('houses.csv', 'x'));
  await screen.findByText('"houses.csv", row 3: it has 2 cells.');
  const choose = async (name: string): Promise<void> => {
    await fireEvent.pointerDown(screen.getByRole('combobox', { name: 'Between cells' }), { pointerType: 'mouse', button: 0 });
    await fireEvent.pointerUp(await screen.findByRole('option', { name }), { pointerType: 'mouse', button: 0 });
  };
  await choose('; semicolon');
  await screen.findByRole('region', { name: 'First rows of houses.csv' });
  await choose('tab');
  await screen.findByText('"houses.csv", row 3: it has 2 cells.');
  expect(screen.getByRole('combobox', { name: 'Between cells' }).textContent).toContain('tab');
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Import' }).disabled).toBe(true);
  await choose('; semicolon');
  await waitFor(() => expect(screen.queryByText('"houses.csv", row 3: it has 2 cells.')).toBeNull());
});

it('deletes an imported dataset and brings it back', async () => {
  const { workbench, have } = await show();
  have([bundled, houses]);
  await workbench.datasets.reload();
  await fireEvent.click(await screen.findByRole('button', { name: 'Delete Houses' }));
  await waitFor(() => expect(screen.queryByRole('row', { name: /Houses/ })).toBeNull());
  workbench.toasts.shown.at(-1)?.action?.perform();
  expect(await screen.findByRole('row', { name: /Houses/ })).toBeDefined();
});
