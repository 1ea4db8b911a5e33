/** Where TensorFlow for Node lies when npm could not install it; read by the set-up and by the workbench. */
import { join } from 'node:path';
import { cacheFolder } from './root.mjs';

/** What is built and from what. The wheel is named by its digest, so that what runs is what was tried. */
export const tensorflow = {
  binding: '4.22.0',
  library: '2.21.0',
  wheel: 'tensorflow-cpu',
  /** Of `tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl`; the library in it does not depend on Python. */
  sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
  python: '3.11',
  platform: 'linux',
  architecture: 'x64',
  /** Grows when the way it is built or laid out changes. */
  layout: 1,
};

/**
 * Folder with the `node_modules` that holds the built binding.
 * @param {string} [cache] Cache of the user.
 */
export function tensorflowFolder(cache = cacheFolder()) {
  const { binding, library, platform, architecture, layout } = tensorflow;
  return join(cache, 'tensorflow', [binding, library, platform, architecture, layout].join('-'));
}

/** The command that gets it, for messages. */
export const tensorflowCommand = 'npm start -- backends --install tensorflow';
