import { cleanup, render, screen } from '@testing-library/svelte';
import type { Component } from 'svelte';
import { afterEach, expect, it } from 'vitest';
import { experimentById } from '#app/experiments/registry.ts';
import type { DatasetRecord } from '#app/protocol/dataset.ts';
import { Draft } from '#renderer/state/draft.svelte.ts';
import { Workbench } from '#renderer/state/workbench.svelte.ts';
import { RecordedService } from '#renderer/testing/recorded-service.ts';
import WithWorkbench from '#renderer/testing/WithWorkbench.svelte';
import ParameterForm from './ParameterForm.svelte';

afterEach(cleanup);

const houses: DatasetRecord = {
  format: 1,
  id: 'houses-12345678',
  name: 'Houses',
  source: 'imported',
  licence: null,
  rows: 1200,
  features: 5,
  target: { kind: 'number', width: 1 },
  hash: 'ab',
  created: null,
  transformation: null,
};

async function show(dataset: string) {
  const workbench = new Workbench(new RecordedService({ 'datasets.list': () => ({ datasets: [houses], unreadable: [] }) }));
  await workbench.datasets.reload();
  const experiment = experimentById('omnigrok');
  const draft = new Draft(experiment, null, { ...experiment.presets[0]?.parameters, task: 'dataset', dataset });
  render(WithWorkbench, { workbench, shown: ParameterForm as Component<Record<string, unknown>>, given: { draft, onenter: () => {} } });
  return { workbench, draft };
}

it('names the dataset that a parameter holds the id of, and says when there is none or it is not here', async () => {
  await show(houses.id);
  expect(screen.getByLabelText('Dataset', { selector: 'button' }).textContent).toContain('Houses');
  cleanup();
  await show('');
  expect(screen.getByLabelText('Dataset', { selector: 'button' }).textContent).toContain('none chosen');
  cleanup();
  await show('towns-00000000');
  expect(screen.getByLabelText('Dataset', { selector: 'button' }).textContent).toContain('towns-00000000 (not here)');
});

it('tells what training on it would cost without having its numbers', async () => {
  const { workbench, draft } = await show(houses.id);
  const { experiment, parameters } = draft;
  expect(experiment.estimate(parameters!, workbench.datasets.shapes).flopsPerStep).toBeGreaterThan(0);
  expect(() => experiment.estimate({ ...parameters!, dataset: 'towns-00000000' }, workbench.datasets.shapes)).toThrow(
    'There is no dataset "towns-00000000" here; import it, or choose another.',
  );
});
