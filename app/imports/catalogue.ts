/** What several files hold together: arrays, and arrays of one kind saved step by step. */
import type { ArrayFile, FoundArray, Values } from '#app/arrays/file.ts';
import { shapeInWords, type Turn } from '#app/arrays/words.ts';

/** An array, or the arrays of one name that were saved at several steps. */
export interface Candidate {
  /** What it is called; no two of a catalogue are called the same. */
  readonly key: string;
  /** Of one that was saved step by step the steps come first. */
  readonly shape: readonly number[];
  readonly dtype: string;
  /** Steps in the names of files or arrays, increasing; null for a single array. */
  readonly steps: readonly number[] | null;
  /** One array, or one a step. */
  readonly parts: readonly FoundArray[];
  /** What lies beside it in its file and says at which step each of its numbers was taken; null if nothing does. */
  readonly told: FoundArray | null;
  /** Why it cannot be read, one sentence; null if it can. */
  readonly trouble: string | null;
}

/** A column or array of steps. */
const stepsThemselves = /^(global[_ ]?|train(ing)?[_ ]?)?(steps?|iter(ation)?s?)$/i;

/** Steps that arrays of one file name: `step_100/embedding`, `100/embedding`, `embedding_000100`. */
const stepsInNames = [
  /(?<=(?:^|[._/-])(?:steps?|epochs?|iter|iteration|it|snapshot|ckpt|checkpoint|t)[._=/-]?)\d+/i,
  /^\d+(?=\/)/,
  /(?<=[._/-])\d{4,}$/,
];

interface Named {
  readonly key: string;
  readonly step: number | null;
  readonly array: FoundArray;
  readonly told: FoundArray | null;
}

/** All candidates of some files, in the order of the files. */
export function catalogueOf(files: readonly ArrayFile[]): Candidate[] {
  const named = files.flatMap((file) => namesIn(file, files));
  const groups = new Map<string, Named[]>();
  for (const one of named) groups.set(one.key, [...(groups.get(one.key) ?? []), one]);
  return [...groups].flatMap(([key, group]) => candidatesOf(key, group));
}

/** The last number in a name, which counts steps if files differ in nothing else. */
const lastNumber = /\d+(?=\D*$)/;
const stem = (file: string): string => file.replace(/\.[^.]+$/, '');

function namesIn({ file, format, arrays }: ArrayFile, files: readonly ArrayFile[]): Named[] {
  const pattern = patternOf(file);
  const alike = files.filter((other) => patternOf(other.file) === pattern);
  const inSteps = alike.length > 1 && lastNumber.test(stem(file));
  const several = new Set(files.map((other) => patternOf(other.file))).size > 1;
  const told = arrays.find(({ name, shape, trouble }) => stepsThemselves.test(name) && shape.length === 1 && trouble === null) ?? null;
  return arrays.map((array) => {
    // A .npy file is named for its only array.
    const own = format === 'npy' ? '' : array.name;
    const prefix = several || own === '' ? stem(inSteps ? pattern : file) : '';
    const key = (name: string): string => (prefix && name ? `${prefix}: ${name}` : prefix || name);
    if (inSteps) return { key: key(own), step: Number(lastNumber.exec(stem(file))![0]), array, told };
    const found = own === '' ? null : stepsInNames.map((name) => name.exec(own)).find((match) => match !== null);
    if (!found) return { key: key(own), step: null, array, told };
    return { key: key(`${own.slice(0, found.index)}#${own.slice(found.index + found[0].length)}`), step: Number(found[0]), array, told };
  });
}

const patternOf = (file: string): string => file.replace(lastNumberOfStem(file), '#');
function lastNumberOfStem(file: string): RegExp {
  const ending = file.slice(stem(file).length).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`\\d+(?=\\D*${ending}$)`);
}

function candidatesOf(key: string, group: readonly Named[]): Candidate[] {
  const steps = group.flatMap(({ step }) => (step === null ? [] : [step]));
  if (group.length < 2 || steps.length < group.length || new Set(steps).size < steps.length || !steps.every(Number.isSafeInteger))
    return group.map(({ array, told }, copy) => single(group.length > 1 ? `${key} (${copy + 1})` : unstepped(key, group[0]!), array, told));
  const sorted = [...group].sort((a, b) => a.step! - b.step!);
  const [first] = sorted;
  const { shape, dtype } = first!.array;
  const other = sorted.find(({ array }) => array.shape.join() !== shape.join() || array.dtype !== dtype);
  return [
    {
      key,
      shape: [sorted.length, ...shape],
      dtype,
      steps: sorted.map(({ step }) => step!),
      parts: sorted.map(({ array }) => array),
      told: null,
      trouble: other
        ? `"${key}" is ${shapeInWords(shape)} of ${dtype} at step ${first!.step} and ${shapeInWords(other.array.shape)} of ${other.array.dtype} at step ${other.step}; it should be the same at every step.`
        : (sorted.find(({ array }) => array.trouble !== null)?.array.trouble ?? null),
    },
  ];
}

/** The name of an array that stands alone, with the number that might have been a step. */
const unstepped = (key: string, { step, array }: Named): string =>
  step === null || !key.includes('#') ? key : key.replace(/[^:]*#.*$/, array.name);

const single = (key: string, array: FoundArray, told: FoundArray | null): Candidate => ({
  key,
  shape: array.shape,
  dtype: array.dtype,
  steps: null,
  parts: [array],
  told: told !== array && told?.shape[0] === array.shape[0] ? told : null,
  trouble: array.trouble,
});

/**
 * Values of one step of a candidate whose first axis counts steps.
 * @param most steps that there are
 * @returns reads step `index`; a single array is read once, those saved step by step one at a time
 */
export function stepsOf(candidate: Candidate, turn: Turn): (index: number) => Promise<Values> {
  if (candidate.steps) return (index) => candidate.parts[index]!.load(turn);
  let whole: Values | null = null;
  const length = candidate.shape.slice(1).reduce((size, axis) => size * axis, 1);
  return async (index) => {
    whole ??= await candidate.parts[0]!.load(turn);
    return whole.subarray(index * length, (index + 1) * length);
  };
}

/** All values of a candidate, step after step. @throws LotkaError `bad-input` as reading does */
export async function valuesOf(candidate: Candidate, turn: Turn): Promise<Float64Array> {
  if (!candidate.steps) return Float64Array.from(await candidate.parts[0]!.load(turn));
  const length = candidate.shape.slice(1).reduce((size, axis) => size * axis, 1);
  const values = new Float64Array(candidate.parts.length * length);
  for (const [index, part] of candidate.parts.entries()) values.set(await part.load(turn), index * length);
  return values;
}
