/** What tests of imports share. */
import { strToU8 } from 'fflate';
import { ImportChoices } from './choices.ts';
import { importFile, openFile, planFor, type ImportedData } from './import.ts';
import type { Plan } from './plan.ts';

export const noTurn = (): Promise<void> => Promise.resolve();
export const bytesOf = (text: string): Uint8Array => strToU8(text);

type Told = Partial<ImportChoices>;

/** What is decided of a file. */
export async function planned(content: Uint8Array | string, file = 'data.csv', told: Told = {}): Promise<Plan> {
  const choices = ImportChoices.parse(told);
  return planFor(await openFile(typeof content === 'string' ? bytesOf(content) : content, file, choices, noTurn), choices);
}

/** The data of a file. */
export async function imported(content: Uint8Array | string, file = 'data.csv', told: Told = {}): Promise<ImportedData> {
  const choices = ImportChoices.parse(told);
  return importFile(await openFile(typeof content === 'string' ? bytesOf(content) : content, file, choices, noTurn), choices, noTurn);
}

/** The sentence that an import is refused with. */
export async function refusal(content: Uint8Array | string, file = 'data.csv', told: Told = {}): Promise<string> {
  try {
    await imported(content, file, told);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it was imported');
}
