/**
 * Set-up talks on standard error only, so that `npm start -- run ... --json` keeps standard output for its one JSON object.
 * @param {string} line One sentence for people.
 */
export function say(line) {
  process.stderr.write(`lotka: ${line}\n`);
}

/**
 * Says what begins, and every 15 s that it still goes on, until the work settles.
 * @template T
 * @param {string} line What is being done and why.
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function during(line, work) {
  say(line);
  const started = Date.now();
  const heartbeat = setInterval(() => say(`  still at it, ${Math.round((Date.now() - started) / 1000)} s`), 15_000);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
  }
}

/** A failure whose message is a whole sentence for people; anything else that is thrown is a fault of the program. */
export class SetupError extends Error {}

/**
 * Runs a set-up program; a failure ends it with its sentence and exit code 1.
 * @param {() => Promise<number | void>} program Gives the exit code; nothing means 0.
 */
export async function main(program) {
  try {
    process.exitCode = (await program()) ?? 0;
  } catch (error) {
    say(error instanceof SetupError ? error.message : String(error instanceof Error ? error.stack : error));
    process.exitCode = 1;
  }
}
