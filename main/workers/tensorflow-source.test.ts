import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { LotkaError } from '#app/protocol/errors.ts';
import { temporaryFolder } from '#main/testing/temporary.ts';
import { findTensorflow, loadTensorflow } from './tensorflow-source.ts';

/** A folder with such files under node_modules/@tensorflow/tfjs-node. */
function installation(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, 'node_modules', '@tensorflow', 'tfjs-node', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return folder;
}

const manifest = { 'package.json': '{ "version": "4.22.0", "main": "index.js" }' };
const binding = { 'lib/napi-v8/tfjs_binding.node': '' };

it('passes over a package without its native part and takes the next, reading versions off the files', () => {
  const scriptless = installation(manifest);
  const whole = installation({ ...manifest, ...binding, 'deps/lib/libtensorflow.so.2.9.1': '' });
  const onMac = installation({ ...manifest, ...binding, 'deps/lib/libtensorflow.2.7.0.dylib': '' });
  expect(findTensorflow([scriptless, temporaryFolder()])).toBeNull();
  expect(findTensorflow([scriptless, whole])).toEqual({
    module: join(whole, 'node_modules', '@tensorflow', 'tfjs-node'),
    build: 'tfjs-node 4.22.0 / TensorFlow 2.9.1',
  });
  expect(findTensorflow([onMac])?.build).toBe('tfjs-node 4.22.0 / TensorFlow 2.7.0');
});

it('says in a sentence what is wrong when it does not load or is not there', () => {
  const broken = installation({
    ...manifest,
    ...binding,
    'deps/lib/libtensorflow.so': '',
    'index.js': "throw new Error('libm.so.9: not found\\nmore');",
  });
  expect(() => loadTensorflow(findTensorflow([broken]))).toThrow(LotkaError);
  expect(() => loadTensorflow(findTensorflow([broken]))).toThrow(/^TensorFlow for Node in .* does not load: libm\.so\.9: not found\.$/);
  expect(() => loadTensorflow(null)).toThrow(
    'TensorFlow for Node is not installed here; to get it, run: npm start -- backends --install tensorflow.',
  );
});
