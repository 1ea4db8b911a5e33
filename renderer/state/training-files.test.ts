import { expect, it } from 'vitest';
import { circles, npz, row } from '#app/imports/testing.ts';
import { writeNpy } from '#app/runs/npy.ts';
import { looksLikeTraining } from './training-files.ts';

const file = (name: string, content: Uint8Array | string): File =>
  new File([typeof content === 'string' ? content : content.slice().buffer], name);
const training = npz({ embedding: circles(5, 7), loss: row(5) });

it.each([
  ['an archive with an embedding over steps', [file('a.npz', training)], 'training'],
  ['an archive of samples and labels', [file('a.npz', npz({ X: { shape: [6, 4], values: new Float32Array(24) }, y: row(6) }))], 'data'],
  ['an archive for every step', [file('s_1.npz', training), file('s_2.npz', training)], 'training'],
  ['formats that data do not have', [file('a.npy', writeNpy(new Float32Array(3), [3]))], 'training'],
  [
    'an embedding and a table of losses',
    [file('a.npy', writeNpy(new Float32Array(3), [3])), file('log.csv', 'step,loss\n0,1\n1,2\n')],
    'training',
  ],
  ['a table with steps and losses', [file('log.csv', 'step,loss\n0,1\n1,2\n')], 'either'],
  ['a table', [file('houses.csv', 'rooms,price\n3,210\n4,330\n')], 'data'],
  ['tables', [file('a.csv', 'a,b\n1,2\n'), file('b.csv', 'a,b\n1,2\n')], 'data'],
  ['a damaged archive', [file('a.npz', training.slice(0, -40))], 'data'],
  ['another format', [file('a.parquet', 'PAR1')], 'data'],
] as const)('%s is taken for what it is', async (_, files, expected) => {
  expect(await looksLikeTraining(files)).toBe(expected);
});
