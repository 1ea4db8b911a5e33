import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LotkaError } from '#app/protocol/errors.ts';
import { writeNpy } from '#app/runs/npy.ts';
import { openArrays } from './open.ts';
import { loaded, noTurn, opened, refusal, safetensors } from './testing.ts';

const golden = join(import.meta.dirname, 'golden');
const bytesOf = (file: string): Uint8Array => new Uint8Array(readFileSync(join(golden, file)));
const expected = JSON.parse(readFileSync(join(golden, 'golden.json'), 'utf8')) as Record<
  string,
  { readonly shape: readonly number[]; readonly doubles: string }
>;
const doubles = (hex: string): Float64Array => new Float64Array(new Uint8Array(Buffer.from(hex, 'hex')).buffer);

describe('files that NumPy and PyTorch wrote', () => {
  const files = [...new Set(Object.keys(expected).map((key) => key.split(':')[0]!))];

  it.each(files)('%s is read to the bit', async (file) => {
    const arrays = await loaded(bytesOf(file), file);
    const known = Object.entries(expected).filter(([key]) => key.startsWith(`${file}:`));
    expect(arrays.size).toBe(known.length);
    for (const [key, { shape, doubles: hex }] of known) {
      const array = arrays.get(key.slice(file.length + 1))!;
      expect(array.shape).toEqual(shape);
      const wanted = doubles(hex);
      expect(array.values.length).toBe(wanted.length);
      expect([...array.values].findIndex((value, i) => !Object.is(value, wanted[i]))).toBe(-1);
    }
  });

  it('covers every type, both byte orders, both orders of elements', () => {
    expect(files.filter((file) => file.endsWith('.npy'))).toHaveLength(44);
    expect(readdirSync(golden).filter((file) => file.includes('-big-fortran'))).toHaveLength(9);
  });

  it.each([
    ['objects.npy', '"objects.npy": its elements are Python objects, which are never loaded; save an array of numbers.'],
    ['complex.npy', '"complex.npy": its elements are complex numbers; save their real and imaginary parts as two arrays.'],
    ['texts.npy', '"texts.npy": its elements are texts, and Lotka watches numbers.'],
    ['records.npy', '"records.npy" is not a .npy file that Lotka can read: its header does not give type, order and shape.'],
    ['huge.npy', '"huge.npy": it has whole numbers beyond 2^53, which a double does not hold; save it as float64.'],
  ])('%s is refused in a sentence', async (file, sentence) => {
    expect(await refusal(bytesOf(file), file)).toBe(sentence);
  });
});

