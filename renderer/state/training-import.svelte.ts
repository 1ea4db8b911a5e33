import type { FileToSend } from '#app/datasets/upload.ts';
import type { ImportMapping, Role } from '#app/imports/mapping.ts';
import { sendFiles } from '#app/imports/upload.ts';
import type { ImportInspection } from '#app/protocol/imports.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { Service } from '#renderer/connect/service.ts';

type Choices = Partial<ImportMapping>;

/** Files on their way to a run: sent, looked at under what was chosen so far, imported. */
export class TrainingImport {
  readonly names: readonly string[];
  /** Fraction that has been sent; 1 once they are being read. */
  sent = $state(0);
  choices = $state.raw<Choices>({});
  /** What was found, as of the latest answer; null before the first. */
  found = $state.raw<ImportInspection | null>(null);
  /** Why the files could not be read; what stands in the way of an import is in `found`. */
  problem = $state<string | null>(null);
  /** Whether an answer is awaited. */
  busy = $state(true);
  /** How far the import itself is; null while there is none. */
  importing = $state.raw<{ readonly fraction: number; readonly secondsLeft: number | null } | null>(null);
  readonly #service: Service;
  readonly #files: string[] = [];
  readonly #leaving = new AbortController();
  #stop: AbortController | null = null;
  #asked = 0;

  constructor(service: Service, names: readonly string[]) {
    this.#service = service;
    this.names = names;
  }

  /** Sends the files and looks at them. */
  async begin(files: readonly FileToSend[]): Promise<void> {
    try {
      await sendFiles(this.#service, files, {
        progress: (fraction) => (this.sent = fraction),
        sent: (file) => this.#files.push(file),
        signal: this.#leaving.signal,
      });
      this.sent = 1;
    } catch (error) {
      this.busy = false;
      if (this.#leaving.signal.aborted) this.#discard();
      else this.problem = sentence(error);
      return;
    }
    await this.#look();
  }

  /** Changes choices and looks anew. */
  async choose(changes: Choices): Promise<void> {
    this.choices = { ...this.choices, ...changes };
    if (Object.keys(changes).some((choice) => choice !== 'name')) await this.#look();
  }

  /** Says what an array is. What can be only one array is no other any more. */
  async use(key: string, role: Role): Promise<void> {
    const roles = { ...this.choices.roles };
    if (role !== 'weights' && role !== 'ignore')
      for (const other of this.found?.arrays ?? []) if (other.role === role && other.key !== key) roles[other.key] = 'ignore';
    await this.choose({ roles: { ...roles, [key]: role } });
  }

  /** @returns the run and what should be known of it; null if it could not be imported or was cancelled */
  async finish(): Promise<{ readonly run: string; readonly message: string | null } | null> {
    if (this.#files.length === 0 || this.busy) return null;
    this.busy = true;
    this.problem = null;
    this.importing = { fraction: 0, secondsLeft: null };
    this.#stop = new AbortController();
    try {
      const items = this.#service.stream('imports.start', { files: this.#files, mapping: this.#told }, { signal: this.#stop.signal });
      for await (const { fraction, secondsLeft, run, message } of items) {
        this.importing = { fraction, secondsLeft };
        if (run !== null) return { run, message };
      }
      return null;
    } catch (error) {
      if (!(error instanceof LotkaError && error.code === 'cancelled')) this.problem = sentence(error);
      return null;
    } finally {
      this.importing = null;
      this.#stop = null;
      this.busy = false;
    }
  }

  /** Ends an import that is under way; nothing is left of it. */
  stop(): void {
    this.#stop?.abort();
  }

  /** The service need not hold the files any longer. */
  leave(): void {
    this.stop();
    this.#leaving.abort();
    this.#asked++;
    this.#discard();
  }

  get #told(): Choices {
    const name = this.choices.name?.trim();
    return { ...this.choices, name: name === '' ? undefined : name };
  }

  /** The answer to the latest question counts. */
  async #look(): Promise<void> {
    const asked = ++this.#asked;
    this.busy = true;
    try {
      const found = await this.#service.call('imports.inspect', { files: this.#files, mapping: this.#told });
      if (asked !== this.#asked) return;
      this.found = found;
      this.problem = null;
    } catch (error) {
      if (asked !== this.#asked) return;
      this.problem = sentence(error);
    }
    this.busy = false;
  }

  #discard(): void {
    const files = this.#files.splice(0);
    // They are deleted in any case once the service ends.
    if (files.length > 0) void this.#service.call('imports.discard', { files }).catch(() => undefined);
  }
}

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));
