import { InvalidArgumentError, Option } from 'commander';
import { LotkaError } from '#app/protocol/errors.ts';
import { backendNamed } from '#main/workers/backends.ts';

/** How help describes an argument that names a run, or a sweep. */
export const runHelp = 'id of the run, as lotka runs lists it';
export const sweepHelp = 'id of the sweep, as lotka sweeps lists it';

/** Gathers the values of an option that may be given several times. */
export const collect = (value: string, previous: string[]): string[] => [...previous, value];

/** Reads a whole number of an option. @throws InvalidArgumentError, which ends the command with exit code 2. */
export const wholeNumber =
  (minimum = 0, maximum = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < minimum || value > maximum)
      throw new InvalidArgumentError(
        maximum === Number.MAX_SAFE_INTEGER
          ? `It is a whole number from ${minimum}.`
          : `It is a whole number from ${minimum} to ${maximum}.`,
      );
    return value;
  };

/** `--backend <name>`. An unknown name ends the command with exit code 2 and those that exist. */
export const backendOption = (help: string): Option =>
  new Option('--backend <name>', help).argParser((name) => {
    try {
      return backendNamed(name);
    } catch (error) {
      throw error instanceof LotkaError ? new InvalidArgumentError(error.message) : error;
    }
  });
