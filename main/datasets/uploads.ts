/** Files that clients have sent and not imported yet. */
import { formatOf, requireBytes } from '#app/datasets/import.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { FileReader } from './reader.ts';

/** Files that are held at once; the one used longest ago makes room. */
const mostHeld = 2;

interface Upload {
  readonly file: string;
  readonly bytes: Uint8Array;
  received: number;
  reader: FileReader | null;
}

export class Uploads {
  readonly #held = new Map<string, Upload>();
  readonly #reader: (file: string, bytes: Uint8Array) => FileReader;
  #count = 0;

  constructor(reader: (file: string, bytes: Uint8Array) => FileReader = (file, bytes) => new FileReader(file, bytes)) {
    this.#reader = reader;
  }

  /** @throws LotkaError `bad-input` if no file of that name and size is imported */
  begin(file: string, length: number): string {
    formatOf(file);
    requireBytes(file, length);
    const id = `upload-${++this.#count}`;
    this.#held.set(id, { file, bytes: new Uint8Array(length), received: 0, reader: null });
    for (const oldest of [...this.#held.keys()].slice(0, -mostHeld)) this.discard(oldest);
    return id;
  }

  /** @throws LotkaError `bad-input` for a piece that is not the next, `not-found` */
  add(id: string, offset: number, piece: Uint8Array): void {
    const upload = this.#find(id);
    if (offset !== upload.received || offset + piece.length > upload.bytes.length)
      throw new LotkaError('bad-input', `The file ${upload.file} arrived in the wrong pieces; choose it again.`);
    upload.bytes.set(piece, offset);
    upload.received += piece.length;
  }

  /** What reads a file that has arrived. @throws LotkaError `bad-input` if it has not, `not-found` */
  reader(id: string): FileReader {
    const upload = this.#find(id);
    if (upload.received < upload.bytes.length)
      throw new LotkaError('bad-input', `The file ${upload.file} has not arrived whole; choose it again.`);
    return (upload.reader ??= this.#reader(upload.file, upload.bytes));
  }

  discard(id: string): void {
    this.#held.get(id)?.reader?.leave();
    this.#held.delete(id);
  }

  close(): void {
    for (const id of [...this.#held.keys()]) this.discard(id);
  }

  #find(id: string): Upload {
    const upload = this.#held.get(id);
    if (!upload) throw new LotkaError('not-found', 'The file is no longer held; choose it again.');
    this.#held.delete(id);
    this.#held.set(id, upload);
    return upload;
  }
}
