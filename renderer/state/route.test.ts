import { expect, it } from 'vitest';
import { formatRoute, parseRoute, type Route } from './route.svelte.ts';

const routes: Route[] = [
  { screen: 'atlas' },
  { screen: 'runs' },
  { screen: 'settings' },
  { screen: 'run', run: 'survival-20260101-a1b2' },
  { screen: 'new', experiment: 'survival', preset: null },
  { screen: 'new', experiment: 'survival', preset: 'two-circles' },
];

it.each(routes)('reads back $screen', (route) => {
  expect(parseRoute(formatRoute(route))).toEqual(route);
});

it.each(['', '#', '#/', '#/nowhere', '#/run', '#/run/%E0%A4%A', '#token=abc'])('shows the Atlas for %s', (hash) => {
  expect(parseRoute(hash)).toEqual({ screen: 'atlas' });
});
