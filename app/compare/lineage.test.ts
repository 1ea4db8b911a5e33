import fc from 'fast-check';
import { expect, it } from 'vitest';
import { familyOf, lineage, type ForkedRun } from './lineage.ts';

const run = (id: string, from: string | null = null, step = 0): ForkedRun => ({
  id,
  forkedFrom: from === null ? null : { run: from, step },
});

it('puts forks under what they were forked from, by the step they left at', () => {
  const runs = [run('e'), run('d', 'b', 50), run('c', 'a', 400), run('b', 'a', 30), run('a'), run('lost', 'deleted', 10)];
  expect(lineage(runs).map(({ run: { id }, depth, hasNext }) => [id, depth, hasNext])).toEqual([
    ['e', 0, false],
    ['a', 0, false],
    ['b', 1, true],
    ['d', 2, false],
    ['c', 1, false],
    ['lost', 0, false],
  ]);
  expect(lineage(runs).map(({ passing }) => passing)).toEqual([[], [], [false], [false, true], [false], []]);
  expect(familyOf(runs, 'd').map(({ run: { id } }) => id)).toEqual(['a', 'b', 'd', 'c']);
  expect(familyOf(runs, 'lost')).toHaveLength(1);
  expect(familyOf(runs, 'nobody')).toEqual([]);
});

it('has a run once that is given twice, and runs that descend from each other', () => {
  const twice = Array.from({ length: 30 }, (_, index) => run(String(index), index === 0 ? null : String(index - 1)));
  expect(lineage([...twice, ...twice])).toHaveLength(30);
  const circle = [run('a', 'c'), run('b', 'a'), run('c', 'b'), run('self', 'self')];
  expect(lineage(circle).map(({ run: { id }, depth }) => [id, depth])).toEqual([
    ['a', 0],
    ['b', 1],
    ['c', 2],
    ['self', 0],
  ]);
  expect(familyOf(circle, 'c')).toHaveLength(3);
});

it('has every run once, each after its origin and one level below it', () => {
  // Every run is forked from one before it, or from none.
  const forests = fc
    .array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 })
    .map((picks) =>
      picks.map((pick, index) => run(String(index), index === 0 || pick < 0.2 ? null : String(Math.floor(pick * (index - 1))), index)),
    );
  fc.assert(
    fc.property(forests, fc.nat(), (runs, seed) => {
      const shuffled = [...runs].sort((a, b) => ((Number(a.id) * 7919 + seed) % 101) - ((Number(b.id) * 7919 + seed) % 101));
      const rows = lineage(shuffled);
      expect(rows.map((row) => row.run.id).sort()).toEqual(runs.map(({ id }) => id).sort());
      rows.forEach(({ run: { forkedFrom }, depth, passing }, index) => {
        expect(passing).toHaveLength(depth);
        if (!forkedFrom) expect(depth).toBe(0);
        else {
          const origin = rows.findIndex(({ run: { id } }) => id === forkedFrom.run);
          expect(origin).toBeLessThan(index);
          expect(rows[origin]!.depth).toBe(depth - 1);
        }
      });
    }),
  );
});
