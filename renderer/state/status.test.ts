import { expect, it } from 'vitest';
import { RunStatus } from '#app/protocol/contract.ts';
import { recordOf } from '#renderer/testing/recorded-service.ts';
import { statusLabel, statusSentence } from './status.ts';

it.each(RunStatus.options)('tells %s in one sentence', (status) => {
  const sentence = statusSentence(recordOf({ status, step: 420, steps: 1500 }));
  expect(sentence).toMatch(/^[A-Z].*\.$/);
  expect(statusLabel(status)).not.toBe('');
});

it('lets the service say why a run diverged', () => {
  expect(statusSentence(recordOf({ status: 'diverged', message: 'The loss became infinite at step 12.' }))).toBe(
    'The loss became infinite at step 12.',
  );
});
