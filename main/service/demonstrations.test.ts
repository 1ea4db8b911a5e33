/** The finished runs that come with Lotka are what training them now comes to, bit by bit. */
import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { experiments } from '#app/experiments/registry.ts';
import { demonstrationPath } from '#main/archives/demonstrations.ts';
import { inStatus, refused, testServices, until } from '#main/testing/service.ts';

const { open } = testServices();
const toured = experiments.flatMap(({ id, tour }) => (tour ? [{ id, tour }] : []));

describe('finished runs', () => {
  it.each(toured)('of $id are those of its tour, and the same bits when they are trained again', async ({ id, tour }) => {
    const { client } = await open(undefined, { size: 2 });
    const archive = await client.call('archives.demonstration', { experiment: id });
    expect(archive).toMatchObject({ bundled: true, unreadable: [] });
    expect(archive.runs.map(({ name, preset }) => ({ name, preset }))).toEqual(tour.runs);
    expect(archive.sweeps).toHaveLength(tour.sweep === null ? 0 : 1);
    for (const { planned, done, failed } of archive.sweeps) expect([done, failed]).toEqual([planned, 0]);

    const [bundled] = archive.runs;
    const { run } = await client.call('runs.start', { experiment: id, preset: bundled!.preset, parameters: {}, backend: 'wasm' });
    await until(client, run, inStatus('finished'));
    const { recording, record } = await client.call('runs.get', { run });
    const series = (of: string) => client.call('runs.series', { run: of, names: recording.series.map(({ name }) => name), fromRow: 0 });
    expect(await series(bundled!.id)).toEqual(await series(run));
    expect(bundled!.headline).toEqual(record.headline);

    const milestones = (await client.call('runs.milestones', { run })).milestones.map((milestone) => milestone.id);
    for (const { shows, at } of tour.steps) if (shows === 0 && typeof at === 'object') expect(milestones).toContain(at.milestone);
  });

  it('take less than 25 MB together', () => {
    expect(toured.reduce((sum, { id }) => sum + statSync(demonstrationPath(id)).size, 0)).toBeLessThan(25e6);
  });

  it('of an experiment that has none are refused with a sentence', async () => {
    const { client } = await open();
    for (const experiment of ['nothing', '../fonts/x'])
      expect((await refused(client.call('archives.demonstration', { experiment }))).message).toMatch(/come with this Lotka; train one/);
  });
});
