/** Sends a file to the service, from the page and from the command line alike. */
import type { Contract } from '#app/protocol/contract.ts';
import { pieceBytes } from '#app/protocol/dataset-calls.ts';
import type { Client } from '#app/protocol/define.ts';

/** A file that is read a piece at a time. */
export interface FileToSend {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  piece(from: number, to: number): Promise<Uint8Array> | Uint8Array;
}

/**
 * Sends a file in pieces; one that is not imported is refused before anything of it is read.
 * @param progress told the fraction that has arrived
 * @returns what `datasets.preview` and `datasets.import` call it
 * @throws LotkaError `bad-input` if no file of that name and size is imported
 */
export async function uploadFile(
  client: Pick<Client<Contract>, 'call'>,
  file: FileToSend,
  progress: (fraction: number) => void = () => undefined,
): Promise<string> {
  const { upload } = await client.call('datasets.upload', { file: file.name, bytes: file.size });
  for (let offset = 0; offset < file.size; offset += pieceBytes) {
    const end = Math.min(file.size, offset + pieceBytes);
    await client.call('datasets.add', { upload, offset, bytes: await file.piece(offset, end) });
    progress(end / file.size);
  }
  return upload;
}
