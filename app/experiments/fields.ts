/** Schemas of single parameters whose errors say in words what would be right; `field()` of parameters.ts describes them to people. */
import { z } from 'zod';

export const greatestSeed = 2 ** 32 - 1;

/** @param what names the parameter in a sentence, e.g. `the modulus` */
export const wholeNumber = (minimum: number, maximum: number, what: string) => {
  const sentence = `${what} is a whole number from ${minimum} to ${maximum}`;
  return z
    .number({ error: sentence })
    .refine((value) => Number.isInteger(value) && value >= minimum && value <= maximum, { error: sentence, abort: true });
};

export const realNumber = (minimum: number, maximum: number, what: string) => {
  const sentence = `${what} is a number from ${minimum} to ${maximum}`;
  return z.number({ error: sentence }).refine((value) => value >= minimum && value <= maximum, { error: sentence, abort: true });
};

export const positiveNumber = (maximum: number, what: string) => {
  const sentence = `${what} is a number above 0 and at most ${maximum}`;
  return z.number({ error: sentence }).refine((value) => value > 0 && value <= maximum, { error: sentence, abort: true });
};

export const choice = <const V extends readonly [string, ...string[]]>(values: V, what: string) =>
  z.enum(values, { error: `${what} is one of ${values.join(', ')}` });

/** Widths of the hidden layers of a network, input to output: one to six layers of 1 to 1024 neurons. */
export const layerWidths = () =>
  z
    .array(wholeNumber(1, 1024, 'each hidden width'), { error: 'hidden widths are a list of whole numbers, e.g. [100, 100]' })
    .min(1, 'the network has at least one hidden layer')
    .max(6, 'the network has at most six hidden layers');

/** @param purpose what it draws, e.g. `split` */
export const seed = (purpose: string) => wholeNumber(0, greatestSeed, `the seed of the ${purpose}`);
