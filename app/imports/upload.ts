/** Sends files of a training to the service, from the page. */
import type { FileToSend } from '#app/datasets/upload.ts';
import type { Contract } from '#app/protocol/contract.ts';
import { pieceBytes } from '#app/protocol/dataset-calls.ts';
import type { Client } from '#app/protocol/define.ts';

/**
 * Sends files in pieces, one after another; one that is not read is refused before anything of it is sent.
 * @param progress told the fraction of all bytes that has arrived
 * @param sent told each file as soon as the service knows it, so that it can be forgotten
 * @throws LotkaError `bad-input` if a file of that name and size is not read, `cancelled` once `signal` aborts
 */
export async function sendFiles(
  client: Pick<Client<Contract>, 'call'>,
  files: readonly FileToSend[],
  { progress, sent, signal }: { progress(fraction: number): void; sent(file: string): void; signal: AbortSignal },
): Promise<void> {
  const all = files.reduce((sum, { size }) => sum + size, 0);
  let before = 0;
  for (const { name, size, piece } of files) {
    const { file } = await client.call('imports.upload', { file: name, bytes: size }, { signal });
    sent(file);
    for (let offset = 0; offset < size; offset += pieceBytes) {
      const end = Math.min(size, offset + pieceBytes);
      await client.call('imports.add', { file, offset, bytes: await piece(offset, end) }, { signal });
      progress((before + end) / all);
    }
    before += size;
  }
}
