import type { Archive } from '#app/protocol/archive-calls.ts';
import type { InputOf } from '#app/protocol/define.ts';
import type { Contract } from '#app/protocol/contract.ts';
import { pieceBytes } from '#app/protocol/dataset-calls.ts';
import type { SweepRecord } from '#app/protocol/sweep.ts';
import { bridge } from '#renderer/connect/electron.ts';
import { reread } from '#renderer/connect/reread.ts';
import type { Service } from '#renderer/connect/service.ts';
import { download } from '#renderer/kit/download.ts';
import type { Router } from './route.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

/** Something that takes a while with a file. */
export interface FileWork {
  /** What is done, e.g. `Writing run-1.lotka`. */
  readonly what: string;
  readonly fraction: number | null;
  readonly secondsLeft: number | null;
  cancel(): void;
}

/** Files of runs that are open beside the store, and what is being done with files of any kind. */
export class Archives {
  list = $state.raw<readonly Archive[]>([]);
  work = $state.raw<FileWork | null>(null);
  readonly #service: Service;
  readonly #toasts: Toasts;
  readonly #router: Router;

  constructor(service: Service, toasts: Toasts, router: Router) {
    this.#service = service;
    this.#toasts = toasts;
    this.#router = router;
  }

  /** Sweeps in files that are open. */
  get sweeps(): readonly SweepRecord[] {
    return this.list.flatMap(({ sweeps }) => sweeps);
  }

  byId(id: string): Archive | undefined {
    return this.list.find((archive) => archive.id === id);
  }

  /** The open file that a run or sweep lies in. */
  holding(id: string): Archive | undefined {
    return this.list.find(({ runs, sweeps }) => [...runs, ...sweeps].some((record) => record.id === id));
  }

  async reload(): Promise<void> {
    try {
      this.list = (await reread(() => this.#service.call('archives.list', {}))).archives;
    } catch (error) {
      this.#toasts.fail(error);
    }
  }

  /** Opens a file and shows what is in it. A file that has no path on this machine is sent first. */
  async open(file: File): Promise<void> {
    const path = bridge()?.pathForFile(file);
    if (path) await this.openPath(path);
    else
      await this.during(`Opening ${file.name}`, async (show, signal) => {
        const { upload } = await this.#service.call('archives.upload', { file: file.name, bytes: file.size });
        let archive: Archive | null = null;
        for (let offset = 0; (offset < file.size || offset === 0) && !signal.aborted; offset += pieceBytes) {
          const bytes = new Uint8Array(await file.slice(offset, offset + pieceBytes).arrayBuffer());
          ({ archive } = await this.#service.call('archives.add', { upload, offset, bytes }));
          show(Math.min(1, (offset + pieceBytes) / file.size));
        }
        if (archive && !signal.aborted) this.#show(archive);
      });
  }

  /** Opens a file of this machine and shows what is in it; trouble becomes a message. */
  async openPath(path: string): Promise<void> {
    try {
      this.#show(await this.#service.call('archives.open', { path }));
    } catch (error) {
      this.#toasts.fail(error);
    }
  }

  /** Copies what is in a file into the store. */
  async keep({ id, file }: Archive): Promise<void> {
    await this.during(`Keeping ${file}`, async (show, signal) => {
      let found: { readonly taken: readonly string[]; readonly known: readonly string[] } | null = null;
      for await (const item of this.#service.stream('archives.keep', { archive: id }, { signal })) {
        show(item.total > 0 ? item.done / item.total : 1);
        found = item;
      }
      if (!found) return;
      const kept = found.taken.length;
      const already = found.known.length > 0 ? `, ${found.known.length} ${found.known.length === 1 ? 'was' : 'were'} there already` : '';
      this.#toasts.show(`${kept} ${kept === 1 ? 'item is' : 'items are'} in your store now${already}.`);
    });
  }

  /** Reads a whole file and says whether it is as it was written. */
  async check({ id, file }: Archive): Promise<void> {
    await this.during(`Checking ${file}`, async (show, signal) => {
      let damaged: string | null = null;
      for await (const item of this.#service.stream('archives.check', { archive: id }, { signal })) {
        show(item.fraction);
        damaged = item.damaged;
      }
      if (!signal.aborted) this.#toasts.show(damaged ?? `Everything in ${file} is as it was written.`, damaged ? { tone: 'bad' } : {});
    });
  }

  async close({ id }: Archive): Promise<void> {
    try {
      await this.#service.call('archives.close', { archive: id });
      this.list = this.list.filter((archive) => archive.id !== id);
      this.#router.go({ screen: 'runs' });
    } catch (error) {
      this.#toasts.fail(error);
    }
  }

  /** Saves runs and sweeps as one file, the way the browser or Electron saves files. */
  async save(wanted: InputOf<Contract['archives.pack']>): Promise<void> {
    await this.during('Writing a file', async (show, signal) => {
      const pieces: BlobPart[] = [];
      let [name, done, total] = ['', 0, 0];
      for await (const piece of this.#service.stream('archives.pack', wanted, { signal })) {
        [name, total] = [piece.name, piece.total];
        pieces.push(piece.bytes as Uint8Array<ArrayBuffer>);
        done += piece.bytes.byteLength;
        show(done / total);
      }
      if (signal.aborted || done < total) return;
      download(name, new Blob(pieces, { type: 'application/x-lotka' }));
      this.#toasts.show(`Saved ${name}.`);
    });
  }

  /** Remembers a file that was opened by somebody else. */
  note(archive: Archive): void {
    this.list = [archive, ...this.list.filter(({ id }) => id !== archive.id)];
  }

  #show(archive: Archive): void {
    this.note(archive);
    const [run, ...runs] = archive.runs;
    const [sweep, ...sweeps] = archive.sweeps;
    if (run && runs.length === 0 && !sweep) this.#router.go({ screen: 'run', run: run.id });
    else if (sweep && sweeps.length === 0 && !run) this.#router.go({ screen: 'sweep', sweep: sweep.id });
    else this.#router.go({ screen: 'file', archive: archive.id });
  }

  /** One thing at a time; trouble becomes a message. */
  async during(
    what: string,
    action: (show: (fraction: number, secondsLeft?: number | null) => void, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    this.work?.cancel();
    const stopped = new AbortController();
    const work = (fraction: number | null, secondsLeft: number | null = null): FileWork => ({
      what,
      fraction,
      secondsLeft,
      cancel: () => stopped.abort(),
    });
    const isMine = () => !stopped.signal.aborted;
    this.work = work(null);
    stopped.signal.addEventListener('abort', () => (this.work = null));
    try {
      await action((fraction, secondsLeft) => isMine() && (this.work = work(fraction, secondsLeft)), stopped.signal);
    } catch (error) {
      if (isMine()) this.#toasts.fail(error);
    } finally {
      if (isMine()) this.work = null;
    }
  }
}
