import { cleanup, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it } from 'vitest';
import StatusMark from './StatusMark.svelte';

afterEach(cleanup);

it('does not claim that a run trains while nobody knows', () => {
  const { rerender } = render(StatusMark, { status: 'running' });
  expect(screen.getByText('training')).toBeTruthy();
  void rerender({ status: 'running', known: false });
  return expect(screen.findByText('not connected')).resolves.toBeTruthy();
});

it('still tells how a run ended', () => {
  render(StatusMark, { status: 'finished', known: false });
  expect(screen.getByText('finished')).toBeTruthy();
});
