import { expect, it } from 'vitest';
import type { ProgramInfo } from '#app/engine/types.ts';
import type { RunRecord } from '#app/protocol/contract.ts';
import { isOtherEngine } from './record.ts';

const provenance = (engine: string, passes?: string[]) => ({ engine, passes }) as RunRecord['provenance'];
const program = (...names: string[]) => ({ passes: names.map((name) => ({ name })) }) as unknown as ProgramInfo;

it('tells another build and other passes from the same, as far as a run says', () => {
  expect(isOtherEngine(provenance('a', ['tables', 'duplicates']), 'a', program('tables', 'duplicates'))).toBe(false);
  expect(isOtherEngine(provenance('a', ['tables']), 'b', program('tables'))).toBe(true);
  expect(isOtherEngine(provenance('a', ['tables']), 'a', program('tables', 'duplicates'))).toBe(true);
  expect(isOtherEngine(provenance('a', []), 'a', program('tables'))).toBe(true);
  // A run of an older Lotka says nothing of passes.
  expect(isOtherEngine(provenance('a'), 'a', program('tables'))).toBe(false);
});
