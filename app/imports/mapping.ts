/** What somebody says that arrays are. */
import { z } from 'zod';

export const roles = ['embedding', 'trainLoss', 'testLoss', 'trainAccuracy', 'testAccuracy', 'steps', 'weights', 'ignore'] as const;
export const Role = z.enum(roles, { error: `an array is one of ${roles.join(', ')}` });
export type Role = z.infer<typeof Role>;

/** Numbers of which an import has one a step at most, in the order of figures. */
export const curveRoles = ['trainLoss', 'testLoss', 'trainAccuracy', 'testAccuracy'] as const;
export type CurveRole = (typeof curveRoles)[number];

export const roleLabels: Readonly<Record<Role, string>> = {
  embedding: 'embedding',
  trainLoss: 'training loss',
  testLoss: 'test loss',
  trainAccuracy: 'training accuracy',
  testAccuracy: 'test accuracy',
  steps: 'steps',
  weights: 'weights',
  ignore: 'not used',
};

/** What a person chose; what is absent is guessed. */
export const ImportMapping = z.object({
  /** By the name of the array. */
  roles: z.record(z.string(), Role).default({}),
  /** Tokens that count round the circle, from the first; the others, e.g. one for "=", are left out. */
  modulus: z.number().int().min(1).optional(),
  /** Whether the embedding has a row for each dimension and a column for each token. */
  transposed: z.boolean().default(false),
  /** Every how many-th recorded step is kept. */
  every: z.number().int().min(1).max(1_000_000).default(1),
  name: z.string().max(200).optional(),
});
export type ImportMapping = z.infer<typeof ImportMapping>;
