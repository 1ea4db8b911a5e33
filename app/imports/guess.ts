/** What arrays probably are, by their names and shapes, and why. */
import { grouped } from '#app/arrays/words.ts';
import type { Candidate } from './catalogue.ts';
import type { Role } from './mapping.ts';

export interface Guess {
  readonly role: Role;
  /** One clause, e.g. `its name says loss`. */
  readonly why: string;
}

const says = {
  embedding: /embed|(^|[^a-z])(emb|wte|w_?e|tok(en)?s?(_emb)?)([^a-z]|$)|representation/i,
  notEmbedding: /unembed|pos(ition)?(al)?[._-]?emb|(^|[^a-z])(w_?pos|wpe|w_?u|lm_head)([^a-z]|$)|grad|adam|moment|exp_avg/i,
  loss: /loss|(^|[^a-z])(nll|ce|cross_?entropy)([^a-z]|$)/i,
  accuracy: /acc/i,
  test: /test|val|eval|held|dev/i,
  steps: /^(.*[:/._-] ?)?(steps?|epochs?|iters?|iterations?)$/i,
} as const;

/** Whether something has an axis of steps, then `axes` more. */
const overSteps = ({ shape }: Candidate, axes: number): boolean => shape.length === axes + 1;

/**
 * A guess for every candidate: at most one of each kind, weights apart.
 * @returns by key
 */
export function guessRoles(candidates: readonly Candidate[]): ReadonlyMap<string, Guess> {
  const guesses = new Map<string, Guess>();
  const give = (candidate: Candidate | undefined, role: Role, why: string): void => {
    if (candidate && !guesses.has(candidate.key)) guesses.set(candidate.key, { role, why });
  };
  const free = (accepts: (candidate: Candidate) => boolean): Candidate | undefined =>
    candidates.find((candidate) => !guesses.has(candidate.key) && candidate.trouble === null && accepts(candidate));

  const embedding = embeddingOf(candidates);
  if (embedding) give(embedding.candidate, 'embedding', embedding.why);
  // Of a single snapshot the first axis counts tokens.
  const length = embedding && overSteps(embedding.candidate, 2) ? embedding.candidate.shape[0]! : null;

  const isCurve = (candidate: Candidate, name: RegExp, test: boolean): boolean =>
    isRow(candidate) && name.test(candidate.key) && says.test.test(candidate.key) === test;
  give(
    free((candidate) => isRow(candidate) && says.steps.test(candidate.key)),
    'steps',
    'its name says so',
  );
  const word = (test: boolean, what: string): string =>
    test ? `its name says ${what} and test` : `its name says ${what}, and not of which data`;
  for (const test of [true, false]) {
    const said = (candidate: Candidate | undefined, what: string): string =>
      !test && candidate && /train/i.test(candidate.key) ? `its name says ${what} and training` : word(test, what);
    const loss = free((candidate) => isCurve(candidate, says.loss, test));
    give(loss, test ? 'testLoss' : 'trainLoss', said(loss, 'loss'));
    const accuracy = free((candidate) => isCurve(candidate, says.accuracy, test));
    give(accuracy, test ? 'testAccuracy' : 'trainAccuracy', said(accuracy, 'accuracy'));
  }
  for (const candidate of candidates) {
    const { key, shape, trouble } = candidate;
    if (guesses.has(key)) continue;
    if (trouble !== null) give(candidate, 'ignore', 'it cannot be read');
    else if (length !== null && shape.length >= 2 && shape[0] === length)
      give(candidate, 'weights', 'it has as many steps as the embedding');
    else if (candidates.some(({ told }) => told !== null && told === candidate.parts[0]))
      give(candidate, 'ignore', 'it tells at which steps the numbers beside it were taken');
    else give(candidate, 'ignore', 'neither its name nor its shape says what it is');
  }
  return guesses;
}

/** One number a step. */
const isRow = (candidate: Candidate): boolean => overSteps(candidate, 0);

function embeddingOf(candidates: readonly Candidate[]): { readonly candidate: Candidate; readonly why: string } | null {
  const possible = candidates.filter(
    (candidate) => candidate.trouble === null && overSteps(candidate, 2) && !says.notEmbedding.test(candidate.key),
  );
  const named = possible.filter(({ key }) => says.embedding.test(key));
  const [best] = named.length > 0 ? named : [...possible].sort((a, b) => b.shape[0]! - a.shape[0]!);
  if (best) {
    const axes = `it has ${grouped(best.shape[0]!)} steps of ${grouped(best.shape[1]!)} × ${grouped(best.shape[2]!)} numbers`;
    if (named.length > 0) return { candidate: best, why: `its name says so, and ${axes}` };
    return { candidate: best, why: possible.length === 1 ? `it alone has steps, tokens and dimensions: ${axes}` : axes };
  }
  // A single snapshot: a picture, if no film.
  const still = candidates.find(
    ({ key, shape, trouble }) => trouble === null && shape.length === 2 && says.embedding.test(key) && !says.notEmbedding.test(key),
  );
  return still ? { candidate: still, why: 'its name says so; it is of one step only' } : null;
}
