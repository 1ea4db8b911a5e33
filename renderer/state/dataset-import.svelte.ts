import type { ColumnUse, ImportChoices } from '#app/datasets/choices.ts';
import { uploadFile, type FileToSend } from '#app/datasets/upload.ts';
import type { DatasetPreview, DatasetRecord, PreviewColumn } from '#app/protocol/dataset.ts';
import type { Service } from '#renderer/connect/service.ts';

type Choices = Partial<ImportChoices>;

/** A file on its way to a dataset: sent, looked at under the choices made so far, imported. */
export class DatasetImport {
  readonly file: string;
  /** Fraction that has been sent; 1 once it is being read. */
  sent = $state(0);
  choices = $state.raw<Choices>({});
  /** What would be imported, as of the latest answer; null before the first. */
  preview = $state.raw<DatasetPreview | null>(null);
  /** Why the file could not be read; what is wrong in a file that could is in the preview. */
  problem = $state<string | null>(null);
  /** Whether an answer is awaited. */
  busy = $state(true);
  readonly #service: Service;
  #upload: string | null = null;
  #asked = 0;
  #left = false;

  constructor(service: Service, file: string) {
    this.#service = service;
    this.file = file;
  }

  /** Sends the file and looks at it. */
  async begin(file: FileToSend): Promise<void> {
    try {
      const upload = await uploadFile(this.#service, file, (fraction) => (this.sent = fraction));
      if (this.#left) return this.#discard(upload);
      this.#upload = upload;
    } catch (error) {
      this.busy = false;
      this.problem = error instanceof Error ? error.message : String(error);
      return;
    }
    await this.#look();
  }

  /** Changes choices and looks anew. Other cells make other columns: what was chosen for those is forgotten. */
  async choose(changes: Choices): Promise<void> {
    const anew = 'delimiter' in changes || 'header' in changes || 'arrays' in changes;
    const { target, task, columns, ...kept } = this.choices;
    this.choices = { ...(anew ? kept : { ...kept, target, task, columns }), ...changes };
    if (Object.keys(changes).some((choice) => choice !== 'name')) await this.#look();
  }

  /** What becomes of a column; `target` makes it the one to learn. */
  async use(column: PreviewColumn, use: ColumnUse | 'target'): Promise<void> {
    const { [column.name]: _before, ...columns } = this.choices.columns ?? {};
    if (use === 'target') await this.choose({ target: column.name, task: undefined, columns });
    else await this.choose({ columns: { ...columns, [column.name]: use } });
  }

  /** @returns the dataset; null if it could not be imported, which is then said in `problem` */
  async finish(): Promise<DatasetRecord | null> {
    if (this.#upload === null || this.busy) return null;
    this.busy = true;
    this.problem = null;
    try {
      const { dataset } = await this.#service.call('datasets.import', { upload: this.#upload, choices: this.#told });
      this.#upload = null;
      return dataset;
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
      return null;
    } finally {
      this.busy = false;
    }
  }

  /** The service need not hold the file any longer. */
  leave(): void {
    this.#left = true;
    this.#asked++;
    if (this.#upload !== null) this.#discard(this.#upload);
    this.#upload = null;
  }

  get #told(): Choices {
    const name = this.choices.name?.trim();
    return { ...this.choices, name: name === '' ? undefined : name };
  }

  /** The answer to the latest question counts. */
  async #look(): Promise<void> {
    if (this.#upload === null) return;
    const asked = ++this.#asked;
    this.busy = true;
    try {
      const preview = await this.#service.call('datasets.preview', { upload: this.#upload, choices: this.#told });
      if (asked !== this.#asked) return;
      this.preview = preview;
      this.problem = null;
    } catch (error) {
      if (asked !== this.#asked) return;
      this.problem = error instanceof Error ? error.message : String(error);
    }
    this.busy = false;
  }

  #discard(upload: string): void {
    // It is forgotten in any case once others are sent.
    void this.#service.call('datasets.discard', { upload }).catch(() => undefined);
  }
}