describe('bad files', () => {
  const array = (name: string): Uint8Array => zipSync({ [name]: writeNpy(Float32Array.of(1, 2), [2]) });

  it('are told from their names', async () => {
    expect(await refusal(bytesOf('f4.npy'), 'model.pt')).toBe(
      '"model.pt": it is a pickle, which may run any program when it is opened; save its tensors with numpy.savez or safetensors.',
    );
    expect(await refusal(bytesOf('f4.npy'), 'f4.npz')).toBe('"f4.npz": it is not a .npz file: it does not begin as a zip.');
    expect(await refusal(bytesOf('stored.npz'), 'stored.npy')).toContain('it does not begin as one');
    expect(await refusal(bytesOf('stored.npz'), 'stored.safetensors')).toContain('is too long');
    expect(await refusal(new Uint8Array(0), 'a.npy')).toBe('"a.npy": it is empty.');
  });

  it('say that names lead elsewhere', async () => {
    for (const name of ['../../evil.npy', '/etc/x.npy', 'C:\\x.npy', 'a/../../b.npy'])
      expect(await refusal(array(name), 'a.npz')).toContain('its name leads out of the archive');
    expect((await opened(array('step_100/embedding.npy'), 'a.npz')).arrays[0]!.name).toBe('step_100/embedding');
  });

  it('say where they are cut off', async () => {
    const npy = bytesOf('f8.npy');
    expect(await refusal(npy.slice(0, -8), 'f8.npy')).toBe('"f8.npy": it is cut off: 184 bytes where its shape 2 × 3 × 4 takes 192.');
    expect(await refusal(npy.slice(0, 40), 'f8.npy')).toContain('its header is cut off');
    const zip = bytesOf('deflated.npz');
    expect(await refusal(zip.slice(0, -100), 'a.npz')).toBe('"a.npz": it is not a .npz file that can be read: it is damaged or cut off.');
    const tensors = bytesOf('tensors.safetensors');
    expect(await refusal(tensors.slice(0, -1), 'a.safetensors')).toContain('it lies beyond the end of the file');
    expect(await refusal(tensors.slice(0, 50), 'a.safetensors')).toContain('it is cut off in its header');
  });

  it('stop unpacking a bomb at what its shape takes', async () => {
    const header = writeNpy(Float32Array.of(1, 2), [2]);
    const bomb = new Uint8Array(64 * 2 ** 20);
    bomb.set(header);
    expect(await refusal(zipSync({ 'x.npy': bomb }), 'bomb.npz')).toBe('"bomb.npz", array "x": it unpacks to more than its shape 2 takes.');
  });

  it('opens 50 GB by the header alone, and says that they are too many', async () => {
    const head = bytesOf('f4.npy').slice(0, 128);
    const text = String.fromCharCode(...head).replace(/\(2, 3, 4\), \}( *)/, '(500000, 113, 256), }');
    const bytes = Uint8Array.from({ length: 128 }, (_, i) => (i < text.length && i < 127 ? text.charCodeAt(i) : i === 127 ? 10 : 32));
    let asked = 0;
    const source = {
      name: 'large.npy',
      size: 128 + 500_000 * 113 * 256 * 4,
      read: (from: number, to: number) => {
        asked += to - from;
        const part = new Uint8Array(to - from);
        part.set(bytes.subarray(from, Math.min(to, 128)));
        return Promise.resolve(part);
      },
    };
    const { arrays } = await openArrays(source, noTurn);
    expect(arrays[0]!.shape).toEqual([500_000, 113, 256]);
    expect(arrays[0]!.trouble).toBe(
      '"large.npy": it has 55,176 MB, more than the 512 MB of an array that is read; keep fewer steps of it.',
    );
    await expect(arrays[0]!.load(noTurn)).rejects.toThrow(LotkaError);
    expect(asked).toBeLessThan(5000);
  });

  it.each([
    [
      'two tensors of a name',
      '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}',
      'there are two tensors "a"',
    ],
    [
      'two, one with an escaped name',
      '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"\\u0061":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}',
      'there are two tensors "a"',
    ],
    [
      'overlap',
      '{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}',
      'it overlaps another tensor',
    ],
    ['outside', '{"a":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}}', 'it lies beyond the end of the file'],
    [
      'another shape',
      '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,2]}}',
      'tensor "a" has 2 bytes, which is not what its shape 2 takes',
    ],
    ['backwards', '{"a":{"dtype":"U8","shape":[0],"data_offsets":[2,0]}}', 'which is not what its shape'],
    ['no shape', '{"a":{"dtype":"U8","data_offsets":[0,1]}}', 'does not say its type, shape and place'],
    ['no JSON', '{"a":', 'its header is no JSON'],
    ['a list', '[]', 'its header is no JSON object'],
    ['eight-bit floats', '{"a":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]}}', 'of type "F8_E4M3", which is not read'],
  ])('safetensors: %s', async (_, header, sentence) => {
    expect(await refusal(safetensors(header, new Uint8Array(2)), 'a.safetensors')).toContain(sentence);
  });

  it('safetensors: a header that claims any length', async () => {
    expect(await refusal(safetensors('{}', new Uint8Array(2), 2 ** 50), 'a.safetensors')).toContain('is too long');
  });
});

it('whatever is changed in a file, it is read or refused in a sentence', async () => {
  const files = ['f4-fortran.npy', 'deflated.npz', 'stored.npz', 'tensors.safetensors'];
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...files),
      fc.array(fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), byte: fc.integer({ min: 0, max: 255 }) }), { maxLength: 6 }),
      fc.double({ min: 0.2, max: 1.2, noNaN: true }),
      fc.boolean(),
      async (file, changes, kept, early) => {
        const whole = bytesOf(file);
        const bytes = whole.slice(0, Math.ceil(Math.min(1, kept) * whole.length));
        // Headers and directories are where changes matter most.
        const reach = early ? Math.min(400, bytes.length) : bytes.length;
        for (const { at, byte } of changes) bytes[Math.min(bytes.length - 1, Math.floor(at * reach))] = byte;
        try {
          for (const { shape, values } of (await loaded(bytes, file)).values())
            expect(values.length).toBe(shape.reduce((size, length) => size * length, 1));
        } catch (error) {
          refused++;
          expect(error).toBeInstanceOf(LotkaError);
          expect((error as LotkaError).code).toBe('bad-input');
          expect((error as LotkaError).message).toMatch(/^[^\n]+\.$/);
        }
      },
    ),
    { numRuns: 400 },
  );
  expect(refused).toBeGreaterThan(100);
});

it('columns of a text table are arrays, and what is no number is told by row and column', async () => {
  const table = (text: string): Uint8Array => new TextEncoder().encode(text);
  const arrays = await loaded(table('step,train loss\n0,1.5\n10,\n20,1e-3\n'), 'log.csv');
  expect([...arrays.keys()]).toEqual(['step', 'train loss']);
  expect([...arrays.get('train loss')!.values]).toEqual([1.5, NaN, 1e-3]);
  expect(await refusal(table('step,loss\n0,1\n1,high\n'), 'log.csv')).toBe('"log.csv", row 3, column "loss": "high" is no number.');
});

