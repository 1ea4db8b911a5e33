/** What an import would come to: decided by shapes and by the steps, before anything large is read. */
import { grouped, shapeInWords, type Turn } from '#app/arrays/words.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { valuesOf, type Candidate } from './catalogue.ts';
import { guessRoles, type Guess } from './guess.ts';
import { fewestTokens, mostKeptBytes, mostSnapshots, mostTokens, mostWeights, mostWidth } from './limits.ts';
import { curveRoles, roleLabels, type CurveRole, type ImportMapping, type Role } from './mapping.ts';

/** What a candidate is taken for, and why. */
export interface Assigned extends Guess {
  readonly candidate: Candidate;
  readonly chosen: boolean;
}

/** A number a step, and which of its rows belongs to each snapshot. */
export interface PlannedCurve {
  readonly role: CurveRole;
  readonly candidate: Candidate;
  readonly rows: Int32Array;
}

export interface ImportPlan {
  readonly embedding: Candidate;
  /** Places of the kept snapshots along the embedding's first axis, and their steps, both increasing. */
  readonly kept: Int32Array;
  readonly steps: Float64Array;
  /** Of an embedding as it lies in the file, whose rows are tokens unless `transposed`. */
  readonly rows: number;
  readonly columns: number;
  readonly transposed: boolean;
  readonly modulus: number;
  readonly width: number;
  readonly curves: readonly PlannedCurve[];
  readonly weights: readonly Candidate[];
  /** Steps between snapshots; null if they are not evenly spaced, or fewer than two. */
  readonly spacing: number | null;
  /** What is imported, one sentence. */
  readonly sentence: string;
  /** What a person may want to know. */
  readonly notes: readonly string[];
}

const refuse = (sentence: string): LotkaError => new LotkaError('bad-input', sentence);

/** What every candidate is taken for: what was chosen, else what is guessed. @throws LotkaError `bad-input` for an array that is not there */
export function assign(candidates: readonly Candidate[], { roles }: Pick<ImportMapping, 'roles'>): Assigned[] {
  for (const key of Object.keys(roles))
    if (!candidates.some((candidate) => candidate.key === key))
      throw refuse(`There is no array "${key}"; there are: ${candidates.map((candidate) => candidate.key).join(', ')}.`);
  const guesses = guessRoles(candidates);
  const isTaken = (role: Role): boolean => role !== 'weights' && role !== 'ignore' && Object.values(roles).includes(role);
  return candidates.map((candidate) => {
    const chosen = Object.hasOwn(roles, candidate.key) ? roles[candidate.key]! : null;
    if (chosen !== null) return { candidate, role: chosen, why: 'chosen', chosen: true };
    const guess = guesses.get(candidate.key)!;
    // What was chosen for another is not guessed for this one.
    if (isTaken(guess.role)) return { candidate, role: 'ignore', why: `another was chosen as ${roleLabels[guess.role]}`, chosen: false };
    return { candidate, ...guess, chosen: false };
  });
}

/**
 * Decides what is imported.
 * @throws LotkaError `bad-input`, one sentence: no embedding, two of it, lengths that do not fit, too much
 */
