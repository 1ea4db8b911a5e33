import { describe, expect, it } from 'vitest';
import { experimentById } from '#app/experiments/registry.ts';
import { checkDefinition } from '#app/sweeps/definition.ts';
import { readyDefinition, readySweeps } from '#app/sweeps/ready.ts';
import type { SweepDefinition } from '#app/protocol/sweep.ts';
import { SweepDraft, withoutPassword } from './sweep-draft.svelte.ts';

const experiment = experimentById('effective-theory');
const draftOf = () => new SweepDraft(experiment, null, 'wasm');
const definitionOf = (draft: SweepDraft): SweepDefinition => {
  const { definition } = draft;
  if (typeof definition === 'string') throw new Error(definition);
  return definition;
};

describe('the form of a new sweep', () => {
  it('begins with a sweep of every experiment that can be trained', () => {
    for (const id of ['effective-theory', 'survival']) {
      const draft = new SweepDraft(experimentById(id), null, 'wasm');
      expect(draft.axes).toHaveLength(2);
      expect(() => checkDefinition(definitionOf(draft), experimentById(id))).not.toThrow();
    }
  });

  it('keeps to what differs from the preset, without what is varied', () => {
    const draft = draftOf();
    draft.form.texts.steps = '300';
    draft.form.texts.embeddingSeed = '7';
    draft.form.texts[draft.axes[0]!.parameter] = '0.5';
    const definition = definitionOf(draft);
    expect(definition.parameters).toEqual({ steps: 300 });
    expect(definition.name).toBe(draft.suggestedName);
  });

  it('says in a sentence what cannot be read', () => {
    const draft = draftOf();
    draft.axes[0]!.from = 'zero';
    expect(draft.definition).toMatch(/^The start of .* is a number, such as 0\.001 or 1e-3, not "zero"\.$/);
    draft.axes[0]!.from = '0.1';
    draft.seedCount = '1.5';
    expect(draft.definition).toBe('The number of seeds is a whole number, not 1.5.');
    draft.seedCount = '1';
    draft.form.texts.steps = 'many';
    expect(draft.definition).toMatch(/^Steps: "many" is not a number\./);
  });

  it('puts any kind of parameter on an axis', () => {
    const draft = draftOf();
    const [axis] = draft.axes;
    draft.choose(axis!, 'objective');
    expect(definitionOf(draft).axes[0]).toEqual({ kind: 'list', parameter: 'objective', values: ['regression', 'classification'] });
    draft.choose(axis!, 'hiddenWidths');
    axis!.values = '[64], [200, 200]';
    expect(definitionOf(draft).axes[0]).toEqual({ kind: 'list', parameter: 'hiddenWidths', values: [[64], [200, 200]] });
    draft.choose(axis!, 'trainingPairs');
    expect(definitionOf(draft).axes[0]).toMatchObject({ kind: 'range', parameter: 'trainingPairs' });
  });

  it('adds, removes and exchanges axes, each parameter once', () => {
    const draft = draftOf();
    const [x, y] = draft.axes.map(({ parameter }) => parameter);
    draft.swapAxes();
    expect(draft.axes.map(({ parameter }) => parameter)).toEqual([y, x]);
    draft.addAxis();
    expect(new Set(draft.axes.map(({ parameter }) => parameter)).size).toBe(3);
    draft.removeAxis(draft.axes[0]!);
    expect(draft.axes[0]!.parameter).toBe(x);
  });

  it('plans what is ready to start, and leaves where it trains', () => {
    for (const ready of readySweeps(experiment)) {
      const draft = draftOf();
      draft.place = 'redis';
      draft.startReady(ready);
      expect(definitionOf(draft)).toEqual(readyDefinition(experiment, ready, 'wasm'));
      expect(draft.place).toBe('redis');
    }
  });

  it('is what it was when it starts from what it made', () => {
    const draft = draftOf();
    draft.form.texts.steps = '300';
    draft.sampling = 'adaptive';
    draft.seedCount = '3';
    draft.addAxis('objective');
    draft.place = 'slurm';
    draft.folder = '/shared';
    draft.sbatch = '--partition=short  --time=60';
    const [definition, place] = [definitionOf(draft), draft.placeNow];
    if (typeof place === 'string') throw new Error(place);
    const again = draftOf();
    again.startFrom(definition, place);
    expect(again.definition).toEqual(definition);
    expect(again.placeNow).toEqual({
      kind: 'slurm',
      folder: '/shared',
      trialsPerTask: null,
      options: ['--partition=short', '--time=60'],
    });
  });

  it('remembers an address without its password', () => {
    const place = { kind: 'redis', url: 'rediss://me:secret@host:6380', queue: 'q' } as const;
    expect(withoutPassword(place)).toEqual({ kind: 'redis', url: 'rediss://me@host:6380', queue: 'q' });
    expect(withoutPassword({ kind: 'local' })).toEqual({ kind: 'local' });
  });
});
