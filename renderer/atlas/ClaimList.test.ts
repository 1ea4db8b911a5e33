import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import type { Experiment } from '#app/experiments/experiment.ts';
import type { ClaimResult } from '#app/protocol/contract.ts';
import { Claims } from '#renderer/state/claims.svelte.ts';
import { RecordedService } from '#renderer/testing/recorded-service.ts';
import ClaimList from './ClaimList.svelte';

afterEach(cleanup);

const claim = (id: string) => ({
  id,
  statement: `Claim ${id}.`,
  source: 'Section 1',
  how: 'Counted.',
  plan: () => [],
  check: () => never(),
});
const never = (): never => {
  throw new Error('claims are checked by the service');
};
const experiment = { id: 'survival', title: 'Survival', claims: [claim('one'), claim('two')] } as unknown as Experiment;
const result = (id: string, holds: boolean): ClaimResult => ({
  id,
  statement: `Claim ${id}.`,
  measured: '4 survivors',
  expected: '3 to 6',
  tolerance: 'none',
  holds,
  runs: [],
  checkedAt: '2026-01-01T00:00:00.000Z',
});
const stateOf = (id: string) => document.querySelector(`[data-claim="${id}"]`)?.getAttribute('data-state');

it('shows what is known, checks the rest with progress, and can be cancelled', async () => {
  const service = new RecordedService({ 'claims.list': () => ({ results: [result('one', false)] }) });
  const claims = new Claims(service, 'survival');
  await claims.load();
  claims.open = true;
  render(ClaimList, { experiment, claims });
  expect([stateOf('one'), stateOf('two')]).toEqual(['fails', 'not run']);

  await fireEvent.click(screen.getByRole('button', { name: 'Check all 2' }));
  await vi.waitFor(() => expect(service.channels.get('claims.check')).toBeDefined());
  expect([stateOf('one'), stateOf('two')]).toEqual(['checking', 'checking']);
  const check = service.channels.get('claims.check')!;
  expect(check.input).toEqual({ experiment: 'survival', claims: ['one', 'two'], quick: true });
  check.push({ fraction: 0.5, secondsLeft: 12, what: 'training seed 1', result: result('one', true) });
  await vi.waitFor(() => expect(stateOf('one')).toBe('holds'));
  expect(stateOf('two')).toBe('checking');
  expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('50');
  expect(document.body.textContent).toContain('training seed 1, 12 s left');

  await fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
  await vi.waitFor(() => expect(stateOf('two')).toBe('not run'));
  expect(stateOf('one')).toBe('holds');
});

it('says why a check stopped', async () => {
  const service = new RecordedService();
  const claims = new Claims(service, 'survival');
  claims.open = true;
  render(ClaimList, { experiment, claims });
  await fireEvent.click(screen.getByRole('button', { name: 'Check: Claim two.' }));
  await vi.waitFor(() => expect(service.channels.get('claims.check')).toBeDefined());
  service.channels.get('claims.check')!.end(new Error('There is no room on the disk.'));
  expect(await screen.findByText('There is no room on the disk.')).toBeDefined();
});

it('is a row of marks until it is opened, and opens at the claim whose mark is chosen', async () => {
  const service = new RecordedService({ 'claims.list': () => ({ results: [result('two', true)] }) });
  const claims = new Claims(service, 'survival');
  await claims.load();
  render(ClaimList, { experiment, claims });
  expect(stateOf('two')).toBeUndefined();
  expect(screen.getByText('1 holds, 0 fail, 1 not run')).toBeDefined();
  await fireEvent.click(screen.getByRole('button', { name: 'holds: Claim two.' }));
  expect(stateOf('two')).toBe('holds');
  await vi.waitFor(() => expect(document.activeElement?.getAttribute('aria-label')).toBe('Check again: Claim two.'));
  await fireEvent.click(screen.getByRole('button', { name: '2 claims', expanded: true }));
  expect(stateOf('two')).toBeUndefined();
  expect(screen.getByRole('button', { name: 'not run: Claim one.' })).toBeDefined();
});

it('tells what a check of all would cost before it is begun', async () => {
  const cost = { claims: 2, runs: 30, stored: 4, steps: 60_000, workers: 2, secondsInAll: 40 };
  const service = new RecordedService({ 'claims.cost': ({ quick }) => ({ ...cost, runs: quick ? 30 : 90 }) });
  render(ClaimList, { experiment, claims: new Claims(service, 'survival') });
  await fireEvent.pointerEnter(screen.getByRole('button', { name: 'Check all 2' }));
  expect(await screen.findByText('2 claims, 30 runs, 4 of them stored: 60,000 steps, about 40 s on 2 workers.')).toBeDefined();
});