it('a text table without names, or with numbers for names, is a matrix', async () => {
  const table = (text: string): Uint8Array => new TextEncoder().encode(text);
  const matrix = async (text: string) => {
    const arrays = await loaded(table(text), 'embedding_10.csv');
    const [first] = arrays;
    const [name, { shape, values }] = first!;
    return { name, shape, values: Array.from(values), count: arrays.size };
  };
  const whole = { name: '', shape: [3, 2], values: [1, 2, 3, 4, 5, 6], count: 1 };
  // As numpy.savetxt and pandas write them, with and without an index.
  expect(await matrix('1,2\n3,4\n5,6\n')).toEqual(whole);
  expect(await matrix(',0,1\n0,1,2\n1,3,4\n2,5,6\n')).toEqual(whole);
  expect(await matrix('0,1,2\n.1,.2,.3\n.4,.5,.6\n')).toMatchObject({ shape: [2, 3], values: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6] });
  expect(await matrix('0,.1,.2\n1,.3,.4\n2,.5,.6\n')).toMatchObject({ shape: [3, 2], values: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6] });
  expect(await matrix('0,1,2\n1,2,3\n')).toMatchObject({ shape: [2, 3], values: [0, 1, 2, 1, 2, 3] });
  expect(await matrix('d0,d1\n1,2\n3,4\n5,6\n')).toEqual(whole);
  expect([...(await loaded(table('loss0,acc1\n1,2\n3,4\n'), 'log.csv')).keys()]).toEqual(['loss0', 'acc1']);
  expect(await matrix('token,dim_1,dim_2\n0,1,2\n1,3,4\n2,5,6\n')).toEqual(whole);
});

it('a text table with a row for every token at every step is an array over both, whatever the order of its rows', async () => {
  const table = (text: string): Uint8Array => new TextEncoder().encode(text);
  const arrays = await loaded(table('step,token,x,y\n10,1,7,8\n0,0,1,2\n0,1,3,4\n10,0,5,6\n'), 'long.csv');
  expect([...arrays].map(([name, { shape, values }]) => [name, shape, Array.from(values)])).toEqual([
    ['embedding', [2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]],
    ['step', [2], [0, 10]],
  ]);
  const indexed = await loaded(table(',step,token,x\n0,0,0,.5\n1,0,1,.25\n'), 'long.csv');
  expect(indexed.get('embedding')).toMatchObject({ shape: [1, 2, 1], values: Float64Array.of(0.5, 0.25) });
  const trouble = async (text: string) => (await opened(table(text), 'long.csv')).arrays[0]!.trouble;
  expect(await trouble('step,token,x\n0,0,1\n0,1,3\n10,0,5\n')).toBe(
    '"long.csv": token 1 is missing at step 10; every step needs all 2 tokens.',
  );
  expect(await trouble('step,token,x\n0,0,1\n0,0,3\n')).toBe('"long.csv", row 3: token 0 is there twice at step 0.');
});

it('drops no first row that counts by chance, and puts named tokens into their order', async () => {
  const table = (text: string): Uint8Array => new TextEncoder().encode(text);
  const circle = (await loaded(table('0,1\n1,0\n0,-1\n-1,0\n'), 'e.csv')).get('')!;
  expect([circle.shape, Array.from(circle.values)]).toEqual([
    [4, 2],
    [0, 1, 1, 0, 0, -1, -1, 0],
  ]);
  const turned = (await loaded(table('token,d0,d1\n2,5,6\n0,1,2\n1,3,4\n'), 'e.csv')).get('')!;
  expect(Array.from(turned.values)).toEqual([1, 2, 3, 4, 5, 6]);
});

it('leaves logs alone that count tokens, or whose rows are no tokens over steps', async () => {
  const table = (text: string): Uint8Array => new TextEncoder().encode(text);
  const names = async (text: string) => (await opened(table(text), 'log.csv')).arrays.map(({ name }) => name);
  expect(await names('step,tokens,loss\n0,0,3\n1,4096,2\n2,8192,1\n')).toEqual(['step', 'tokens', 'loss']);
  expect(await names('step,token,x\n0,a,3\n1,b,2\n')).toEqual(['step', 'token', 'x']);
  expect(await names(`step,token,loss\n${Array.from({ length: 3000 }, (_, row) => `${row},${7 * row},1`).join('\n')}\n`)).toEqual([
    'step',
    'token',
    'loss',
  ]);
  expect(await names('epoch,step,token,x\n0,0,0,1\n0,0,1,2\n0,1,0,3\n0,1,1,4\n')).toEqual(['embedding', 'step']);
});
