/** The landscape of a run in the real service: its sweep, forks that intervene, and the figure with the run's way on it. */
import { describe, expect, it } from 'vitest';
import type { Contract } from '#app/protocol/contract.ts';
import type { Client } from '#app/protocol/define.ts';
import { experimentById } from '#app/experiments/registry.ts';
import { landscapeDefinition, sliceOf } from '#app/landscape/definition.ts';
import { landscapeOf } from '#app/landscape/reduced.ts';
import { inStatus, refused, testServices, until } from '#main/testing/service.ts';

const { open } = testServices();
const experiment = experimentById('omnigrok');
const { landscape } = experiment;

const small = { hiddenWidths: [12], trainingSamples: 30, testSamples: 20, initialScale: 2, weightDecay: 0.5, steps: 40, testEvery: 5 };

async function trained(client: Client<Contract>): Promise<string> {
  const { run } = await client.call('runs.start', { experiment: 'omnigrok', preset: null, parameters: small });
  await until(client, run, inStatus('finished'));
  return run;
}

const norms = async (client: Client<Contract>, run: string): Promise<Float64Array> =>
  (await client.call('runs.series', { run, names: ['norm'], fromRow: 0 })).values['norm'] as Float64Array;

describe('interventions', () => {
  it.each(landscape!.interventions.map((one) => [one.id, one] as const))('%s trains', async (_, one) => {
    const { client } = await open();
    const run = await trained(client);
    const { record } = await client.call('runs.get', { run });
    const before = await norms(client, run);
    const changes = one.changes(record.parameters, { norm: before[20]!, initialNorm: before[0]!, criticalNorm: 3 });
    if (typeof changes === 'string') throw new Error(changes);
    const parameters = changes as Record<string, never>;
    const made =
      one.from === 'anew'
        ? await client.call('runs.start', { experiment: 'omnigrok', preset: null, parameters: { ...record.parameters, ...parameters } })
        : await client.call('runs.fork', { run, step: one.from === 'here' ? 20 : 0, parameters });
    await until(client, made.run, inStatus('finished'));
    expect((await norms(client, made.run)).slice(1)).not.toEqual(before.slice(1));
  });

  it('holds a fork at the norm that is asked for, from the next step on', async () => {
    const { client } = await open();
    const run = await trained(client);
    const { run: fork } = await client.call('runs.fork', { run, step: 20, parameters: landscape!.pinnedAt(4.5) as Record<string, never> });
    await until(client, fork, inStatus('finished'));
    const [before, after] = [await norms(client, run), await norms(client, fork)];
    expect(after.slice(0, 21)).toEqual(before.slice(0, 21));
    for (const norm of after.slice(21)) expect(Math.abs(norm / 4.5 - 1)).toBeLessThan(1e-6);
  });
});

describe('the landscape under a run', () => {
  it('is a sweep that fits it, whose figure shows the way of the run', async () => {
    const { client } = await open();
    const run = await trained(client);
    const { record } = await client.call('runs.get', { run });
    const scales = { from: 0.2, to: 5, count: 4 };
    const whole = landscapeDefinition(experiment, record.parameters, { seeds: 2, scales });
    const definition = { ...whole, parameters: { ...whole.parameters, steps: 30, testEvery: 5 } };
    const { sweep } = await client.call('sweeps.start', { definition });
    for await (const update of client.stream('sweeps.watch', { sweep })) if (update.record.status === 'finished') break;
    const found = await client.call('sweeps.get', { sweep });
    expect(sliceOf(experiment, found.definition, record.parameters)).toEqual({});
    const { results } = await client.call('sweeps.results', { sweep });
    const reduced = landscapeOf(experiment, found, results);
    expect(reduced).toMatchObject({ results: 8, missing: 0 });
    expect(reduced.points.map(({ norm }) => norm.count)).toEqual([2, 2, 2, 2]);

    const asked = { sweep, outcome: 'landscape/loss', format: 'csv' as const };
    const text = async (over: { run: string; step: number | null } | null) =>
      new TextDecoder().decode((await client.call('export.map', { ...asked, over })).bytes as Uint8Array);
    expect(await text({ run, step: 10 })).toContain(`run ${run}`);
    expect((await text({ run, step: 10 })).split('\n').length).toBeGreaterThan((await text(null)).split('\n').length + 20);
  });

  it('refuses the way of a run of another experiment, in a sentence', async () => {
    const { client } = await open();
    const definition = { ...landscapeDefinition(experiment, small, { seeds: 1 }), parameters: { ...small, pinNorm: true, steps: 5 } };
    const { initialScale: _, ...parameters } = definition.parameters;
    const { sweep } = await client.call('sweeps.start', { definition: { ...definition, parameters } });
    const { run } = await client.call('runs.start', { experiment: 'survival', preset: 'fast', parameters: { steps: 1 } });
    const error = await refused(client.call('export.map', { sweep, outcome: 'landscape/loss', over: { run, step: null }, format: 'svg' }));
    expect(error.message).toMatch(/is of survival; this sweep is of omnigrok/);
  });
});
