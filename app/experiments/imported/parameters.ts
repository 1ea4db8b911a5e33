import { z } from 'zod';
import { wholeNumber } from '../fields.ts';
import { field } from '../parameters.ts';

/** What is known of a training that was imported; nothing of it can be chosen any more. */
export const importedParameters = z.object({
  modulus: field(wholeNumber(3, 1000, 'the modulus'), {
    label: 'Tokens',
    symbol: 'p',
    help: 'Tokens of the embedding that count round the circles. Circles have frequencies 1 to (p − 1)/2.',
    group: 'Embedding',
  }),
  embeddingWidth: field(wholeNumber(1, 8192, 'the embedding width'), {
    label: 'Dimensions',
    symbol: 'd',
    help: 'Length of the vector that stands for one token.',
    group: 'Embedding',
  }),
  spacing: field(wholeNumber(1, Number.MAX_SAFE_INTEGER, 'the spacing').nullable(), {
    label: 'Steps between snapshots',
    help: 'Training steps from one recorded snapshot to the next; none where they are not evenly spaced.',
    group: 'Recording',
  }),
  firstStep: field(wholeNumber(0, Number.MAX_SAFE_INTEGER, 'the first step'), {
    label: 'First step',
    help: 'Training step of the first snapshot.',
    group: 'Recording',
  }),
  lastStep: field(wholeNumber(0, Number.MAX_SAFE_INTEGER, 'the last step'), {
    label: 'Last step',
    help: 'Training step of the last snapshot.',
    group: 'Recording',
  }),
  embedding: field(z.string(), { label: 'Embedding', help: 'The array that is the embedding.', group: 'Files' }),
  weights: field(z.array(z.string()), { label: 'Weights', help: 'Arrays of which the norm of every step is kept.', group: 'Files' }),
  files: field(z.array(z.string()), { label: 'Files', help: 'What was imported.', group: 'Files' }),
});

export type ImportedParameters = z.infer<typeof importedParameters>;