export async function planImport(assigned: readonly Assigned[], mapping: ImportMapping, turn: Turn): Promise<ImportPlan> {
  const only = (role: Role): Candidate | null => {
    const [first, second] = assigned.filter((one) => one.role === role);
    if (second) throw refuse(`"${first!.candidate.key}" and "${second.candidate.key}" cannot both be the ${roleLabels[role]}; choose one.`);
    return first?.candidate ?? null;
  };
  for (const { candidate, role } of assigned) if (role !== 'ignore' && candidate.trouble !== null) throw refuse(candidate.trouble);
  const given = only('embedding');
  if (!given)
    throw refuse(
      'None of the arrays is an embedding over steps: one of three axes (steps × tokens × dimensions), or one of two axes in a file for every step.',
    );
  const embedding = given.shape.length === 2 && !given.steps ? { ...given, shape: [1, ...given.shape] } : given;
  if (embedding.shape.length !== 3)
    throw refuse(`"${embedding.key}" is ${shapeInWords(embedding.shape)}, and an embedding has three axes: steps × tokens × dimensions.`);
  const [count, rows, columns] = embedding.shape as [number, number, number];
  const { transposed } = mapping;
  const [tokens, width] = transposed ? [columns, rows] : [rows, columns];
  const modulus = mapping.modulus ?? tokens;
  requireSizes({ key: embedding.key, count, tokens, width, modulus });

  const all = await stepsOfEmbedding(embedding, count, only('steps'), turn);
  const kept = Int32Array.from({ length: Math.ceil(count / mapping.every) }, (_, i) => i * mapping.every);
  const steps = Float64Array.from(kept, (place) => all.steps[place]!);
  const bytes = kept.length * modulus * width * 4;
  if (bytes > mostKeptBytes)
    throw refuse(
      `${grouped(kept.length)} embeddings of ${grouped(modulus)} × ${grouped(width)} numbers are more than the ${mostKeptBytes / 2 ** 20} MB that are kept; keep every ${Math.ceil((mapping.every * bytes) / mostKeptBytes)}th.`,
    );

  const notes = [...all.notes];
  const curves: PlannedCurve[] = [];
  for (const role of curveRoles) {
    const candidate = only(role);
    if (!candidate) continue;
    const { rows: taken, note } =
      (all.known ? await rowsByStep(candidate, role, steps, turn) : null) ?? rowsOf(candidate, role, kept, steps, all.steps, all.known);
    if (note !== null) notes.push(note);
    curves.push({ role, candidate, rows: taken });
  }
  const weights = assigned.filter(({ role }) => role === 'weights').map(({ candidate }) => candidate);
  for (const { key, shape } of weights)
    if (shape[0] !== count)
      throw refuse(
        `"${key}" is ${shapeInWords(shape)}, and weights need one array for each of the ${grouped(count)} steps of the embedding.`,
      );
  if (weights.length > mostWeights) notes.push(`Of ${weights.length} weights the norms of the first ${mostWeights} are kept.`);
  if (mapping.modulus === undefined && isPrime(tokens - 1) && !isPrime(tokens))
    notes.push(
      `There are ${tokens} tokens, and ${tokens - 1} is a prime: if the last token stands for "=", set the modulus to ${tokens - 1}.`,
    );
  const spacing = spacingOf(steps);
  if (spacing === null && steps.length > 2)
    notes.push('The steps are not evenly spaced, so that no law of motion can be fitted to the signals; all else works.');
  return {
    embedding,
    kept,
    steps,
    rows,
    columns,
    transposed,
    modulus,
    width,
    curves,
    weights: weights.slice(0, mostWeights),
    spacing,
    sentence: sentenceOf(steps, modulus, width, curves, Math.min(weights.length, mostWeights)),
    notes,
  };
}

function requireSizes({
  key,
  count,
  tokens,
  width,
  modulus,
}: Record<'count' | 'tokens' | 'width' | 'modulus', number> & { readonly key: string }): void {
  if (count === 0 || tokens === 0 || width === 0) throw refuse(`"${key}" is empty.`);
  if (modulus > tokens) throw refuse(`The modulus is ${modulus}, and "${key}" has only ${grouped(tokens)} tokens.`);
  if (modulus < fewestTokens) throw refuse(`"${key}" has ${grouped(modulus)} tokens; a circle has at least ${fewestTokens}.`);
  if (modulus > mostTokens)
    throw refuse(
      `"${key}" has ${grouped(modulus)} tokens, more than the ${grouped(mostTokens)} that are watched; set a smaller modulus, or turn rows and columns round if they are its dimensions.`,
    );
  if (width > mostWidth) throw refuse(`"${key}" has ${grouped(width)} dimensions, more than the ${grouped(mostWidth)} that are watched.`);
  if (count > mostSnapshots)
    throw refuse(`"${key}" has ${grouped(count)} steps, more than the ${grouped(mostSnapshots)} that are watched; save every tenth.`);
}

interface Steps {
  readonly steps: Float64Array;
  /** Whether they are told, and not merely counted. */
  readonly known: boolean;
  readonly notes: readonly string[];
}

/** Steps of the snapshots: those of an array, of names, or 0, 1, 2 ... */
async function stepsOfEmbedding(embedding: Candidate, count: number, array: Candidate | null, turn: Turn): Promise<Steps> {
  if (!array) {
    if (embedding.steps) return { steps: Float64Array.from(embedding.steps), known: true, notes: [] };
    const counted = Float64Array.from({ length: count }, (_, step) => step);
    return { steps: counted, known: false, notes: count > 1 ? ['No array says which steps they are; they are counted from 0.'] : [] };
  }
  if (array.shape.length !== 1 || array.shape[0] !== count)
    throw refuse(`"${array.key}" has ${shapeInWords(array.shape)} steps, and the embedding "${embedding.key}" has ${grouped(count)}.`);
  const steps = await valuesOf(array, turn);
  const wrong = steps.findIndex((step, i) => !Number.isSafeInteger(step) || step < 0 || (i > 0 && step <= steps[i - 1]!));
  if (wrong >= 0)
    throw refuse(`"${array.key}" has ${steps[wrong]} in place ${grouped(wrong)}; steps are whole numbers that increase, from 0 or above.`);
  return { steps, known: true, notes: [] };
}

