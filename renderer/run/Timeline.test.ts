import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import type { Component } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { LiveRun } from '#renderer/state/live-run.svelte.ts';
import { Workbench } from '#renderer/state/workbench.svelte.ts';
import { openedOf, RecordedService, updateOf } from '#renderer/testing/recorded-service.ts';
import WithTooltips from '#renderer/testing/WithTooltips.svelte';
import Timeline from './Timeline.svelte';

afterEach(cleanup);

function show(rows = 21) {
  const service = new RecordedService();
  const workbench = new Workbench(service);
  workbench.router.go({ screen: 'run', run: 'run-000001' });
  const run = new LiveRun(service, openedOf());
  run.take(updateOf(0, rows));
  workbench.run = run;
  const onfilm = vi.fn();
  const milestones = [{ id: 'fits', label: 'fits', step: 5, rule: 'Training accuracy reaches 95 %.' }];
  render(WithTooltips, {
    shown: Timeline as unknown as Component<Record<string, unknown>>,
    given: { workbench, cursor: run.cursor, milestones, time: '11 s left', onfilm },
  });
  const track = screen.getByRole('slider', { name: 'Step' });
  vi.spyOn(track, 'getBoundingClientRect').mockReturnValue(new DOMRect(100, 0, 500, 52));
  return { run, track, onfilm };
}

it('tells the step, what is recorded, and the time left', () => {
  const { track } = show();
  expect(track.getAttribute('aria-valuenow')).toBe('20');
  expect(document.body.textContent).toMatch(/step 20 \/ 20 of 100/);
  expect(screen.getByText('11 s left')).toBeDefined();
  expect(screen.getByTitle('fits, step 5. Training accuracy reaches 95 %.')).toBeDefined();
});

it('scrubs where it is pressed, on either scale, but not beyond what is recorded', async () => {
  const { run, track } = show();
  run.cursor.scale = 'linear';
  await fireEvent.pointerDown(track, { clientX: 150, button: 0 });
  expect(run.cursor.step).toBe(10);
  expect(run.cursor.following).toBe(false);
  await fireEvent.pointerDown(track, { clientX: 600, button: 0 });
  expect(run.cursor.step).toBe(20);
  await fireEvent.click(screen.getByRole('button', { name: 'linear' }));
  await fireEvent.pointerDown(track, { clientX: 100 + (500 * Math.log(11)) / Math.log(101), button: 0 });
  expect(run.cursor.step).toBe(10);
  expect(track.getAttribute('aria-valuenow')).toBe('10');
});

it('goes to the ends by keys and follows again', async () => {
  const { run, track } = show();
  await fireEvent.keyDown(track, { key: 'Home' });
  expect(run.cursor.step).toBe(0);
  await fireEvent.keyDown(track, { key: 'End' });
  expect(run.cursor.following).toBe(true);
});

it('plays a film and asks for what comes next', async () => {
  const { run, onfilm } = show();
  await fireEvent.click(screen.getByRole('button', { name: 'Play as a film' }));
  expect(run.cursor.playing).toBe(true);
  await vi.waitFor(() => expect(onfilm).toHaveBeenCalled());
  await fireEvent.click(screen.getByRole('button', { name: 'Pause the film' }));
  expect(run.cursor.playing).toBe(false);
});
