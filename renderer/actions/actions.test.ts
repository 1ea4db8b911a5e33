import { describe, expect, it, vi } from 'vitest';
import { Draft } from '#renderer/state/draft.svelte.ts';
import { LiveRun } from '#renderer/state/live-run.svelte.ts';
import { Workbench } from '#renderer/state/workbench.svelte.ts';
import { experimentById } from '#app/experiments/registry.ts';
import { openedOf, recordOf, RecordedService, updateOf } from '#renderer/testing/recorded-service.ts';
import { groups } from './action.ts';
import { menuEntries } from './menu.ts';
import { recordedStep } from './recorded-step.ts';
import { actionById, actions, pressKey } from './register.ts';
import { accelerator, matches, showShortcut } from './shortcut.ts';

const press = (key: string, modifiers: Partial<KeyboardEvent> = {}) =>
  ({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...modifiers }) as KeyboardEvent;

describe('the register', () => {
  it('gives every action an id, a title and a group of its own', () => {
    expect(actions.length).toBeGreaterThan(20);
    expect(new Set(actions.map(({ id }) => id)).size).toBe(actions.length);
    for (const { title, group } of actions) {
      expect(title).toMatch(/^[A-Z]/);
      expect(groups).toContain(group);
    }
  });

  it('gives no keys to two actions', () => {
    const keys = actions.flatMap(({ id, shortcuts }) => shortcuts.map((shortcut) => ({ id, keys: accelerator(shortcut) })));
    const twice = keys.filter(({ keys: wanted }, index) => keys.findIndex((other) => other.keys === wanted) !== index);
    expect(twice).toEqual([]);
  });

  it('finds by its key exactly the action that has it', () => {
    for (const action of actions) {
      for (const shortcut of action.shortcuts) {
        const parts = shortcut.split('+');
        const event = press(parts.at(-1) === 'Space' ? ' ' : parts.at(-1)!, {
          ctrlKey: parts.includes('Mod'),
          shiftKey: parts.includes('Shift'),
        });
        const found = actions.filter((candidate) => candidate.shortcuts.some((other) => matches(event, other, false)));
        expect(found.map(({ id }) => id)).toEqual([action.id]);
      }
    }
  });

  it('makes menu data without plain keys', () => {
    const entries = menuEntries(actions).flatMap(({ submenu }) => submenu);
    expect(entries.map(({ id }) => id).sort()).toEqual(actions.map(({ id }) => id).sort());
    expect(entries.find(({ id }) => id === 'palette')?.accelerator).toBe('CommandOrControl+K');
    expect(entries.find(({ id }) => id === 'train')?.accelerator).toBe('F5');
    expect(entries.find(({ id }) => id === 'pause')).not.toHaveProperty('accelerator');
  });
});

describe('shortcuts', () => {
  it('reads signs as typed and letters with their modifiers', () => {
    expect(matches(press('?', { shiftKey: true }), '?', false)).toBe(true);
    expect(matches(press('F', { shiftKey: true }), 'F', false)).toBe(false);
    expect(matches(press('f'), 'F', false)).toBe(true);
    expect(matches(press('k', { metaKey: true }), 'Mod+K', true)).toBe(true);
    expect(matches(press('k', { ctrlKey: true }), 'Mod+K', true)).toBe(false);
    expect(showShortcut('Mod+Shift+S', false)).toBe('Ctrl Shift S');
    expect(showShortcut('Mod+K', true)).toBe('⌘K');
  });
});

async function runningBench() {
  const service = new RecordedService({ 'runs.pause': () => ({}), 'runs.stop': () => ({}) });
  const workbench = new Workbench(service);
  workbench.router.go({ screen: 'run', run: 'run-000001' });
  workbench.draft = new Draft(experimentById('survival'), 'fast');
  workbench.run = new LiveRun(service, openedOf());
  workbench.run.take(updateOf(0, 21, { frameSteps: { embedding: [0, 5, 10, 20] } }));
  return { service, workbench };
}

const keyOn = (target: Element, key: string, modifiers: KeyboardEventInit = {}) => {
  document.body.append(target);
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...modifiers });
  target.dispatchEvent(event);
  return event;
};

describe('keys', () => {
  it('pause a running run with the space bar, but not from a button or a text field', async () => {
    const { service, workbench } = await runningBench();
    const button = document.createElement('button');
    const input = document.createElement('input');
    expect(pressKey(workbench, keyOn(button, ' '))).toBe(false);
    expect(pressKey(workbench, keyOn(input, ' '))).toBe(false);
    expect(service.calls).toEqual([]);
    expect(pressKey(workbench, keyOn(document.createElement('div'), ' '))).toBe(true);
    await vi.waitFor(() => expect(service.inputsOf('runs.pause')).toEqual([{ run: 'run-000001' }]));
  });

  it('do nothing that is impossible now', async () => {
    const { service, workbench } = await runningBench();
    workbench.run!.record = recordOf({ status: 'finished' });
    expect(pressKey(workbench, keyOn(document.createElement('div'), ' '))).toBe(true);
    expect(pressKey(workbench, keyOn(document.createElement('div'), '.', { ctrlKey: true }))).toBe(true);
    await Promise.resolve();
    expect(service.calls).toEqual([]);
  });

  it('leave everything to an open dialog but its own key', async () => {
    const { workbench } = await runningBench();
    workbench.dialog = 'help';
    expect(pressKey(workbench, keyOn(document.createElement('div'), 'F5'))).toBe(false);
    expect(pressKey(workbench, keyOn(document.createElement('div'), '?', { shiftKey: true }))).toBe(true);
    expect(workbench.dialog).toBeNull();
  });

  it('scrub along recorded steps', async () => {
    const { workbench } = await runningBench();
    const run = workbench.run!;
    expect(recordedStep(workbench.time!, -1)).toBe(10);
    run.cursor.scrub(7);
    expect(recordedStep(workbench.time!, -1)).toBe(5);
    expect(recordedStep(workbench.time!, 1)).toBe(10);
    void actionById('scrub-home').perform(workbench);
    expect(run.cursor.step).toBe(0);
    void actionById('scrub-end').perform(workbench);
    expect(run.cursor.following).toBe(true);
  });
});