interface CurveRows {
  /** -1 for a step that has no number. */
  readonly rows: Int32Array;
  readonly note: string | null;
}

/**
 * Which rows of a curve belong to the kept snapshots where its file tells the step of each; null where it does not. Of several rows of
 * a step, as logs of training and validation in turns have them, the last with a number counts.
 * @throws LotkaError `bad-input` if none of the steps is among them
 */
async function rowsByStep(candidate: Candidate, role: CurveRole, steps: Float64Array, turn: Turn): Promise<CurveRows | null> {
  const { key, shape, told } = candidate;
  if (told === null || shape.length !== 1) return null;
  const [at, values] = [await told.load(turn), await valuesOf(candidate, turn)];
  const rowAt = new Map<number, number>();
  at.forEach((step, row) => {
    if (!rowAt.has(step) || Number.isFinite(values[row])) rowAt.set(step, row);
  });
  const rows = Int32Array.from(steps, (step) => rowAt.get(step) ?? -1);
  const missing = steps.filter((_, place) => rows[place] === -1);
  const beside = `the steps that "${told.name}" tells beside it`;
  if (missing.length === steps.length)
    throw refuse(`"${key}", the ${roleLabels[role]}, has no number at any step of the embedding, by ${beside}.`);
  const which = missing.length === 0 ? '' : `; at ${grouped(missing.length)} of them, the first ${grouped(missing[0]!)}, there is none`;
  const note = `Of "${key}" the numbers at the ${grouped(steps.length)} recorded steps are kept, by ${beside}${which}.`;
  return { rows, note: at.length === steps.length && missing.length === 0 ? null : note };
}

/** Which rows of a curve belong to the kept snapshots: one row a snapshot, or one a training step. */
function rowsOf(
  { key, shape, steps: own }: Candidate,
  role: CurveRole,
  kept: Int32Array,
  steps: Float64Array,
  all: Float64Array,
  known: boolean,
): CurveRows {
  const length = shape[0] ?? 0;
  const what = `"${key}", the ${roleLabels[role]},`;
  if (shape.length !== 1) throw refuse(`${what} is ${shapeInWords(shape)}; it should be one number a step.`);
  if (own && own.join() !== all.join()) throw refuse(`${what} was saved at other steps than the embedding.`);
  if (length === all.length) return { rows: kept, note: null };
  const last = steps.at(-1)!;
  if (known && length > last)
    return {
      rows: Int32Array.from(steps),
      note: `Of the ${grouped(length)} numbers of "${key}", one a training step, those of the ${grouped(steps.length)} recorded steps are kept.`,
    };
  throw refuse(
    `${what} has ${grouped(length)} numbers and the embedding ${grouped(all.length)} steps${known ? `, the last of them ${grouped(last)}` : ''}; there should be as many, or one for every training step up to the last.`,
  );
}

/** Steps between snapshots if that is always the same. */
function spacingOf(steps: Float64Array): number | null {
  if (steps.length < 2) return null;
  const spacing = steps[1]! - steps[0]!;
  return steps.every((step, i) => i === 0 || step - steps[i - 1]! === spacing) ? spacing : null;
}

function sentenceOf(steps: Float64Array, modulus: number, width: number, curves: readonly PlannedCurve[], weights: number): string {
  const spacing = spacingOf(steps);
  const range =
    steps.length === 1
      ? `One step (${grouped(steps[0]!)})`
      : `${grouped(steps.length)} steps${spacing === 1 && steps[0] === 0 ? '' : ` (${grouped(steps[0]!)} to ${grouped(steps.at(-1)!)})`}`;
  const extras = [
    ...curves.map(({ role }) => roleLabels[role]),
    ...(weights > 0 ? [`the norms of ${weights} ${weights === 1 ? 'weight' : 'weights'}`] : []),
  ];
  const listed = extras.length > 1 ? `${extras.slice(0, -1).join(', ')} and ${extras.at(-1)}` : (extras[0] ?? '');
  return `${range} of an embedding of ${modulus} tokens in ${grouped(width)} ${width === 1 ? 'dimension' : 'dimensions'}${listed ? `, with ${listed}` : ''}.`;
}

function isPrime(value: number): boolean {
  for (let factor = 2; factor * factor <= value; factor++) if (value % factor === 0) return false;
  return value > 1;
}
