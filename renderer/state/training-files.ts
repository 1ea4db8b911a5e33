/** Whether dropped files are snapshots of a training or data to learn from, by a look at their headers. */
import { arrayFormatOf, openArrays } from '#app/arrays/open.ts';
import type { ArrayFile } from '#app/arrays/file.ts';
import type { ByteSource } from '#app/arrays/source.ts';
import { catalogueOf } from '#app/imports/catalogue.ts';
import { guessRoles } from '#app/imports/guess.ts';

/** Tables of more bytes are not looked into: they are data. */
const mostTableBytes = 4 * 2 ** 20;

const sourceOf = (file: File): ByteSource => ({
  name: file.name,
  size: file.size,
  read: async (from, to) => new Uint8Array(await file.slice(from, to).arrayBuffer()),
});

/**
 * `training`: several archives, a format that data do not have, or an archive with an embedding over steps; `either`: a table
 * with steps and losses; `data`: anything else. A file that cannot be read is left to the screen that says why.
 */
export async function looksLikeTraining(files: readonly File[]): Promise<'training' | 'either' | 'data'> {
  const formats = files.map(({ name }) => arrayFormatOf(name));
  if (formats.includes(null)) return 'data';
  if (formats.includes('npy') || formats.includes('safetensors')) return 'training';
  if (files.length > 1) return formats.includes('npz') ? 'training' : 'data';
  const [file] = files;
  if (!file || (formats[0] === 'csv' && file.size > mostTableBytes)) return 'data';
  let opened: ArrayFile;
  try {
    opened = await openArrays(sourceOf(file), () => Promise.resolve());
  } catch {
    return 'data';
  }
  const roles = [...guessRoles(catalogueOf([opened])).values()].map(({ role }) => role);
  if (opened.format === 'csv') return roles.includes('steps') && roles.some((role) => /loss/i.test(role)) ? 'either' : 'data';
  return roles.includes('embedding') ? 'training' : 'data';
}
