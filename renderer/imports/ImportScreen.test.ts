import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import type { Component } from 'svelte';
import { afterEach, expect, it } from 'vitest';
import { LotkaError } from '#app/protocol/errors.ts';
import type { ImportInspection } from '#app/protocol/imports.ts';
import { Workbench } from '#renderer/state/workbench.svelte.ts';
import { RecordedService } from '#renderer/testing/recorded-service.ts';
import WithTooltips from '#renderer/testing/WithTooltips.svelte';
import ImportScreen from './ImportScreen.svelte';

afterEach(cleanup);

const array = { dtype: '<f4', stepByStep: false, trouble: null };
const found: ImportInspection = {
  arrays: [
    { ...array, key: 'embedding', shape: [600, 59, 64], role: 'embedding', why: 'its name says so' },
    { ...array, key: 'loss', shape: [600], role: 'trainLoss', why: 'its name says loss' },
    {
      ...array,
      key: 'other',
      shape: [2],
      dtype: '|O',
      role: 'ignore',
      why: 'it cannot be read',
      trouble: 'Its elements are Python objects.',
    },
  ],
  sentence: '600 steps of an embedding of 59 tokens in 64 dimensions, with training loss.',
  trouble: null,
  notes: ['No array says which steps they are; they are counted from 0.'],
  modulus: 59,
};

function opened(answers: ConstructorParameters<typeof RecordedService>[0] = {}) {
  const service = new RecordedService({
    'imports.upload': () => ({ file: 'file-1' }),
    'imports.add': () => ({}),
    'imports.discard': () => ({}),
    'imports.inspect': () => found,
    ...answers,
  });
  const workbench = new Workbench(service);
  render(WithTooltips, { shown: ImportScreen as Component<Record<string, unknown>>, given: { workbench } });
  return { service, workbench };
}
const asked = (service: RecordedService, name: string) => service.calls.filter((call) => call.name === name).map(({ input }) => input);
const choose = (...names: string[]) =>
  fireEvent.change(screen.getByLabelText('Files to import'), { target: { files: names.map((name) => new File(['12345'], name)) } });

it('sends files, shows what they are taken for, imports, and opens the run', async () => {
  const { service, workbench } = opened();
  await choose('mine.npz');
  await screen.findByText(found.sentence!);
  expect(screen.getByText(found.notes[0]!)).toBeTruthy();
  expect(screen.getByText('Its elements are Python objects.')).toBeTruthy();
  expect(screen.getByText('Modulus (all 59)')).toBeTruthy();
  expect(asked(service, 'imports.add')).toMatchObject([{ file: 'file-1', offset: 0 }]);
  await fireEvent.click(screen.getByRole('button', { name: 'Import' }));
  const channel = await waitFor(() => service.channels.get('imports.start')!);
  channel.push({ fraction: 0.5, secondsLeft: 20, run: null, message: null });
  await screen.findByText(/about 20 s left/);
  channel.push({ fraction: 1, secondsLeft: 0, run: 'imported-20260101-a1b2', message: null });
  await waitFor(() => expect(workbench.router.current).toEqual({ screen: 'run', run: 'imported-20260101-a1b2' }));
});

it('looks anew with what was chosen, and refuses what is no number before it asks', async () => {
  const { service } = opened();
  await choose('mine.npz');
  await screen.findByText(found.sentence!);
  const modulus = screen.getByLabelText(/Modulus/);
  await fireEvent.input(modulus, { target: { value: '53' } });
  await waitFor(() => expect(asked(service, 'imports.inspect').at(-1)).toMatchObject({ mapping: { modulus: 53 } }));
  const before = asked(service, 'imports.inspect').length;
  await fireEvent.input(modulus, { target: { value: 'many' } });
  await screen.findByText('A whole number of tokens, or nothing for all.');
  expect(asked(service, 'imports.inspect')).toHaveLength(before);
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Import' }).disabled).toBe(true);
  await fireEvent.click(screen.getByRole('switch', { name: 'Tokens are columns' }));
  await waitFor(() => expect(asked(service, 'imports.inspect').at(-1)).toMatchObject({ mapping: { transposed: true } }));
});

it('says what stands in the way, and lets go of the files', async () => {
  const { service } = opened({ 'imports.inspect': () => ({ ...found, sentence: null, trouble: 'None of the arrays is an embedding.' }) });
  await choose('mine.npz');
  expect((await screen.findByRole('alert')).textContent).toBe('None of the arrays is an embedding.');
  await fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  await waitFor(() => expect(asked(service, 'imports.discard')).toEqual([{ files: ['file-1'] }]));
  expect(screen.getByText('Choose files')).toBeTruthy();
});

it('says why a file is not taken', async () => {
  opened({
    'imports.upload': () => {
      throw new LotkaError('bad-input', '"model.pt": it is a pickle.');
    },
  });
  await choose('model.pt');
  expect((await screen.findByRole('alert')).textContent).toBe('"model.pt": it is a pickle.');
});

it('takes files that were dropped elsewhere', async () => {
  const { workbench, service } = opened();
  workbench.importTraining([new File(['12345'], 's_1.npz'), new File(['12345'], 's_2.npz')]);
  await screen.findByText('s_1.npz and 1 more');
  await waitFor(() => expect(asked(service, 'imports.upload')).toHaveLength(2));
});
