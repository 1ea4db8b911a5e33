import { describe, expect, it } from 'vitest';
import { experiments } from '#app/experiments/registry.ts';

describe.each(experiments.flatMap(({ id, tour, ...rest }) => (tour ? [[id, tour, rest] as const] : [])))(
  'the tour of %s',
  (_, tour, experiment) => {
    it('names runs, pictures and panels that there are', () => {
      const presets = experiment.presets.map(({ id }) => id);
      for (const { preset } of tour.runs) expect(presets).toContain(preset);
      for (const { shows, picture, panel, at } of tour.steps) {
        if (shows === 'sweep') {
          expect(tour.sweep).not.toBeNull();
          expect([picture, panel, at]).toEqual([undefined, undefined, undefined]);
          continue;
        }
        expect(tour.runs[shows]).toBeDefined();
        if (picture !== undefined) expect(experiment.pictures.map(({ id }) => id)).toContain(picture);
        if (panel !== undefined) expect(experiment.panels.map(({ id }) => id)).toContain(panel);
      }
    });

    it('can be read: a title and a few sentences each, formulas closed', () => {
      for (const { title, text } of tour.steps) {
        expect(title.length).toBeLessThan(60);
        expect(text.length).toBeGreaterThan(60);
        expect(text.length).toBeLessThan(330);
        expect(text.split('$').length % 2).toBe(1);
      }
    });
  },
);
