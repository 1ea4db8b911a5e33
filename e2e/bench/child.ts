/** A persistent child process that is told what to do by lines and answers each with one line of JSON. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface Burst {
  readonly steps: number;
  /** Seconds on the wall and of the processor. */
  readonly t: number;
  readonly cpu: number;
  readonly loss: number;
  readonly rss: number;
  readonly measures?: Readonly<Record<string, number>>;
}

export interface Start {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Compilers may run before the first answer; a burst is short. */
const readyWithin = 240_000;
const answerWithin = 120_000;

/** Why a child takes no part. */
export class Skipped extends Error {}

export class Child {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #answers: { resolve: (line: string) => void; reject: (error: Error) => void }[] = [];
  #errors = '';
  #ended: string | null = null;
  versions: Readonly<Record<string, string>> = {};
  /** Runs that one step advances. */
  runs = 1;

  private constructor({ command, args, environment }: Start) {
    this.#process = spawn(command, args, { stdio: 'pipe', env: { ...process.env, ...environment } });
    this.#process.stderr.on('data', (chunk) => (this.#errors = (this.#errors + String(chunk)).slice(-4000)));
    this.#process.on('error', (error) => this.#end(error.message));
    this.#process.on('close', (code, signal) => this.#end(`it ended with ${signal ?? `code ${code}`}: ${lastLine(this.#errors)}`));
    // Writing to a process that is gone is told by its end.
    this.#process.stdin.on('error', () => undefined);
    createInterface(this.#process.stdout).on('line', (line) => {
      // Libraries may print as well.
      if (line.startsWith('{')) this.#answers.shift()?.resolve(line);
    });
  }

  /** Starts a child and waits until it is ready. @throws Skipped with the reason it cannot take part */
  static async start(start: Start): Promise<Child> {
    const child = new Child(start);
    try {
      const answer = (await child.#next(readyWithin)) as { skip?: string; versions?: Record<string, unknown>; runs?: number };
      if (answer.skip !== undefined) throw new Skipped(answer.skip);
      child.versions = Object.fromEntries(Object.entries(answer.versions ?? {}).map(([name, value]) => [name, String(value)]));
      child.runs = answer.runs ?? 1;
      return child;
    } catch (error) {
      child.close();
      throw error instanceof Skipped ? error : new Skipped((error as Error).message);
    }
  }

  /** Sends one line and waits for its answer. @throws Error if the child ends or does not answer in time */
  async ask(line: string, within = answerWithin): Promise<unknown> {
    this.#process.stdin.write(`${line}\n`);
    return this.#next(within);
  }

  /** Takes so many steps. */
  async run(steps: number): Promise<Burst> {
    return (await this.ask(String(steps))) as Burst;
  }

  close(): void {
    this.#process.stdin.end();
    this.#process.kill('SIGKILL');
  }

  #next(within: number): Promise<unknown> {
    return new Promise<string>((resolve, reject) => {
      if (this.#ended !== null) return reject(new Error(this.#ended));
      const timer = setTimeout(() => reject(new Error(`no answer within ${within / 1000} s`)), within);
      this.#answers.push({
        resolve: (line) => (clearTimeout(timer), resolve(line)),
        reject: (error) => (clearTimeout(timer), reject(error)),
      });
    }).then((line) => JSON.parse(line.replace(/\b(NaN|-?Infinity)\b/g, 'null')) as unknown);
  }

  #end(reason: string): void {
    this.#ended ??= reason;
    for (const answer of this.#answers.splice(0)) answer.reject(new Error(reason));
  }
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1)?.slice(0, 300) ?? '';
