import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { uploadFile } from '#app/datasets/upload.ts';
import type { Contract } from '#app/protocol/contract.ts';
import { pieceBytes } from '#app/protocol/dataset-calls.ts';
import type { Client } from '#app/protocol/define.ts';
import { refused, testServices } from '#main/testing/service.ts';

const { open } = testServices();

const send = (client: Client<Contract>, name: string, text: string | Uint8Array): Promise<string> => {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return uploadFile(client, { name, size: bytes.length, piece: (from, to) => bytes.slice(from, to) });
};
const flowers = ['length,width,kind', '1,2,lily', '2,1,rose', '3,5,lily', '4,4,rose', '5,3,rose'].join('\n');

it('sends, looks at, imports, lists, removes and brings back', async () => {
  const { client } = await open();
  const upload = await send(client, 'flowers.csv', flowers);
  const first = await client.call('datasets.preview', { upload, choices: {} });
  expect(first).toMatchObject({ rows: 5, features: 2, target: 'kind', task: 'classification', trouble: null });
  expect(first.sample[1]).toEqual({ row: 3, cells: ['2', '1', 'rose'] });
  const other = await client.call('datasets.preview', { upload, choices: { target: 'width', task: 'regression' } });
  expect(other).toMatchObject({ features: 3, target: 'width', task: 'regression' });
  const { dataset } = await client.call('datasets.import', { upload, choices: { name: 'Flowers' } });
  expect(dataset).toMatchObject({ name: 'Flowers', rows: 5, features: 2, target: { kind: 'class', classes: ['lily', 'rose'] } });
  const listed = await client.call('datasets.list', {});
  expect(listed.datasets.map(({ id }) => id)).toEqual(['digits-14', 'digits-28', dataset.id]);
  expect((await refused(client.call('datasets.preview', { upload, choices: {} }))).message).toBe(
    'The file is no longer held; choose it again.',
  );
  await client.call('datasets.remove', { dataset: dataset.id });
  expect((await client.call('datasets.list', {})).datasets).toHaveLength(2);
  expect(await client.call('runs.trash', {})).toMatchObject({ runs: 0, sweeps: 0, datasets: 1 });
  await client.call('datasets.restore', { dataset: dataset.id });
  expect((await client.call('datasets.list', {})).datasets).toEqual(listed.datasets);
  await client.call('datasets.remove', { dataset: dataset.id });
  await client.call('runs.emptyTrash', {});
  expect((await refused(client.call('datasets.restore', { dataset: dataset.id }))).code).toBe('not-found');
});

it('takes a file in several pieces, in order only', async () => {
  const { client } = await open();
  const rows = Array.from({ length: 600_000 }, (_, row) => `${row},${row % 7}`).join('\n');
  expect(rows.length).toBeGreaterThan(pieceBytes);
  const upload = await send(client, 'long.csv', `x,y\n${rows}`);
  const preview = await client.call('datasets.preview', { upload, choices: {} });
  expect(preview).toMatchObject({ rows: 600_000, trouble: null });
  const begun = await client.call('datasets.upload', { file: 'a.csv', bytes: 10 });
  expect((await refused(client.call('datasets.add', { upload: begun.upload, offset: 5, bytes: new Uint8Array(5) }))).message).toContain(
    'wrong pieces',
  );
  await client.call('datasets.add', { upload: begun.upload, offset: 0, bytes: new Uint8Array(5) });
  expect((await refused(client.call('datasets.add', { upload: begun.upload, offset: 5, bytes: new Uint8Array(6) }))).message).toContain(
    'wrong pieces',
  );
  expect((await refused(client.call('datasets.preview', { upload: begun.upload, choices: {} }))).message).toContain(
    'has not arrived whole',
  );
});

it('answers others while it reads a long file, and stops when nobody waits', async () => {
  const { client } = await open();
  const rows = Array.from({ length: 400_000 }, (_, row) => `${row},${row / 3},${row % 5}`).join('\n');
  const upload = await send(client, 'long.csv', `x,z,y\n${rows}`);
  const order: string[] = [];
  const preview = client.call('datasets.preview', { upload, choices: {} }).then(() => order.push('preview'));
  await client.call('datasets.list', {});
  order.push('list');
  await preview;
  expect(order).toEqual(['list', 'preview']);
  const gaveUp = new AbortController();
  const cancelled = refused(client.call('datasets.preview', { upload, choices: { header: false } }, { signal: gaveUp.signal }));
  gaveUp.abort();
  expect((await cancelled).code).toBe('cancelled');
  expect(await client.call('datasets.preview', { upload, choices: { header: false } })).toMatchObject({ rows: 400_001 });
});

it('refuses in sentences, and tells in the preview what stands in the way', async () => {
  const { client, root } = await open();
  expect((await refused(client.call('datasets.upload', { file: 'a.csv', bytes: 2 ** 31 }))).message).toContain('more than the 128 MB');
  expect((await refused(client.call('datasets.upload', { file: 'a.pdf', bytes: 5 }))).message).toContain('Lotka imports .csv');
  const upload = await send(client, 'a.csv', 'x,y\n1,2\n,3\n3,4.5\n4,5');
  const { trouble } = await client.call('datasets.preview', { upload, choices: {} });
  expect(trouble).toMatchObject({ row: 3, column: 'x' });
  expect((await refused(client.call('datasets.import', { upload, choices: {} }))).message).toBe(trouble?.sentence);
  expect((await refused(client.call('datasets.remove', { dataset: 'digits-14' }))).code).toBe('not-found');
  const { dataset } = await client
    .call('datasets.import', { upload, choices: { missing: 'leave out', columns: {} } })
    .catch(() => ({ dataset: null }));
  expect(dataset).toBeNull();
  const good = await client.call('datasets.import', { upload: await send(client, 'flowers.csv', flowers), choices: {} });
  writeFileSync(join(root, 'datasets', good.dataset.id, 'dataset.json'), '{}');
  const listed = await client.call('datasets.list', {});
  expect(listed.unreadable).toEqual([expect.stringContaining('is damaged; import the dataset again.')]);
  rmSync(join(root, 'datasets', good.dataset.id), { recursive: true });
});
