import { extname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Files of runs among the arguments of a start: what a double click, "Open with" or `lotka file.lotka` name.
 * @param args arguments of the program, its own name and switches among them
 * @param folder what relative paths are relative to
 * @returns absolute paths; whether there is such a file is for whoever opens it to say
 */
export const filesIn = (args: readonly string[], folder: string): string[] =>
  args.flatMap((argument) => {
    if (argument.startsWith('-') || extname(argument).toLowerCase() !== '.lotka') return [];
    // Some desktops name files by URLs.
    if (!argument.startsWith('file:')) return [resolve(folder, argument)];
    try {
      return [fileURLToPath(argument)];
    } catch {
      return [];
    }
  });

/** Files that wait until a page can be told of them. */
export class AskedFiles {
  #waiting: string[] = [];
  #tell: ((path: string) => void) | null = null;

  ask(paths: readonly string[]): void {
    this.#waiting.push(...paths);
    this.#flush();
  }

  /** A page listens, or none does any more. */
  listen(tell: ((path: string) => void) | null): void {
    this.#tell = tell;
    this.#flush();
  }

  #flush(): void {
    if (this.#tell) for (const path of this.#waiting.splice(0)) this.#tell(path);
  }
}
