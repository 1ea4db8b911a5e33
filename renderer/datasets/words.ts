import { grouped } from '#app/experiments/cost.ts';
import type { DatasetPreview, PreviewColumn } from '#app/protocol/dataset.ts';
import { inputsInWords } from '#app/datasets/words.ts';

/** What becomes of a column. */
export const useWords = { number: 'Number', category: 'Categories', skip: 'Leave out', target: 'To learn' } as const;

/** At most so many significant digits: a range is to be recognised, not computed with. */
const short = (value: number): string => String(Number(value.toPrecision(4)));

/** `numbers, 2 to 5`, `3 different texts`, with what is missing. */
export function contentsOf({ numbers, texts, missing, range, different }: PreviewColumn): string {
  const parts: string[] = [];
  if (numbers > 0 && range) parts.push(range[0] === range[1] ? `only ${short(range[0])}` : `${short(range[0])} to ${short(range[1])}`);
  if (texts > 0) {
    const many = different === null ? 'many texts' : `${grouped(different)} different`;
    parts.push(numbers > 0 ? `${grouped(texts)} ${texts === 1 ? 'text' : 'texts'}` : many);
  }
  if (missing > 0) parts.push(`${grouped(missing)} missing`);
  return parts.join(', ');
}

/** What an import would give. */
export const outcomeOf = ({ rows, features, target, task, incomplete }: DatasetPreview): string =>
  `${grouped(rows)} rows of ${inputsInWords(features)}, to learn ${task === 'classification' ? 'classes' : 'numbers'} in “${target}”` +
  `${incomplete ? '; of them, incomplete ones are left out' : ''}.`;
