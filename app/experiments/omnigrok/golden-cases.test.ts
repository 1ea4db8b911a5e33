import { expect, it } from 'vitest';
import { goldenInputs } from './golden-cases.ts';

it('gives PyTorch what our tasks draw: golden-inputs.json, written anew by vitest --update', async () => {
  await expect(JSON.stringify({ cases: goldenInputs() })).toMatchFileSnapshot('golden-inputs.json');
});
