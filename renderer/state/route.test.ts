import { expect, it } from 'vitest';
import { formatRoute, parseRoute, type Route } from './route.svelte.ts';

const routes: Route[] = [
  { screen: 'atlas' },
  { screen: 'runs' },
  { screen: 'settings' },
  { screen: 'run', run: 'survival-20260101-a1b2' },
  { screen: 'new', experiment: 'survival', preset: null },
  { screen: 'new', experiment: 'survival', preset: 'two-circles' },
  { screen: 'sweeps' },
  { screen: 'datasets' },
  { screen: 'import' },
  { screen: 'sweep', sweep: 'sweep-20260101-a1b2' },
  { screen: 'new-sweep', experiment: 'effective-theory', preset: null },
  { screen: 'new-sweep', experiment: 'effective-theory', preset: 'paper' },
  { screen: 'compare', runs: [] },
  { screen: 'compare', runs: ['survival-20260101-a1b2', 'effective-theory-20260102-c3d4'] },
];

it.each(routes)('reads back $screen', (route) => {
  expect(parseRoute(formatRoute(route))).toEqual(route);
});

it.each(['', '#', '#/', '#/nowhere', '#/run', '#/run/%E0%A4%A', '#/sweep', '#/new-sweep', '#token=abc'])(
  'shows the Atlas for %s',
  (hash) => {
    expect(parseRoute(hash)).toEqual({ screen: 'atlas' });
  },
);

it('compares each run once, and at most six', () => {
  expect(parseRoute('#/compare/a,b,a,,c,d,e,f,g')).toEqual({ screen: 'compare', runs: ['a', 'b', 'c', 'd', 'e', 'f'] });
});
