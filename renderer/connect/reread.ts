import { LotkaError } from '#app/protocol/errors.ts';

const attempts = 4;

/**
 * Asks something that changes nothing, again if the wire was exchanged while the answer was on its way: a window that has
 * just been loaded may be given two wires in a row.
 * @throws what the service answers; LotkaError `closed` after four lost wires
 */
export async function reread<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === attempts || !(error instanceof LotkaError) || error.code !== 'closed') throw error;
    }
  }
}
