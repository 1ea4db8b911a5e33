import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import type { Component } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { experimentById } from '#app/experiments/registry.ts';
import { Draft } from '#renderer/state/draft.svelte.ts';
import WithTooltips from '#renderer/testing/WithTooltips.svelte';
import ParameterForm from './ParameterForm.svelte';

afterEach(cleanup);

function show(preset = 'fast') {
  const draft = new Draft(experimentById('survival'), preset);
  const onenter = vi.fn();
  render(WithTooltips, { shown: ParameterForm as Component<Record<string, unknown>>, given: { draft, onenter } });
  return { draft, onenter };
}
const field = (label: string) => screen.getByRole<HTMLInputElement>('textbox', { name: label });

it('has a field for every parameter, under its group', () => {
  const { draft } = show();
  for (const { info, kind } of draft.fields) {
    const group = within(screen.getByRole('group', { name: info.group }));
    const found =
      kind === 'choice'
        ? group.getByLabelText(info.label)
        : group.getByRole(kind === 'boolean' ? 'switch' : 'textbox', { name: info.label });
    expect(found).toBeDefined();
  }
  expect(field('Modulus').value).toBe('31');
});

it('says under the field what is wrong, and takes it back', async () => {
  show();
  await fireEvent.input(field('Learning rate'), { target: { value: '40' } });
  expect(screen.getByRole('alert').textContent).toBe('The learning rate is a number above 0 and at most 10.');
  expect(field('Learning rate').getAttribute('aria-invalid')).toBe('true');
  await fireEvent.click(screen.getByRole('button', { name: 'Revert Learning rate to 0.01' }));
  expect(screen.queryByRole('alert')).toBeNull();
  expect(field('Learning rate').value).toBe('0.01');
});

it("switches presets and shows when values are nobody else's", async () => {
  show();
  await fireEvent.click(screen.getByRole('radio', { name: 'Paper' }));
  expect(field('Modulus').value).toBe('59');
  expect(screen.getByRole('radio', { name: 'Paper' }).getAttribute('aria-checked')).toBe('true');
  await fireEvent.keyDown(field('Weight decay'), { key: 'ArrowUp' });
  expect(field('Weight decay').value).toBe('0.55');
  expect(screen.queryAllByRole('radio').filter((radio) => radio.getAttribute('aria-checked') === 'true')).toEqual([]);
  expect(screen.getByText('Your own values.')).toBeDefined();
});

it('greys out what has no effect, with the reason', () => {
  show();
  expect(field('Frequencies').disabled).toBe(true);
  const description = document.getElementById(field('Frequencies').getAttribute('aria-describedby')!.split(' ').at(-1)!);
  expect(description?.textContent).toContain('Applies when Initial circles is');
});

it('trains on Enter', async () => {
  const { onenter } = show();
  await fireEvent.keyDown(field('Modulus'), { key: 'Enter' });
  expect(onenter).toHaveBeenCalledOnce();
});
