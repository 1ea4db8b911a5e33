import fc from 'fast-check';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { TrialResult } from '#app/protocol/sweep.ts';
import { diskFiles, type Files } from '#main/store/files.ts';
import { temporaryFolder } from '#main/testing/temporary.ts';
import { readResults, resultLine, resultsPath, ResultsFile } from './folder.ts';

const result = (point: number, changes: Partial<TrialResult> = {}): TrialResult => ({
  point,
  seed: 0,
  state: 'finished',
  outcomes: { phase: 'grokking', rqi: 0.1 + 0.2, delay: null },
  step: 500,
  message: null,
  seconds: 0.25,
  worker: 'core 1',
  attempt: 1,
  run: null,
  ...changes,
});

const write = async (folder: string, results: readonly TrialResult[], files: Files = diskFiles): Promise<void> => {
  const file = new ResultsFile(folder, files);
  await file.append(results);
  await file.close();
};

describe('the results of a sweep', () => {
  it('come back as they were, and take little room', async () => {
    const folder = temporaryFolder();
    const results = [
      result(0),
      result(1, { state: 'diverged', message: 'Training diverged at step 7: "loss"\nis no number.' }),
      result(2, { attempt: 3, run: 'sweep-a-p2-s0', worker: 'Käthe’s laptop' }),
    ];
    await write(folder, results);
    expect([...readResults(folder).values()]).toEqual(results);
    expect(resultLine(results[0]!).length).toBeLessThan(200);
    expect(readResults(temporaryFolder()).size).toBe(0);
  });

  it('are all there that were whole, wherever the file is cut off, and can be gone on with', async () => {
    const results = Array.from({ length: 8 }, (_, point) => result(point, { worker: 'ø'.repeat(point) }));
    const lines = results.map(resultLine);
    const bytes = new TextEncoder().encode(lines.join(''));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: bytes.length }), async (cut) => {
        const folder = temporaryFolder();
        writeFileSync(resultsPath(folder), bytes.subarray(0, cut));
        const whole = lines.filter((_, i) => new TextEncoder().encode(lines.slice(0, i + 1).join('')).length <= cut).length;
        expect(readResults(folder).size).toBe(whole);
        await write(folder, results.slice(whole));
        expect([...readResults(folder).values()]).toEqual(results);
        expect(readFileSync(resultsPath(folder))).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 60 },
    );
  });

  it('are those told first, except that a failed one gives way', async () => {
    const folder = temporaryFolder();
    const failed = result(1, { state: 'failed', outcomes: {}, message: 'no memory' });
    await write(folder, [result(0), failed, result(0, { step: 1 }), result(1, { attempt: 2 }), result(1, { attempt: 3 })]);
    expect([...readResults(folder).values()]).toEqual([result(0), result(1, { attempt: 2 })]);
  });

  it('that are appended while others are written go in one piece, and are told when they are safe', async () => {
    const folder = temporaryFolder();
    let [writes, syncs] = [0, 0];
    const files: Files = {
      ...diskFiles,
      async openGrowing(path) {
        const file = await diskFiles.openGrowing(path);
        return {
          ...file,
          write: async (bytes, position) => {
            writes++;
            await new Promise((resolve) => setTimeout(resolve, 5));
            await file.write(bytes, position);
          },
          sync: async () => {
            await file.sync();
            syncs++;
          },
        };
      },
    };
    const file = new ResultsFile(folder, files);
    const appended = Array.from({ length: 100 }, async (_, point) => {
      await new Promise((resolve) => setTimeout(resolve, point % 10));
      const before = syncs;
      await file.append([result(point)]);
      expect(syncs).toBeGreaterThan(before);
      expect(readResults(folder).has(`${point}.0`)).toBe(true);
    });
    await Promise.all(appended);
    await file.close();
    expect(readResults(folder).size).toBe(100);
    expect(writes).toBeLessThan(30);
  });
});
